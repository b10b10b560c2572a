#pragma once
/** The one HTTP server. It carries routes and knows none of them.
 *
 * Owns its io_context and threads; the probe thread is never touched. Routes run on these threads, several at once: a
 * route that blocks holds one of them, nothing else. A slow, silent or broken client costs one connection until its
 * timeout. */
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/address.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/core/web.h"

namespace changtong::http {

struct server_options {
  ip_address address{{127, 0, 0, 1}, false};
  std::uint16_t port = 8080;  ///< 0 = any free one, see server::port()
  std::size_t threads = 2;
  int niceness = 5;               ///< of these threads: an answer waits for a probe, never a probe for an answer
  std::size_t connections = 256;  ///< one more is answered 503 and closed
  std::uint32_t header_limit = 16 * 1024;  ///< bytes of request line and headers; more is 431
  std::uint64_t body_limit = 1024 * 1024;  ///< bytes; more is 413
  milliseconds idle_timeout{30'000};       ///< for a whole request to arrive, and for each piece of an answer to leave
  milliseconds stop_timeout{2'000};        ///< what is under way may take this long to finish when stopping
};

class server {
 public:
  /** Listens at once and answers from then on. The problem names the setting to change. */
  [[nodiscard]] static result<std::unique_ptr<server>> start(const server_options& options,
                                                             std::vector<web_route> routes);
  /** As stop(). */
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /** Stops listening, closes idle connections, lets answers under way finish within stop_timeout, joins the threads.
   * Not from a route. A route that blocks for longer is waited for: it may use what the caller destroys next. */
  void stop();

 private:
  struct state;
  explicit server(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

}  // namespace changtong::http
