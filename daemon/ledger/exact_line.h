#pragma once
/** Lines of JSON that count only if they are byte for byte what this program writes: journal, seals, the state row, a
 * pack's head. Pure. */
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/instant.h"
#include "daemon/ledger/entry.h"

namespace changtong::ledger {

// A member that is not there, of another type or out of its bounds throws; read_exact() says no to it.
[[nodiscard]] std::string text_at(const boost::json::object& o, std::string_view key);
[[nodiscard]] std::string bytes_at(const boost::json::object& o, std::string_view key);  ///< written as hexadecimal
[[nodiscard]] digest digest_at(const boost::json::object& o, std::string_view key);
/** Milliseconds, from wall_min to wall_max. */
[[nodiscard]] wall_t instant_at(const boost::json::object& o, std::string_view key);

/** `read`: object -> T, which may throw; `write`: T -> what the line has to be. None for any other text, and for one of
 * more than `most` bytes. */
template <class Read, class Write>
[[nodiscard]] auto read_exact(std::string_view line, std::size_t most, Read read, Write write)
    -> std::optional<decltype(read(boost::json::object{}))> {
  if (line.size() > most) return std::nullopt;
  try {
    boost::system::error_code failed;
    const boost::json::value v = boost::json::parse(line, failed);
    if (failed) return std::nullopt;
    auto made = read(v.as_object());
    if (write(made) == line) return made;
  } catch (const std::exception&) {  // Boost.JSON's way to say "another type" or "no such key"
  }
  return std::nullopt;
}

}  // namespace changtong::ledger
