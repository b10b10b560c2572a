// What a poll by SNMP v3 costs the monitor: the collector itself against agents on loopback, each with an engine of its
// own, played by a child process. `snmp3_bench [AGENTS [SECONDS [POLLS_A_SECOND]]]`; CPU time is the parent's alone.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "collectors/net/clock.h"
#include "collectors/net/usm.h"
#include "collectors/snmp.h"

using namespace changtong;

namespace {

constexpr std::uint16_t port = 16199;
constexpr std::uint32_t first_address = 0x7f010000;  // 127.1.0.0
const secret signs("a password to sign"), hides("another to hide");

struct agent_socket {
  int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  agent_socket() {
    const int on = 1, size = 16 << 20;
    ::setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&a), sizeof a) != 0) std::perror("bind"), std::exit(1);
  }
};

/** Six values, as a poll of one interface asks for; whoever asks looks at no more than their form. */
std::vector<std::uint8_t> response_to(wire::bytes question) {
  std::vector<std::uint8_t> pdu(question.begin(), question.end());
  pdu[0] = 0xa2;
  return pdu;
}

/** Answers for every address of 127/8, for ever. */
[[noreturn]] void play_agents() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  agent_socket s;
  net::usm u;
  const auto user = net::usm_keys_of(net::auth_protocol::sha1, signs, net::privacy_protocol::aes128, hides);
  std::vector<std::uint8_t> in(4096), out(4096);
  while (true) {
    sockaddr_in from{};
    alignas(cmsghdr) std::array<char, 128> control{};
    iovec part{in.data(), in.size()};
    msghdr h{&from, sizeof from, &part, 1, control.data(), control.size(), 0};
    const auto got = ::recvmsg(s.fd, &h, 0);
    if (got <= 0) continue;
    auto* info = reinterpret_cast<in_pktinfo*>(CMSG_DATA(CMSG_FIRSTHDR(&h)));
    std::vector<std::uint8_t> engine{0x80, 0, 0x1f, 0x88, 1, 0, 0, 0, 0};
    std::memcpy(engine.data() + 5, &info->ipi_addr, 4);
    info->ipi_spec_dst = info->ipi_addr;
    info->ipi_ifindex = 0;
    const wire::bytes packet(in.data(), static_cast<std::size_t>(got));
    const auto m = wire::read_snmp3_message(packet);
    wire::snmp3_draft d;
    d.id = static_cast<std::uint32_t>(m.id);
    d.engine = engine;
    d.boots = 1;
    d.time = 5000;
    d.max_size = 8192;
    d.user = {reinterpret_cast<const char*>(m.user.data()), m.user.size()};
    const std::array<std::uint8_t, 30> report{0xa8, 28, 2,  1, 0, 2, 1, 0,  2, 1, 0, 0x30, 17,   0x30, 15,
                                              6,    10, 43, 6, 1, 6, 3, 15, 1, 1, 4, 0,    0x41, 1,    1};
    std::vector<std::uint8_t> pdu(report.begin(), report.end());
    net::usm_engine_keys keys;
    if (!m.engine.empty()) {
      keys = net::localized(user, engine);
      pdu = response_to(wire::read_snmp3_scoped(u.open(keys, m, packet).scoped).pdu_bytes);
    }
    d.pdu = pdu;
    part = {out.data(), u.seal(keys, d, out)};
    ::sendmsg(s.fd, &h, 0);
  }
}

struct counting_sink final : answer_sink {
  void answered(std::uint32_t, const answer& a) override {
    ++(a.what == outcome::good ? good : bad);
    if (!a.detail.empty() && last.empty()) last = a.detail;
  }
  std::uint64_t good = 0, bad = 0;
  std::string last;
};

double cpu_seconds() {
  rusage r{};
  ::getrusage(RUSAGE_SELF, &r);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(r.ru_utime) + seconds(r.ru_stime);
}

std::vector<check> checks_of(std::size_t agents, const char* version) {
  credential who;
  who.name = "bench";
  who.version = version;
  who.community = secret("public");
  who.user = "reader";
  who.level = "authPriv";
  who.auth = "SHA";
  who.auth_password = signs;
  who.priv = "AES";
  who.priv_password = hides;
  kind_arguments a;
  a.pairs = {{"credential", "bench"}, {"port", std::to_string(port)}, {"if", "1"}};
  a.find_credential = [&](std::string_view) { return &who; };
  const auto settings = snmp_kind().parse(a).value();
  std::vector<check> all(agents);
  for (std::size_t i = 0; i < agents; ++i) {
    const std::uint32_t n = htonl(first_address + 1 + static_cast<std::uint32_t>(i));
    std::memcpy(all[i].address.bytes.data(), &n, 4);
    all[i].settings = settings;
  }
  return all;
}

/** Polls all in turn, so many each 10 ms; the CPU seconds that it took. */
double poll(collector& c, const std::vector<check>& all, std::size_t polls, std::size_t a_tick) {
  const double before = cpu_seconds();
  std::vector<question> burst(a_tick);
  static std::uint32_t ticket = 0;  // what was not answered is still under way
  for (std::size_t done = 0; done < polls; done += a_tick) {
    for (question& q : burst) {
      q = {};
      q.ticket = ++ticket;
      q.what = &all[ticket % all.size()];
      q.deadline = net::mono_now() + std::chrono::seconds{2};
    }
    c.ask(burst);
    ::poll(nullptr, 0, 10);
    c.drain();
  }
  for (int i = 0; i < 50; ++i) ::poll(nullptr, 0, 10), c.drain();
  return cpu_seconds() - before;
}

}  // namespace

int main(int count, char** words) {
  const std::size_t agents = count > 1 ? std::strtoul(words[1], nullptr, 10) : 20'000;
  const std::size_t seconds = count > 2 ? std::strtoul(words[2], nullptr, 10) : 10;
  const std::size_t rate = count > 3 ? std::strtoul(words[3], nullptr, 10) : 8'000;
  const pid_t child = ::fork();
  if (child == 0) play_agents();
  ::poll(nullptr, 0, 200);
  const auto all = checks_of(agents, "3");
  counting_sink sink;
  const auto c = make_snmp(sink, net::syscalls::kernel());
  const double first = poll(*c, all, agents, rate / 100);
  fmt::print("{} agents found out: {} good, {} bad, {:.1f} us each {}\n", agents, sink.good, sink.bad,
             first * 1e6 / static_cast<double>(agents), sink.last);
  sink = {};
  const double cpu = poll(*c, all, seconds * rate, rate / 100);
  fmt::print("{} polls: {} good, {} bad, {:.2f} us each, {:.0f} a CPU second {}\n", seconds * rate, sink.good, sink.bad,
             cpu * 1e6 / static_cast<double>(sink.good), static_cast<double>(sink.good) / cpu, sink.last);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}
