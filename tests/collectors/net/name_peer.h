#pragma once
/** A name server on loopback, on the test's own loop, that treats every name as the test says. */
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/name_server.h"

namespace changtong::test {

class name_peer {
 public:
  enum class manner : std::uint8_t { answers, denies, refuses, is_silent };

  explicit name_peer(boost::asio::io_context& io, const char* address = "127.0.0.1")
      : socket_(io, {boost::asio::ip::make_address(address), 0}) {
    receive();
  }

  [[nodiscard]] name_server where() const {
    return {*parse_address(socket_.local_endpoint().address().to_string()), socket_.local_endpoint().port()};
  }
  /** By name; "" is the root. Who is not in it is denied. */
  std::map<std::string, manner, std::less<>> names;
  std::vector<std::string> asked;  ///< over IPv4, and what is no address
  std::array<std::uint8_t, 4> address{192, 0, 2, 7};

 private:
  void receive() {
    socket_.async_receive_from(boost::asio::buffer(question_), from_,
                               [this](const boost::system::error_code& e, std::size_t size) {
                                 if (e) return;
                                 answer({question_.data(), size});
                                 receive();
                               });
  }
  void answer(std::string_view q) {
    constexpr std::size_t header = 12;
    std::string name;
    std::size_t at = header;
    for (std::size_t n = 0; (n = static_cast<unsigned char>(q[at])) != 0; at += n + 1)
      (name += name.empty() ? "" : ".") += q.substr(at + 1, n);
    const auto type = static_cast<unsigned char>(q[at + 2]);
    constexpr unsigned aaaa = 28;
    if (type != aaaa) asked.push_back(name);
    const auto known = names.find(name);
    const manner how = known == names.end() ? manner::denies : known->second;
    if (how == manner::is_silent) return;
    const bool has_one = how == manner::answers && type == 1;
    std::string out(q.substr(0, 2));
    out += '\x81';
    out += how == manner::answers ? '\x80' : how == manner::denies ? '\x83' : '\x85';
    out += std::string{"\0\1\0", 3} + (has_one ? '\1' : '\0') + std::string(4, '\0');
    out += q.substr(header, at + 5 - header);
    if (has_one) out += std::string{"\xc0\x0c\0\1\0\1\0\0\0\5\0\4", 12} + std::string(address.begin(), address.end());
    boost::system::error_code ignored;
    socket_.send_to(boost::asio::buffer(out), from_, 0, ignored);
  }

  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::endpoint from_;
  std::array<char, 512> question_{};
};

}  // namespace changtong::test
