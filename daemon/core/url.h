#pragma once
/** Addresses of the web taken apart by Boost.URL (RFC 3986), and read as people and browsers write them: what may not
 * stand in an address (中文, a blank, `|`) is taken as if it had been percent-encoded. What an address may be is for
 * whoever asks. Pure; any bytes are safe. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace changtong {

/** `scheme://user@host:port`, and what stands behind it. */
struct url_origin {
  std::string scheme;               ///< lower case
  bool user = false;                ///< a name or password stands before the host, be it empty
  std::string host;                 ///< as written, without brackets; may be empty
  bool literal = false;             ///< it stood in brackets
  std::optional<std::string> port;  ///< decimal digits, or nothing, behind the colon
  std::string_view rest;            ///< of the text that was given: from the first of `/?#` on
};
/** None: the text begins with no scheme and authority. */
[[nodiscard]] std::optional<url_origin> url_origin_of(std::string_view text);

/** `/a?b=c&d`, decoded, `+` in the query as a blank. */
struct url_target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;  ///< as they stand; nothing between two `&` is left out
};
/** None: it begins with no slash, or a percent sign is not followed by two hexadecimal digits. `text` has no
 * fragment. */
[[nodiscard]] std::optional<url_target> url_target_of(std::string_view text);

/** Blanks and bytes above 0x7e percent-encoded, as browsers send them; all others as they are. */
[[nodiscard]] std::string url_encoded(std::string_view text);

/** 1 to 65535 of decimal digits; none: they are no port. */
[[nodiscard]] std::optional<std::uint16_t> port_number(std::string_view digits);

}  // namespace changtong
