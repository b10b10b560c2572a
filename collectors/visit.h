#pragma once
/** One visit of a site, as a citizen's browser makes it: look the name up, connect to whichever address answers first,
 * speak TLS and HTTP, follow redirects (also those of a page, <meta refresh>), and judge the page.
 *
 * Each hop is resolved, checked and timed here; libcurl carries one transfer of it (net/web_client). A visit keeps
 * itself alive until its last step has returned; `done` is called once unless cancel() came first. One thread: that of
 * `io`. */
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/http.h"
#include "collectors/lookup.h"
#include "collectors/net/race.h"
#include "collectors/net/web_client.h"
#include "daemon/core/label_clock.h"

namespace changtong {

struct visited {
  outcome what = outcome::not_measured;
  cause why = cause::own_failure;
  nanoseconds rtt{0};
  std::vector<fact> facts{};
  std::string detail{};
};

/** What visits share; outlives every callback of `io`. */
struct visit_means {
  boost::asio::io_context& io;
  const net::syscalls& calls;
  /** Who is asked for names, by the name servers that a site's settings state; never null. */
  std::function<std::shared_ptr<net::name_source>(const std::vector<name_server>&)> names;
  net::web_client& web;
  std::function<clock_trust()> clock;
};

class visit : public std::enable_shared_from_this<visit> {
 public:
  /** `over`: one family, or whichever is quicker. `began`: the instant that its round trip counts from; `patience`: it
   * will be cancelled after that. */
  visit(const visit_means& means, std::shared_ptr<const http_settings> what, families over, mono_t began,
        milliseconds patience, std::function<void(visited)> done);

  /** Once. May call `done` before it returns (no descriptor left, for example). */
  void start();
  /** Ends it without a word. */
  void cancel();
  /** What it would have died of if it were given up now: the site's silence, its name, or our resolver. Any thread. */
  [[nodiscard]] cause waiting_for() const { return suspect_->load(); }

 private:
  void hop();
  void looked_up(found_addresses found);
  void connect(std::vector<ip_address> addresses);
  void connected(net::race_result r);
  void replied(net::web_reply r);
  [[nodiscard]] bool may_go_to(const ip_address& a) const;
  [[nodiscard]] ending follow(const net::web_reply& r);
  [[nodiscard]] ending judge(const net::web_reply& r);
  [[nodiscard]] ending judge_texts(const std::string& text) const;
  [[nodiscard]] bool sent_on(const std::optional<std::string>& target);
  void note(fact_name name, std::int64_t value);
  void note_reply(const net::web_reply& r);
  void finish(ending end);

  const visit_means& means_;
  std::shared_ptr<const http_settings> what_;
  families over_;
  mono_t began_;
  milliseconds patience_;
  std::function<void(visited)> done_;
  std::shared_ptr<lookup::suspect> suspect_ = std::make_shared<lookup::suspect>(cause::timeout);
  wire::web_address here_;
  std::shared_ptr<net::name_source> source_;  ///< outlives every lookup that asks it
  std::shared_ptr<lookup> names_;
  std::shared_ptr<net::race> race_;
  std::unique_ptr<net::web_session> session_;
  ip_address address_;
  mono_t asked_name_{}, first_connect_{};
  unsigned followed_ = 0;
  bool undecoded_ = false;  ///< the page's Content-Encoding means nothing
  bool unsized_ = false;    ///< nor does its Content-Length
  bool resolved_ = false;   ///< our resolver has answered for an earlier hop
  bool all_tried_ = false;  ///< the slower family's addresses have been tried too
  std::vector<fact> facts_;
};

}  // namespace changtong
