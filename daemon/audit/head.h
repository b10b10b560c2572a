#pragma once
/** head.json: what the journal itself does not say about this extract. Pure; any input is safe. */
#include <string>
#include <string_view>

#include "daemon/core/civil.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/ledger/entry.h"

namespace changtong::audit {

struct pack_head {
  std::string software;  ///< version of the program that exported
  std::string zone;      ///< IANA name, the journal's last one
  period when;           ///< what was asked for; the figures are those of this period
  wall_t exported{};     ///< wall clock; scope is cut here (rule 8)
  wall_t heartbeat{};    ///< observation is known up to here; after it everything is unknown
  std::int64_t entries = 0;
  ledger::digest hash{};  ///< of the last entry
};

inline constexpr std::size_t most_head_bytes = 4096;
/** Days and months of a longer period would be too many rows. */
inline constexpr milliseconds longest_period = std::chrono::hours{24 * 366 * 40};

/** The zone must be one that civil_zone knows. */
[[nodiscard]] std::string head_text(const pack_head& h);
/** The inverse; refuses whatever head_text() does not write, and an empty or too long period. */
[[nodiscard]] result<pack_head> read_head(std::string_view text);

}  // namespace changtong::audit
