#pragma once
/** Who observes, and how far its clock may be trusted. README.md holds the rules. Pure. */
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/record.h"

namespace changtong::observers {

/** A clock that is further off than this says nothing that can be laid beside another's words. */
inline constexpr milliseconds greatest_offset{1000};

struct observer {
  std::string name;
  /** Its clock less the first observer's, by exchange; the first one's is 0. None: never compared. */
  std::optional<milliseconds> offset{};

  [[nodiscard]] bool merged() const;
  /** By how much the bounds of its edges are moved apart. */
  [[nodiscard]] milliseconds width() const;
};

/** What names an observer: the starts of its journal in order, and the file they are in. */
struct signature {
  std::vector<started> starts{};
  std::string file;  ///< without folder
  wall_t heartbeat{};
};
/** Up to when a book of observers with these last heartbeats knows: the earliest of those within 5 s of the newest, for
 * running daemons write theirs at different moments, which is no silence; 1970 where there are none. */
[[nodiscard]] wall_t end_of(std::span<const wall_t> heartbeats);

/** In the same order: the node, else the file; of two with one name each with the beginning of its last branch. */
[[nodiscard]] std::vector<std::string> names_of(const std::vector<signature>& all);
/** By place, who is but the beginning of another, or the same again: that other's place, else none. Whose heartbeat is
 * later than the start that follows there went on by itself, and is not (who was silent by then may have: parted.h). Of
 * two with one last branch that is the one with the older heartbeat, of two alike the later one. Replays, whose
 * branches are made from what they hold, are never taken for others. */
[[nodiscard]] std::vector<std::optional<std::size_t>> beginnings(const std::vector<signature>& all);

}  // namespace changtong::observers
