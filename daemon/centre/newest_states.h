#pragma once
/** How the lines of a node stand as far as it has shipped. */
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "daemon/centre/asked_books.h"
#include "daemon/core/cause.h"

namespace changtong::centre {

/** Who is heard of later than this is not known any more: time nobody observed is never up. */
inline constexpr milliseconds heard_lately{60'000};
/** What a node says of time that is further ahead of the centre's clock nobody can have seen: it is not taken. */
inline constexpr milliseconds most_ahead{5'000};

struct newest_state {
  const ledger::known_target* target = nullptr;
  line_state state = line_state::unknown;  ///< as it was at the end of what is known
  cause why = cause::none;
  std::optional<wall_t> since{};  ///< where its last transition is what it is in
  bool excluded = false;          ///< an approved window lies over it
};

/** Calls `each` for every line and site in scope; of who is not known at all, or ships no more, for none. Of a pair,
 * `since` is when the two last believed something else. `step` as books_of() has it. Throws as figures(). */
void newest_states(database& db, const asked_node& of, const std::function<void()>& step,
                   const std::function<void(const newest_state&)>& each);
/** How many of those are up, down and unknown; of a pair, its long past is not read for that. */
[[nodiscard]] std::array<std::int64_t, 3> newest_counts(database& db, const asked_node& of);

/** Whether that is still how it stands. */
[[nodiscard]] inline bool is_heard(const folded_head& of, wall_t now) { return now - of.folded_to <= heard_lately; }
[[nodiscard]] inline bool is_heard(const asked_node& of, wall_t now) { return now - of.known_to() <= heard_lately; }

}  // namespace changtong::centre
