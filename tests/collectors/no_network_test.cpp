// A host that has lost its network altogether, for real: a network namespace whose only interface is down.
#include <gtest/gtest.h>
#include <sched.h>

#include <cstdlib>

#include "collectors/http.h"
#include "collectors/icmp.h"
#include "collectors/snmp.h"
#include "collectors/tcp.h"
#include "tests/collectors/recording_sink.h"

namespace changtong::test {
namespace {

constexpr int all_not_measured = 0, something_looked_down = 1, no_namespace_here = 2;

std::shared_ptr<const check_settings> settings(const kind_entry& kind, std::vector<kind_arguments::pair> pairs) {
  static const credential who{"public", "2c", secret("public")};
  kind_arguments a;
  a.pairs = std::move(pairs);
  a.find_credential = [](std::string_view) { return &who; };
  return kind.parse(a).value();
}

bool not_measured(const kind_entry& kind, std::vector<kind_arguments::pair> pairs, const char* address) {
  boost::asio::io_context io;
  recording_sink sink;
  const auto c = kind.make(io, sink);
  const check what = make_check(kind.needs_address ? address : "", settings(kind, std::move(pairs)));
  ask_one(*c, what, 1);
  if (!drain_until(*c, [&] { return sink.answers.contains(1); }, &io)) return false;
  return sink.answers[1].what == outcome::not_measured && class_of(sink.answers[1].why) == cause_class::own;
}

[[noreturn]] void ask_everybody_without_a_network() {
  if (::unshare(CLONE_NEWNET) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) std::_Exit(no_namespace_here);
  for (const char* address : {"192.0.2.1", "127.0.0.1", "2001:db8::1", "::1"})
    if (!not_measured(icmp_kind(), {}, address) || !not_measured(snmp_kind(), {{"credential", "public"}}, address) ||
        !not_measured(tcp_kind(), {{"port", "80"}}, address))
      std::_Exit(something_looked_down);
  for (const char* url : {"http://192.0.2.1/", "https://192.0.2.1/", "http://[2001:db8::1]/"})
    if (!not_measured(http_kind(), {{"url", url}}, "")) std::_Exit(something_looked_down);
  std::_Exit(all_not_measured);
}

TEST(NoNetworkDeathTest, LosingTheNetworkMakesNoLineLookDown) {
  EXPECT_EXIT(
      ask_everybody_without_a_network(),
      [](int status) {
        if (WIFEXITED(status) && WEXITSTATUS(status) == no_namespace_here)
          std::puts("no network namespace may be made here: the injected errors of each kind stand alone");
        return WIFEXITED(status) && WEXITSTATUS(status) != something_looked_down;
      },
      "");
}

}  // namespace
}  // namespace changtong::test
