#pragma once
/** The earliest instant about which what was folded says something else than what was folded before: no figure of an
 * earlier time has changed. Simple rather than sharp: it may say an earlier one. One thread. */
#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

#include "daemon/ledger/tables.h"

namespace changtong::centre {

class change_reach {
 public:
  /** What a later entry may take back is read there when it is first needed, before that entry is written. */
  explicit change_reach(const ledger::tables& before) : before_(before) {}

  void from(wall_t at) { earliest_ = std::min(earliest_, at); }
  void version(std::int64_t number, const ledger::version_row& v);
  /** It moves, ends or begins what any record of the same window has said. */
  void window(const window_record& w);

  /** Since it was asked for last; wall_max: nothing has changed. */
  [[nodiscard]] wall_t taken() { return std::exchange(earliest_, wall_max); }

 private:
  /** What the last version of a target says of when it counts. */
  struct scope {
    std::string kind;
    wall_t accepted = wall_min, closed = wall_max;
    bool removed = false;
  };
  [[nodiscard]] static scope scope_in(const std::string& json);

  const ledger::tables& before_;
  wall_t earliest_ = wall_max;
  std::optional<std::unordered_map<std::int64_t, scope>> scopes_;         ///< by number
  std::optional<std::unordered_map<std::string, wall_t>> windows_begin_;  ///< the earliest, by id
};

}  // namespace changtong::centre
