#pragma once
/** One request to a running daemon's API, for the command line: in clear on this host or through a tunnel, or by TLS to
 * the name in its certificate, whose CA the system's store has to know, or --ca names (README, Security). */
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"

namespace changtong {

struct api_answer {
  int status = 0;
  std::string body;  ///< at most 33 MiB: a report has 32
};

/** A running daemon as the command line names it: --api, --token-file, --ca. */
struct api_place {
  std::string url;         ///< http(s)://HOST[:PORT], an IPv6 address in brackets
  std::string token_file;  ///< may be empty: where a daemon has no users, reading needs none
  std::string ca;          ///< PEM, of https: whom to believe in place of the system's store; empty: that
};

/** The same, ready to be spoken to. */
struct api_peer {
  std::string url;
  secret token{};
  std::string ca{};
};
/** With the token that its file holds. Asks nobody. */
[[nodiscard]] result<api_peer> peer_at(const api_place& place);

inline constexpr milliseconds api_patience{30'000};

/** Blocks for at most `patience`. The problem says what did not work and never holds the token. */
[[nodiscard]] result<api_answer> api_post(const api_peer& to, const std::string& path, const std::string& body,
                                          milliseconds patience = api_patience);

/** A GET of `path` with these parameters, those that are empty left out. */
[[nodiscard]] result<api_answer> api_get(const api_peer& to, std::string path,
                                         const std::vector<std::pair<std::string, std::string>>& parameters,
                                         milliseconds patience = api_patience);

/** The token in a file of one line; blanks and the line feed behind it do not count. */
[[nodiscard]] result<secret> token_in(const std::string& file);

/** The parts of such a URL. */
struct api_address {
  std::string host, port;
  bool tls = false;
};
[[nodiscard]] result<api_address> parse_api_url(const std::string& url);

}  // namespace changtong
