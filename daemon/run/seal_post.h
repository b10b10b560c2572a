#pragma once
/** Posts each seal, as the line it is, to somebody outside this machine: what an attacker cannot reach cannot be
 * re-signed.
 *
 * Lines come from the seals file, in order; how many have been taken is kept in LEDGER.posted, so that nothing is lost
 * over a restart and nothing has to be kept in memory. A receiver may get a line twice. Has a thread of its own;
 * nothing waits for it. A failure is counted and logged once, and tried again after 10 s, 20 s, … an hour. */
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "collectors/wire/web_address.h"
#include "daemon/core/counters.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"

namespace boost::asio {
class io_context;
}

namespace changtong {

struct seal_post_options {
  wire::web_address to;
  secret token;         ///< bearer token; may be empty
  std::string ca_file;  ///< empty: the system's store
  std::string seals_file, posted_file;
  milliseconds timeout{20'000};      ///< for one post
  milliseconds first_retry{10'000};  ///< doubles up to an hour
};

class seal_post {
 public:
  seal_post(seal_post_options o, daemon_counters& counters);
  ~seal_post();
  seal_post(const seal_post&) = delete;
  seal_post& operator=(const seal_post&) = delete;

  /** There may be new seals. Any thread; never blocks. */
  void look_again();

 private:
  void run();
  [[nodiscard]] result<void> post_all();
  [[nodiscard]] result<void> post(const std::string& line);
  bool stopping();

  seal_post_options options_;
  daemon_counters& counters_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool wanted_ = true, stopping_ = false;
  boost::asio::io_context* under_way_ = nullptr;  ///< of the present post; guarded by mutex_
  std::thread thread_;
};

}  // namespace changtong
