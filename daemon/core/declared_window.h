#pragma once
/** A step of a maintenance window 计划停机/割接: as it is asked for, and as it is entered. */
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "daemon/core/fields.h"
#include "daemon/core/instant.h"
#include "daemon/core/window_state.h"

namespace changtong {

/** The target of a window that is for every line and site in scope at its time, also for those that the inventory gets
 * later: one record, not one a target. No id of an inventory. */
inline constexpr std::string_view every_target = "*";

/** A step of a maintenance window 计划停机/割接. What is left out of a revision stays as it was. */
struct window_command {
  enum class act : std::uint8_t { request, approve, revise, cancel };
  act what = act::request;
  std::string id;                    ///< empty for a request: one is made from the day
  std::vector<std::string> targets;  ///< of a request or revision; every_target stands alone
  std::optional<wall_t> from, to;
  std::string text;
  bool below = false;  ///< of a request or revision: with all lines below the targets, by parent, at every depth
  /** What whoever takes the step has seen of the window (entries/window_steps.h): it is refused where the window is
   * another one by now. Empty: as it stands. No part of a body: who is at the node sees it as it stands. */
  std::string version{};
};

template <>
struct description<window_command> {
  static constexpr std::string_view path = "/api/v1/windows", schema = "WindowRequest";
  static constexpr std::tuple fields{
      field{&window_command::targets, "targets", "线路", "lines and sites", presence::if_any}.meaning(
          "ids, or [\"*\"]: every line and site in scope at its time, one entry"),
      field{&window_command::below, "below", "含下级", "with what hangs below", presence::if_any}.meaning(
          "with all lines below them, by parent, at every depth"),
      field{&window_command::from, "from", "起", "from", presence::if_any},
      field{&window_command::to, "to", "止", "to", presence::if_any},
      field{&window_command::text, "text", "事由", "text", presence::if_any}};
};

/** A step of an approved maintenance window 计划停机; the last record of its id made before it begins decides (rule 8).
 */
struct window_record {
  wall_t at{};  ///< when the record was made
  std::string id;
  std::string target;  ///< or every_target
  wall_t from{};
  wall_t to{};
  window_state state = window_state::requested;
  std::string by;
  std::string text;
  /** Words, separated by blanks: `already_down` (the target, or one of every_target, had an open outage when this was
   * entered), `late_notice` (approved less than an hour before it begins). Empty: none. */
  std::string flags{};
  std::string via{};  ///< as in annotation
  friend bool operator==(const window_record&, const window_record&) = default;
};

template <>
struct description<window_record> {
  static constexpr std::string_view kind = "window", table = "windows";
  static constexpr std::array<std::string_view, 2> rows_by{"target", "id"};
  using command = window_command;
  static constexpr std::tuple fields{field{&window_record::at, "at", "登记时间", "entered"},
                                     field{&window_record::id, "id", "编号", "id"},
                                     field{&window_record::target, "target", "线路", "line or site"},
                                     field{&window_record::from, "from", "起", "from"},
                                     field{&window_record::to, "to", "止", "to"},
                                     field{&window_record::state, "state", "状态", "state"},
                                     field{&window_record::by, "by", "登记人", "author"},
                                     field{&window_record::text, "text", "事由", "text"},
                                     field{&window_record::flags, "flags", "标记", "flags", presence::if_any},
                                     field{&window_record::via, "via", "途径", "via", presence::if_any}};
};

}  // namespace changtong
