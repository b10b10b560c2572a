#pragma once
/** JSON objects of others, of which later versions may say more; their members are read as exact_line.h reads ours.
 * Pure. */
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>

namespace changtong::ledger {

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

[[nodiscard]] inline std::int64_t count_in(const boost::json::object& o, std::string_view key) {
  return std::clamp<std::int64_t>(o.at(key).as_int64(), 0, std::int64_t{1} << 53);
}

}  // namespace changtong::ledger
