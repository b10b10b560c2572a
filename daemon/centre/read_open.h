#pragma once
/** JSON objects of others, of which later versions may say more. Pure; internal to daemon/centre. */
#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "daemon/core/instant.h"

namespace changtong::centre {

/** `read`: object -> T, which may throw; none then, for any other text, and for one of more than `most` bytes. */
template <class Read>
[[nodiscard]] auto read_open(std::string_view text, std::size_t most, Read read)
    -> std::optional<decltype(read(boost::json::object{}))> {
  if (text.size() > most) return std::nullopt;
  try {
    boost::system::error_code failed;
    const boost::json::value v = boost::json::parse(text, failed);
    if (!failed) return read(v.as_object());
  } catch (const std::exception&) {  // Boost.JSON's way to say "another type" or "no such key"
  }
  return std::nullopt;
}

[[nodiscard]] inline wall_t instant_in(const boost::json::object& o, std::string_view key) {
  const wall_t at = wall_from_ms(o.at(key).as_int64());
  if (at < wall_min || at > wall_max) throw std::out_of_range("instant");
  return at;
}

[[nodiscard]] inline std::int64_t count_in(const boost::json::object& o, std::string_view key) {
  return std::clamp<std::int64_t>(o.at(key).as_int64(), 0, std::int64_t{1} << 53);
}

}  // namespace changtong::centre
