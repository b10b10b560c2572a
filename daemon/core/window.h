#pragma once
/** A maintenance window 计划停机/割接 as people see it: what its records come to, and what it did to the books. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/window_state.h"

namespace changtong {

/** 已中断、临时通知: a flag of window_record, for people. */
[[nodiscard]] constexpr std::string_view chinese_flag(std::string_view flag) {
  return flag == "already_down" ? "批时已断" : flag == "late_notice" ? "不足1小时" : flag;
}

/** A window as its records tell it; of targets that differ, the last record speaks. */
struct window_story {
  std::string id;
  std::vector<std::string> targets;  ///< in order of id; those that were dropped are left out, unless all were
  period when{};
  window_state state = window_state::requested;                     ///< revised: it waits for an approval
  std::string requested_by, revised_by, approved_by, cancelled_by;  ///< empty: nobody yet; approved_by: of this version
  std::vector<std::string> revisers;  ///< who revised it, each once, in the order of their first revision
  wall_t requested_at{}, changed_at{};
  std::string text;           ///< the last one that says something
  bool late_request = false;  ///< first requested (or approved, without a request) when it had begun
  std::string requested_via, revised_via, approved_via;  ///< as window_record::via
  std::vector<std::string> flags;                        ///< of any of its records, in order of name
  bool late = false;  ///< what now stands was not approved before it begins, or is still not
};
/** A window in the list of windows. */
struct listed_window {
  window_story story;
  period excluded{};                 ///< hull of what it takes out of the books over its targets; empty: nothing
  std::size_t excluded_targets = 0;  ///< for how many of them
  /** Down time directly after the end of what is excluded, which counts (rules.md 4.1): the longest over the targets,
   * as far as it is known. */
  milliseconds overrun{0};
  std::vector<std::string> overrun_targets;
  bool short_notice = false;  ///< excludes nothing only because the policy's window_lead was not kept
};

}  // namespace changtong
