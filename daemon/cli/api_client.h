#pragma once
/** One request to a running daemon's API, for the command line: in clear on this host or through a tunnel, or by TLS to
 * the name in its certificate, which the system's store has to know (README, Security). */
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"

namespace changtong {

struct api_answer {
  int status = 0;
  std::string body;  ///< at most 16 MiB
};

/** `url`: http(s)://HOST[:PORT], an IPv6 address in brackets. Blocks for at most `patience`. The problem says what did
 * not work and never holds the token. */
[[nodiscard]] result<api_answer> api_post(const std::string& url, const secret& token, const std::string& path,
                                          const std::string& body, milliseconds patience = std::chrono::seconds{30});

/** A GET of `path` with these parameters, those that are empty left out; the rest as of api_post. `token` may be empty:
 * where a daemon has no users, reading needs none. */
[[nodiscard]] result<api_answer> api_get(const std::string& url, const secret& token, std::string path,
                                         const std::vector<std::pair<std::string, std::string>>& parameters);

/** The token in a file of one line; blanks and the line feed behind it do not count. */
[[nodiscard]] result<secret> token_in(const std::string& file);

/** The parts of such a URL. */
struct api_address {
  std::string host, port;
  bool tls = false;
};
[[nodiscard]] result<api_address> parse_api_url(const std::string& url);

}  // namespace changtong
