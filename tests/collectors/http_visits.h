#pragma once
/** What tests of the http kind share: made-up names, and visits of peers on loopback, on the test's own thread. */
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/http.h"
#include "collectors/net/names.h"
#include "tests/collectors/failing_calls.h"
#include "tests/collectors/recording_sink.h"
#include "tests/collectors/web_peer.h"

namespace changtong::test {

/** Everything resolves to loopback, unless told otherwise. */
struct made_up_names final : net::name_source {
  explicit made_up_names(boost::asio::io_context& loop) : io(loop) {}
  void ask(const std::string& host, bool v6, const std::weak_ptr<const void>&,
           std::function<void(const net::name_answer&)> tell) override {
    if (!v6) asked.push_back(host);
    net::name_answer a{.what = (v6 ? what6 : what), .addresses = {}, .said = "as the test says"};
    for (const char* one : addresses)
      if (const auto parsed = parse_address(one).value(); parsed.v6 == v6) a.addresses.push_back(parsed);
    if (a.what == net::name_state::found && a.addresses.empty()) a.what = net::name_state::not_found;
    if (a.what != net::name_state::found) a.addresses.clear();
    if (a.what != net::name_state::silent) boost::asio::post(io, [tell = std::move(tell), a] { tell(a); });
  }
  void ask_another(const std::string&, const std::weak_ptr<const void>&, std::function<void(bool)> tell) override {
    ++roots;
    if (root) boost::asio::post(io, [tell = std::move(tell), well = *root] { tell(well); });
  }
  [[nodiscard]] bool answered_another(std::string_view, mono_t) const override { return another; }

  boost::asio::io_context& io;
  net::name_state what = net::name_state::found, what6 = net::name_state::found;
  std::optional<bool> root = true;  ///< what the root's question is answered; none: it is not
  bool another = false;
  int roots = 0;
  std::vector<const char*> addresses{"127.0.0.1"};
  std::vector<std::string> asked;
};

struct Http : testing::Test {
  Http() { failing_calls::reset(); }
  ~Http() override { failing_calls::reset(); }

  using pairs = std::vector<kind_arguments::pair>;
  static std::shared_ptr<const check_settings> settings(const std::string& url, pairs more = {}) {
    kind_arguments a;
    a.url = url;
    a.pairs = std::move(more);
    return http_kind().parse(a).value();
  }
  kept_answer visit(const std::string& url, pairs more = {}) {
    checks.push_back(make_check("", settings(url, std::move(more))));
    const question q = ask_one(*http, checks.back(), ++ticket);
    EXPECT_NE(q.sent, mono_t{});
    EXPECT_TRUE(drain_until(*http, [&] { return sink.answers.contains(ticket); }, &io));
    return sink.answers[ticket];
  }
  kept_answer visit(const web_peer& peer, pairs more = {}) {
    return visit("http://127.0.0.1:" + peer.port() + "/a", std::move(more));
  }
  static std::int64_t fact_of(const kept_answer& a, fact_name name) {
    for (const fact& f : a.facts)
      if (f.name == name) return f.value;
    return -1;
  }

  boost::asio::io_context io;
  made_up_names names{io};
  clock_trust clock = clock_trust::synchronised;
  recording_sink sink;
  std::deque<check> checks;
  std::uint32_t ticket = 0;
  std::unique_ptr<collector> http = make_http(io, sink, {failing_calls::table(), &names, [this] { return clock; }});
};

}  // namespace changtong::test
