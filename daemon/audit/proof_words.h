#pragma once
/** What a verification says to people, Chinese and English. Pure. */
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/ledger/branches.h"

namespace changtong::audit {

/** An entry of which `what` (strange_in()) this program does not know, and the figures that it cannot vouch for. */
[[nodiscard]] std::string unknown_entry(std::string_view what);
/** Fields of known entries that this program does not know -> the first entry with it. */
[[nodiscard]] std::string fields_without_meaning(const std::map<std::string, std::int64_t>& fields);
/** What is left of a pack whose manifest nobody signed: it may be cut at a seal, and all that only head.json and the
 * computed files say may have been moved with it. `sealed`: entries that the seals prove. */
[[nodiscard]] std::string what_nobody_signed(std::int64_t sealed);
/** The last ten starts of format 4, who and since when; empty where there is none. */
[[nodiscard]] std::string branches_in_words(const std::vector<ledger::branch_seen>& all, const civil_zone& zone);
/** A file of words, no figures, that another version wrote. */
[[nodiscard]] std::string not_compared(std::string_view file, std::string_view software);

}  // namespace changtong::audit
