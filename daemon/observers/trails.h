#pragma once
/** What both sides of a disagreement saw on the way to the line: so that somebody can tell who is right. */
#include <string>
#include <vector>

#include "daemon/core/cause.h"
#include "daemon/observers/merged_books.h"

namespace changtong::observers {

/** One side's word and its trace. */
struct trail {
  std::string observer;
  cause why = cause::none;  ///< of one that says down: its outage's
  wall_t began = wall_min;  ///< of that outage
  std::string path;         ///< down: as far as it was seen when that began; up: the usual one. Empty: none was traced
};
struct told_disagreement {
  disagreement what;
  std::vector<trail> up, down;
};

/** Throws as a reader does. */
[[nodiscard]] std::vector<told_disagreement> with_trails(const merged_books& books, std::vector<disagreement> all);

}  // namespace changtong::observers
