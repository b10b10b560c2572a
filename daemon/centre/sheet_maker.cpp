#include "daemon/centre/sheet_maker.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "daemon/centre/node_books.h"
#include "daemon/centre/one_state.h"
#include "daemon/centre/schema.h"
#include "daemon/centre/standing_rows.h"
#include "daemon/host/clocks.h"

namespace changtong::centre {
namespace {

constexpr milliseconds patience_with_a_node{15'000};  // a part of its inventory is one answer
constexpr std::size_t walked_unasked = 64;            // lines

}  // namespace

sheet_maker::sheet_maker(database_place where, bounds within) : where_(std::move(where)), within_(std::move(within)) {
  where_.patience = std::max(where_.patience, patience_with_a_node);
}

sheet_maker::look::look(const folded_head& of)
    : branch(of.branch), known_to(of.folded_to), folded(of.folded), at(system_clocks().mono()) {}

bool sheet_maker::is_due(const folded_head& of, const look& last) const {
  if (last.branch != of.branch || of.folded_to >= last.known_to + within_.looked_every) return true;
  return last.folded != of.folded && system_clocks().mono() - last.at >= within_.looked_every;
}

sheet_maker::lacking sheet_maker::missing(database& db, const folded_head& of) {
  if (of.version != projections_version || of.folded_to == wall_t{}) return {};
  look& last = looked_[of.number];
  const bool due = is_due(of, last);
  if (!due && !last.again) return {};
  lacking out = lacks(db, of, due);
  if (due) last = look(of);
  last.again = out.sheets.size() > within_.at_once;
  if (last.again) out.sheets.erase(out.sheets.begin(), out.sheets.end() - static_cast<std::ptrdiff_t>(within_.at_once));
  return out;
}

sheet_maker::lacking sheet_maker::lacks(database& db, const folded_head& of, bool today_too) const {
  const auto opened = open_books(db, of);
  if (!opened) throw spoken_error(words_of(opened.error()));
  const std::vector<period> months = within_.months(opened->books->zone(), of.folded_to);
  const std::vector<period> days = within_.days(opened->books->zone(), months, of.folded_to);
  const auto ready = ready_sheets(db, {of.number, of.branch});
  lacking out;
  const auto add = [&](const period& when, bool day) {
    if (std::ranges::none_of(ready, [&](const ready_sheet& r) { return r.when == when && r.day == day; }))
      out.sheets.push_back({when, day});
  };
  for (const period& month : months) add(month, false);
  if (days.empty()) return out;
  out.days_from = days.front().from;
  for (std::size_t i = 0; i + 1 < days.size(); ++i) add(days[i], true);
  if (!today_too || !has_outgrown(db, of, ready, days.back())) return out;
  out.sheets.push_back({days.back(), true});
  out.standing = days.back().to;
  return out;
}

bool sheet_maker::has_outgrown(database& db, const folded_head& of, const std::vector<ready_sheet>& ready,
                               period today) const {
  const auto had = std::ranges::find_if(
      ready, [&](const ready_sheet& r) { return r.day && r.when.from == today.from && r.when.to <= today.to; });
  if (had == ready.end() || had->when.to + within_.day_grows_every <= today.to) return true;
  return standing_from(db, {of.number, of.branch}, of.folded) != had->when.to;
}

sheet_maker::made_sheets sheet_maker::made(const folded_head& of, const lacking& what,
                                           const std::function<void()>& still_wanted) const {
  const auto db = database::open(where_);
  if (!db) throw spoken_error(words_of(db.error()));
  if (const auto set = ask_by_index(**db); !set) throw spoken_error(words_of(set.error()));
  const one_state held(**db);
  const branch_of_node branch{of.number, of.branch};
  const bool goes_on = what.standing.has_value();
  // To know how lines go on the books are read as if they had no end: what was before it is the same.
  const auto opened = open_books(**db, of, true, {.only = {}, .endless = goes_on});
  if (!opened) throw spoken_error(words_of(opened.error()));
  made_sheets out;
  period all{what.sheets.front().when.from, goes_on ? wall_max : wall_min};
  for (const sheet_time& one : what.sheets) {
    out.sheets.push_back({.when = one.when, .cells = {}});
    all = {std::min(all.from, one.when.from), std::max(all.to, one.when.to)};
  }
  standing_made standing(what.standing.value_or(wall_max), folded_up_to(**db, branch));
  std::unordered_map<std::string, std::int64_t> numbers;
  if (goes_on) numbers = numbers_of_targets(**db, branch);
  std::size_t walked = 0;
  opened->books->histories(all, all.to, {}, [&](const ledger::known_target& t, const availability::target_history& h) {
    if (++walked % walked_unasked == 0) still_wanted();
    add_to_sheets(out.sheets, t, h);
    if (const auto number = numbers.find(t.id); number != numbers.end()) standing.add(number->second, t, h);
  });
  if (goes_on) out.standing = standing.taken();
  return out;
}

}  // namespace changtong::centre
