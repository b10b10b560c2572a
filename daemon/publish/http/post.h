#pragma once
/** One POST by HTTP/1.1 to somebody else: a seal to its keeper, a command to a running daemon. */
#include <cstdint>
#include <stop_token>
#include <string>

#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"

namespace boost::asio::ssl {
class context;
}

namespace changtong::http {

struct post_request {
  std::string host, port;  ///< a name, or an address without brackets
  std::string host_header;
  std::string target;  ///< path and query, begins with a slash
  secret token{};      ///< bearer token; empty: none
  std::string body{};  ///< JSON
  /** For connecting and all that follows. Looking a name up has no limit of its own: after twice this all of it ends.
   */
  milliseconds patience{30'000};
  std::uint64_t most_body = 0;  ///< bytes of the answer; more is a problem. 0: only its status is wanted
};

struct post_answer {
  unsigned status = 0;
  std::string body;
};

/** Blocks until there is an answer, whatever its status, or a problem: the system's words for what did not work, never
 * the token. `tls`: whom to believe (the certificate must be that of `host`); none: in the clear. A stop ends it at
 * once. Any thread. */
[[nodiscard]] result<post_answer> post(const post_request& request, boost::asio::ssl::context* tls,
                                       const std::stop_token& stop);

}  // namespace changtong::http
