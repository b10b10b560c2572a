#pragma once
// Questions to the simulated district as a stranger would put them: plain blocking sockets, SNMP bytes written by hand.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changtong::asking {

using bytes = std::vector<std::uint8_t>;

inline bytes wrapped(std::uint8_t tag, const bytes& body) {
  bytes out{tag};
  if (body.size() < 0x80) {
    out.push_back(static_cast<std::uint8_t>(body.size()));
  } else {
    out.push_back(0x82);
    out.push_back(static_cast<std::uint8_t>(body.size() >> 8));
    out.push_back(static_cast<std::uint8_t>(body.size() & 0xff));
  }
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

inline bytes joined(std::initializer_list<bytes> parts) {
  bytes out;
  for (const bytes& p : parts) out.insert(out.end(), p.begin(), p.end());
  return out;
}

/** `names` are BER bodies of object ids. */
inline bytes snmp_question(std::string_view community, const std::vector<bytes>& names, std::uint8_t pdu = 0xa0) {
  bytes list;
  for (const bytes& n : names) {
    const bytes pair = wrapped(0x30, joined({wrapped(0x06, n), {0x05, 0x00}}));
    list.insert(list.end(), pair.begin(), pair.end());
  }
  const bytes body =
      joined({{0x02, 0x04, 0x12, 0x34, 0x56, 0x78}, {0x02, 0x01, 0x00}, {0x02, 0x01, 0x00}, wrapped(0x30, list)});
  return wrapped(
      0x30, joined({{0x02, 0x01, 0x01}, wrapped(0x04, bytes(community.begin(), community.end())), wrapped(pdu, body)}));
}

inline const bytes sys_up_time{0x2b, 6, 1, 2, 1, 1, 3, 0};
inline const bytes sys_name{0x2b, 6, 1, 2, 1, 1, 5, 0};
inline const bytes in_octets{0x2b, 6, 1, 2, 1, 31, 1, 1, 1, 6, 1};

inline sockaddr_in at(std::uint32_t address, std::uint16_t port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(address);
  a.sin_port = htons(port);
  return a;
}

/** The reply, which must come from the asked address; empty if none came. */
inline bytes ask_snmp(std::uint32_t address, std::uint16_t port, const bytes& question, int wait_ms) {
  const int s = socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in to = at(address, port);
  sendto(s, question.data(), question.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  pollfd p{s, POLLIN, 0};
  bytes reply;
  if (poll(&p, 1, wait_ms) == 1) {
    reply.resize(2048);
    sockaddr_in from{};
    socklen_t length = sizeof from;
    const ssize_t got = recvfrom(s, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
    reply.resize(got > 0 && from.sin_addr.s_addr == to.sin_addr.s_addr && from.sin_port == to.sin_port
                     ? static_cast<std::size_t>(got)
                     : 0);
  }
  close(s);
  return reply;
}

/** 0: connected; else errno, ETIMEDOUT after `wait_ms`. */
inline int knock(std::uint32_t address, std::uint16_t port, int wait_ms) {
  const int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const sockaddr_in to = at(address, port);
  int why = connect(s, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 ? 0 : errno;
  if (why == EINPROGRESS) {
    pollfd p{s, POLLOUT, 0};
    socklen_t length = sizeof why;
    if (poll(&p, 1, wait_ms) != 1)
      why = ETIMEDOUT;
    else
      getsockopt(s, SOL_SOCKET, SO_ERROR, &why, &length);
  }
  close(s);
  return why;
}

/** The whole HTTP answer. `headers`: lines that end in CRLF. */
inline std::string fetch(std::uint32_t address, std::uint16_t port, const std::string& headers = {}) {
  const int s = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in to = at(address, port);
  std::string answer;
  if (connect(s, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
    const std::string question = "GET / HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n" + headers + "\r\n";
    send(s, question.data(), question.size(), MSG_NOSIGNAL);
    std::array<char, 4096> part{};
    for (ssize_t got; (got = recv(s, part.data(), part.size(), 0)) > 0;)
      answer.append(part.data(), static_cast<std::size_t>(got));
  }
  close(s);
  return answer;
}

}  // namespace changtong::asking
