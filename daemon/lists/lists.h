#pragma once
/** The books, the lists of what people entered and what was told of outages, as the text that the command line prints.
 * Written here, so that a command line with the ledger and one that only reaches a running daemon say the same, byte
 * for byte. Reads, enters nothing, asks for no time. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/result.h"
#include "daemon/ledger/reader.h"

namespace changtong::lists {

/** What of it is wanted; each list says which of these it looks at. */
struct wanted {
  period when{wall_min, wall_max};  ///< an open side: from the beginning, to the end
  std::string line;                 ///< id; empty: of any
  std::string of;                   ///< what kind::of names; empty: of any, of a year the present one
  bool open = false;                ///< only what is not over
  std::string format = "table";     ///< table, json or csv, of outages and availability sheet too (report::format); of
                                    ///< closings table or json; of due tickets text, html or csv
};

/** One list. `write` throws as the reader does; its problem is about `of`, where it has one. */
struct kind {
  std::string_view name;  ///< in /api/v1/lists/…
  std::string_view of{};  ///< what else it can be narrowed to: an option, and a parameter, of that name
  result<std::string> (*write)(const ledger::reader& from, const wanted& what, wall_t now);
  /** What of it does not hold, a sentence each; null: nothing is looked at. May take long. */
  std::vector<std::string> (*doubts)(const ledger::reader& from) = nullptr;
};

[[nodiscard]] result<std::string> write_outages(const ledger::reader& from, const wanted& what, wall_t now);
[[nodiscard]] result<std::string> write_availability(const ledger::reader& from, const wanted& what, wall_t now);
[[nodiscard]] result<std::string> write_closings(const ledger::reader& from, const wanted& what, wall_t now);
[[nodiscard]] std::vector<std::string> doubts_of_closings(const ledger::reader& from);
[[nodiscard]] result<std::string> write_windows(const ledger::reader& from, const wanted& what, wall_t now);
[[nodiscard]] result<std::string> write_duty(const ledger::reader& from, const wanted& what, wall_t now);
[[nodiscard]] result<std::string> write_duty_days(const ledger::reader& from, const wanted& what, wall_t now);
[[nodiscard]] result<std::string> write_counters(const ledger::reader& from, const wanted& what, wall_t now);
[[nodiscard]] result<std::string> write_verdicts(const ledger::reader& from, const wanted& what, wall_t now);
[[nodiscard]] result<std::string> write_alerts(const ledger::reader& from, const wanted& what, wall_t now);
[[nodiscard]] result<std::string> write_tickets(const ledger::reader& from, const wanted& what, wall_t now);
[[nodiscard]] result<std::string> write_due_tickets(const ledger::reader& from, const wanted& what, wall_t now);

inline constexpr kind outages{"outages", {}, write_outages};                   ///< when, line
inline constexpr kind availability{"availability", "by", write_availability};  ///< when; of: a grouping, lines if empty
inline constexpr kind closings{"closings", {}, write_closings, doubts_of_closings};
inline constexpr kind windows{"windows", {}, write_windows};              ///< when, line
inline constexpr kind duty{"duty", {}, write_duty};                       ///< when, by the day
inline constexpr kind duty_days{"duty_days", "year", write_duty_days};    ///< of: a civil year
inline constexpr kind counters{"counters", "counter", write_counters};    ///< when, of
inline constexpr kind verdicts{"verdicts", "plan", write_verdicts};       ///< of
inline constexpr kind alerts{"alerts", {}, write_alerts};                 ///< when it was opened, line, open
inline constexpr kind tickets{"tickets", {}, write_tickets};              ///< when it was reported, line, open
inline constexpr kind due_tickets{"due_tickets", {}, write_due_tickets};  ///< as they are now; empty where none is due

}  // namespace changtong::lists
