#pragma once
/** Posts each seal, as the line it is, to somebody outside this machine: what an attacker cannot reach cannot be
 * re-signed.
 *
 * Lines come from the seals file, in order; how many have been taken is kept in LEDGER.posted, so that nothing is lost
 * over a restart and nothing has to be kept in memory. A receiver may get a line twice. Has a thread of its own;
 * nothing waits for it. A failure is counted and logged once, and tried again after 10 s, 20 s, … an hour. */
#include <memory>
#include <string>

#include "collectors/wire/web_address.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"
#include "daemon/core/tallies.h"
#include "daemon/host/background.h"
#include "daemon/host/post.h"
#include "daemon/settings/settings.h"

namespace changtong {

struct seal_post_options {
  wire::web_address to;
  secret token;           ///< bearer token; may be empty
  std::string ca_file;    ///< empty: the system's store
  host::look_up names{};  ///< empty: the machine's own resolver is asked for the receiver's name
  std::string seals_file, posted_file;
  milliseconds timeout{20'000};      ///< for one post
  milliseconds first_retry{10'000};  ///< doubles up to an hour
};

class seal_post {
 public:
  seal_post(seal_post_options o, daemon_tallies& tallies);

  /** There may be new seals. Any thread; never blocks. */
  void look_again() { thread_.ask(); }

 private:
  [[nodiscard]] host::background::pause round(const std::stop_token& stop);
  [[nodiscard]] result<void> post_all(const std::stop_token& stop);
  [[nodiscard]] result<void> post(const std::string& line, const std::stop_token& stop);

  seal_post_options options_;
  daemon_tallies& tallies_;
  milliseconds retry_{0};    ///< of the thread alone; zero: nothing is left to be posted
  host::background thread_;  ///< its end ends a post under way
};

/** As the settings want it; null where they name nobody. */
[[nodiscard]] std::unique_ptr<seal_post> seal_post_of(const settings& s, host::look_up names, daemon_tallies& tallies);

}  // namespace changtong
