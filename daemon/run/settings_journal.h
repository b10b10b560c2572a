#pragma once
/** Settings as entries of the journal: what a start or reload changes in it. Pure. */
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** Target id -> canonical JSON; empty = removed. */
using target_versions = std::unordered_map<std::string, std::string>;

/** The policy if it differs from the last version, and the targets that differ from `known`. */
[[nodiscard]] std::vector<record> journal_settings(const settings& s, wall_t at, std::string_view author,
                                                   std::string_view old_zone, std::string_view old_policy,
                                                   const target_versions& known);
/** The targets of `s`, as the journal has them once it knows `s`. */
[[nodiscard]] target_versions versions_of(const settings& s);

}  // namespace changtong
