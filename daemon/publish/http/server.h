#pragma once
/** The one HTTP server. It carries routes and knows none of them.
 *
 * Owns its threads; the probe thread is never touched. One carries bytes, others run the routes, those of each lane
 * (core/web.h) on threads of their own: a route that blocks holds one thread of its lane. A slow, silent or broken
 * client costs one place until its timeout, and never a place of what is vital. */
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/address.h"
#include "daemon/core/door_tallies.h"
#include "daemon/core/instant.h"
#include "daemon/core/proxies.h"
#include "daemon/core/result.h"
#include "daemon/core/web.h"

namespace changtong::http {

struct certificate_files {
  std::string certificate;  ///< PEM, its issuers behind it; empty: no TLS
  std::string key;          ///< PEM, without a passphrase
  std::string
      client_ca{};  ///< PEM: clients may show a certificate of it (web_request::certified); empty: none is asked for
};

struct server_options {
  ip_address address{{127, 0, 0, 1}, false};
  std::uint16_t port = 8080;         ///< 0 = any free one, see server::port()
  proxy_settings proxies{};          ///< who may hand requests on; see server::trust()
  certificate_files tls{};           ///< of a server that speaks TLS and nothing else
  std::size_t threads = 2;           ///< of the lane that reads
  std::size_t entering_threads = 2;  ///< of the lane that enters
  int niceness = 5;                  ///< of these threads: an answer waits for a probe, never a probe for an answer
  /** Seats (door.h). More may stand at the door, where only what is vital is answered. */
  std::size_t connections = 256;
  std::uint32_t header_limit = 16 * 1024;  ///< bytes of request line and headers; more is 431
  std::uint64_t body_limit = 1024 * 1024;  ///< bytes; more is 413
  milliseconds header_timeout{5'000};      ///< for a whole header to arrive, from its first byte or the connection on
  milliseconds idle_timeout{30'000};   ///< for the next request to begin, for a body to arrive; bounds the others too
  milliseconds stall_timeout{10'000};  ///< for each piece of an answer to leave
  std::int64_t answers_in_flight = 64 << 20;  ///< bytes of large answers in memory; one that does not fit is 503
  std::int64_t bodies_in_flight = 16 << 20;   ///< the same of requests
  /** Raised by whoever announces something: its listeners hear of it (feed.h). Outlives the server; null: none ever do.
   */
  const std::atomic<std::uint64_t>* happened = nullptr;
  milliseconds stop_timeout{2'000};  ///< what is under way may take this long to finish when stopping
};

class server {
 public:
  /** Listens at once and answers from then on. The problem names the setting to change. `tallies` outlive the server;
   * null: nobody asks for them. */
  [[nodiscard]] static result<std::unique_ptr<server>> start(const server_options& options,
                                                             std::vector<web_route> routes,
                                                             door_tallies* tallies = nullptr);
  /** As stop(). */
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /** For connections from now on, of a server that speaks TLS. A problem: the old certificate stays. Any thread. */
  result<void> renew(const certificate_files& files);
  /** For requests from now on. Any thread. */
  void trust(const proxy_settings& proxies);
  /** Stops listening, closes idle connections, lets answers under way finish within stop_timeout, joins the threads.
   * Not from a route. A route that blocks for longer is waited for: it may use what the caller destroys next. */
  void stop();

 private:
  struct state;
  explicit server(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

}  // namespace changtong::http
