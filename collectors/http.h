#pragma once
/** One GET over HTTP or HTTPS, redirects followed, timed to the last byte of the page.
 *
 * Arguments: `url=` (lines; a site brings its own), `ca=FILE`, `redirects=5`, `downgrade=allow`, `max_bytes=8388608`,
 * `status=200-399`, `contains=TEXT` and `forbids=TEXT` (any number), `empty=allow`.
 * A visit fails on any connect, TLS or protocol error, an unexpected status, an empty page, a text that is missing or
 * forbidden (domain rule W1-a). Certificates are verified; there is no switch to turn that off. */
#include <cstddef>
#include <string>
#include <vector>

#include "collectors/collector.h"
#include "collectors/net/syscalls.h"
#include "collectors/wire/web_address.h"

namespace changtong {

struct http_settings : check_settings {
  wire::web_address at;
  std::string ca_file;
  unsigned redirects = 5;
  bool downgrade_allowed = false;
  bool empty_allowed = false;
  std::size_t limit = std::size_t{8} << 20U;  ///< bytes of the page, after chunked decoding
  wire::status_ranges status;
  std::vector<std::string> contains, forbids;
  [[nodiscard]] std::vector<fact_place> facts() const override;
};

kind_entry http_kind();

struct name_resolver;
/** `calls` and `names` outlive the collector and every callback of `io`; without `names` the system's resolver is
 * asked. */
[[nodiscard]] std::unique_ptr<collector> make_http(boost::asio::io_context& io, answer_sink& sink,
                                                   const net::syscalls& calls, name_resolver* names = nullptr);

}  // namespace changtong
