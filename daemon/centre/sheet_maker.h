#pragma once
/** Makes the sheets that a node lacks, up to a year of them in one walk over its lines, on a conversation of its own.
 * One thread. */
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "daemon/centre/folded_heads.h"
#include "daemon/centre/sheets.h"

namespace changtong::centre {

class sheet_maker {
 public:
  struct bounds {
    std::function<std::vector<period>(const civil_zone& zone, wall_t known_to)> months = months_behind;
    std::size_t at_once = 12;
    milliseconds folds_every{1'000};    ///< while they are made: no node's figures wait for another one's months
    milliseconds looked_every{600'000}; /**< of a node's own time: a month does not end more often */
  };
  sheet_maker(database_place where, bounds within);

  /** The newest of those that it lacks, in order of time; empty: it has them all, or was looked at just now. */
  [[nodiscard]] std::vector<period> missing(database& db, const folded_head& of);
  /** From one state of its books; `still_wanted` is called now and then, and may throw. Throws std::runtime_error where
   * the database does not do it. */
  [[nodiscard]] std::vector<sheet> made(const folded_head& of, const std::vector<period>& months,
                                        const std::function<void()>& still_wanted) const;
  /** Nothing of it was made, and is not for a while. */
  void give_up(const folded_head& of) { looked_.insert_or_assign(of.number, look{of.branch, of.folded_to}); }
  /** Some of its sheets are gone. */
  void look_again(std::int32_t node) { looked_.erase(node); }

 private:
  struct look {
    std::int32_t branch = 0;
    wall_t known_to{};
  };
  database_place where_;
  bounds within_;
  std::map<std::int32_t, look> looked_;  ///< by node
};

}  // namespace changtong::centre
