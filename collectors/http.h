#pragma once
/** One GET over HTTP or HTTPS as a citizen's browser makes it, redirects followed, timed to the last byte of the page.
 *
 * Arguments: `url=` (lines; a site brings its own), `ca=FILE`, `redirects=20`, `downgrade=allow`,
 * `local_redirects=allow`, `max_bytes=8388608`, `status=200-399`, `contains=TEXT` and `forbids=TEXT` (any number),
 * `empty=allow`, `user_agent=TEXT`, `header=Name: value` (any number), `resolve=v4|v6|both`, `tls.min=1.0|1.1|1.2|1.3`,
 * `tls.legacy_renegotiation=yes`, `tls.verify=no`.
 * A visit fails on any connect, TLS or protocol error, an unexpected status, an empty page, a text that is missing or
 * forbidden (domain rule W1-a); with `resolve=both` if either family fails.
 *
 * Visits have a thread of their own, so that nothing that a site does holds up a ping. */
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "collectors/collector.h"
#include "collectors/lookup.h"
#include "collectors/net/syscalls.h"
#include "collectors/net/web_client.h"
#include "collectors/wire/web_address.h"
#include "daemon/core/label_clock.h"

namespace changtong {

struct http_settings : check_settings {
  wire::web_address at;
  net::tls_terms tls;
  unsigned redirects = 20;  ///< as many as browsers follow
  bool downgrade_allowed = false;
  bool local_redirects = false;  ///< to this machine, loopback or link-local, out of the site's own origin
  bool empty_allowed = false;
  std::size_t limit = std::size_t{8} << 20U;  ///< bytes of the page, decoded
  wire::status_ranges status;
  std::vector<std::string> contains, forbids;  ///< UTF-8
  std::string user_agent;
  std::vector<std::string> headers;  ///< "Name: value", sent to the site's own origin only
  families over = families::either;
  std::vector<name_server> name_servers;  ///< empty: the machine's own
  [[nodiscard]] std::vector<fact_place> facts() const override;
};

kind_entry http_kind();

/** What visits meet; tests bring their own. `calls` and `names` outlive the collector and every callback of its loop.
 */
struct http_surroundings {
  const net::syscalls& calls;
  net::name_source* names = nullptr;     ///< null: those that a site's settings name
  std::function<clock_trust()> clock{};  ///< empty: the kernel is asked
};

/** Visits run on `io`, which is run by the caller's own thread; answers are given in drain(). */
[[nodiscard]] std::unique_ptr<collector> make_http(boost::asio::io_context& io, answer_sink& sink,
                                                   const http_surroundings& around);
/** With a thread of its own and the name servers of each site's settings. */
[[nodiscard]] std::unique_ptr<collector> make_http(answer_sink& sink);

}  // namespace changtong
