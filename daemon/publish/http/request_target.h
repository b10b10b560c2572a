#pragma once
/** The request line's target -> decoded path and query. Pure; every byte comes from outside and is bounded here. */
#include <map>
#include <string>
#include <string_view>

#include "daemon/core/result.h"

namespace changtong::http {

struct request_target {
  std::string path;  ///< begins with '/', valid UTF-8, no control characters, no "." or ".." segment
  std::multimap<std::string, std::string> query;  ///< both sides decoded, as above; '+' is a space
};

inline constexpr std::size_t target_limit = 8 * 1024;  ///< bytes as received
inline constexpr std::size_t parameter_limit = 64;

/** Origin form (`/a?b=c`) or absolute form (`http://host/a`, whose authority is dropped: Host is checked elsewhere).
 * A problem's words are for the client and never repeats the input. */
[[nodiscard]] result<request_target> parse_target(std::string_view text);

}  // namespace changtong::http
