#pragma once
/** Which step of a maintenance window may follow which, and who may take it (design.md 5, rule 8; four eyes). Pure: the
 * time is an argument. */
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/core/command.h"
#include "daemon/core/instant.h"
#include "daemon/core/record.h"
#include "daemon/core/window.h"
#include "daemon/ledger/entry_rules.h"

namespace changtong::entries {

inline constexpr std::size_t most_window_targets = 20'000;  ///< that older programs took

/** The records of the step that `wanted` asks for, one a target, or why it may not be made. `existing`: all records of
 * its id in the order they were made; whoever wrote any of them does not approve. `now` must not be before any of them.
 * Targets are taken as they are: whether the inventory knows them is the caller's to ask. */
[[nodiscard]] entering next_step(std::span<const window_record> existing, const window_command& wanted,
                                 std::string_view by, wall_t now, const ledger::window_rules& policy,
                                 const same_person& same = std::equal_to<>());

/** What stands of a window, in 16 hexadecimal digits: its state, period and targets. Who has seen a version and takes a
 * step of another one is told so (window_command::version). */
[[nodiscard]] std::string version_of(const window_story& s);

}  // namespace changtong::entries
