#pragma once
/** Makes the sheets that a node lacks, many of them in one walk over its lines, and with that of the day that goes on
 * how the lines go on after it (standing.h), on a conversation of its own. One thread. */
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "daemon/centre/folded_heads.h"
#include "daemon/centre/sheets.h"
#include "daemon/centre/standing.h"

namespace changtong::centre {

class sheet_maker {
 public:
  struct bounds {
    std::function<std::vector<period>(const civil_zone& zone, wall_t known_to)> months = months_behind;
    std::function<std::vector<period>(const civil_zone& zone, const std::vector<period>& months, wall_t known_to)>
        days = days_behind;
    std::size_t at_once = 40;
    milliseconds folds_every{1'000};         ///< while they are made: no node's figures wait for another one's months
    milliseconds looked_every{120'000};      ///< of a node's own time, and of ours where it said something
    milliseconds day_grows_every{3'600'000}; /**< earlier where the lines do not go on as they did */
  };
  sheet_maker(database_place where, bounds within);

  struct lacking {
    std::vector<sheet_time> sheets{};  ///< in order of time, those of days last
    wall_t days_from = wall_min;       ///< what is of days before that has had its time
    std::optional<wall_t> standing{};  ///< from when on it is to be known how lines go on
  };
  struct made_sheets {
    std::vector<sheet> sheets;
    std::optional<centre::standing> standing{};
  };
  /** The newest of those that it lacks; none: it has them all, or was looked at just now. */
  [[nodiscard]] lacking missing(database& db, const folded_head& of);
  /** From one state of its books; `still_wanted` is called now and then, and may throw. Throws std::runtime_error where
   * the database does not do it. */
  [[nodiscard]] made_sheets made(const folded_head& of, const lacking& what,
                                 const std::function<void()>& still_wanted) const;
  /** Nothing of it was made, and is not for a while. */
  void give_up(const folded_head& of) { looked_.insert_or_assign(of.number, look(of)); }
  /** Some of its sheets are gone. */
  void look_again(std::int32_t node) {
    if (const auto at = looked_.find(node); at != looked_.end()) at->second.again = true;
  }

 private:
  struct look {
    look() = default;
    explicit look(const folded_head& of);

    std::int32_t branch = 0;
    wall_t known_to{};
    std::int64_t folded = 0;
    mono_t at{};
    bool again = false;  ///< but for the day that goes on
  };
  [[nodiscard]] bool is_due(const folded_head& of, const look& last) const;
  [[nodiscard]] lacking lacks(database& db, const folded_head& of, bool today_too) const;
  /** Whether the sheet of the day that goes on, or what follows it, is to be made anew. */
  [[nodiscard]] bool has_outgrown(database& db, const folded_head& of, const std::vector<ready_sheet>& ready,
                                  period today) const;

  database_place where_;
  bounds within_;
  std::map<std::int32_t, look> looked_;  ///< by node
};

}  // namespace changtong::centre
