#pragma once
/** What of an entry this program knows. The promise of the format: a figure changes only with a new kind of entry or a
 * raised `rules` number in a `start`; an optional field added to a known kind changes none. So an unknown kind and
 * newer rules stop every figure, an unknown field is only named. Pure; any input is safe. */
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/audit/extract.h"
#include "daemon/core/result.h"
#include "daemon/ledger/entry.h"

namespace changtong::audit {

/** The newest version of the books' rules by which this program computes. */
inline constexpr std::int64_t newest_rules = 2;

/** From this entry on this version of the rules is in force; the first one is of entry 1. */
struct rules_from {
  std::int64_t seq = 1;
  std::int64_t version = 1;
};

/** "kind x" or "rules 3", if the entry is one that no figure can be computed over; none if it is known. */
[[nodiscard]] std::optional<std::string> strange_in(const journal_line& l);
/** The version that a start entry says, 1 where it says none; no value for any other entry. A problem where it is no
 * version. */
[[nodiscard]] result<std::optional<std::int64_t>> rules_in(const journal_line& l);
/** "window.via": fields of the body that `e`, decoded from it, does not carry. */
[[nodiscard]] std::vector<std::string> unknown_fields(const journal_line& l, const ledger::entry& e);
/** As printed: "1", or "1（自第 1 条起）、2（自第 17 条起）". */
[[nodiscard]] std::string in_words(const std::vector<rules_from>& rules);

}  // namespace changtong::audit
