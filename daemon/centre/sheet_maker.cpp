#include "daemon/centre/sheet_maker.h"

#include <algorithm>
#include <utility>

#include "daemon/centre/node_books.h"
#include "daemon/centre/one_state.h"
#include "daemon/centre/schema.h"

namespace changtong::centre {
namespace {

constexpr milliseconds patience_with_a_node{15'000};  // a part of its inventory is one answer
constexpr std::size_t walked_unasked = 64;            // lines

}  // namespace

sheet_maker::sheet_maker(database_place where, bounds within) : where_(std::move(where)), within_(std::move(within)) {
  where_.patience = std::max(where_.patience, patience_with_a_node);
}

std::vector<period> sheet_maker::missing(database& db, const folded_head& of) {
  if (of.version != projections_version || of.folded_to == wall_t{}) return {};
  const auto [at, fresh] = looked_.try_emplace(of.number);
  look& last = at->second;
  if (!fresh && last.branch == of.branch && of.folded_to < last.known_to + within_.looked_every) return {};
  const auto opened = open_books(db, of);
  if (!opened) throw spoken_error(words_of(opened.error()));
  std::vector<period> months = within_.months(opened->books->zone(), of.folded_to);
  const auto ready = ready_sheets(db, {of.number, of.branch});
  std::erase_if(months, [&](const period& m) {
    return std::ranges::any_of(ready, [&](const period& r) { return !intersect(m, r).empty(); });
  });
  last = {of.branch, of.folded_to};
  if (months.size() > within_.at_once) {
    months.erase(months.begin(), months.end() - static_cast<std::ptrdiff_t>(within_.at_once));
    looked_.erase(at);  // there are more
  }
  return months;
}

std::vector<sheet> sheet_maker::made(const folded_head& of, const std::vector<period>& months,
                                     const std::function<void()>& still_wanted) const {
  const auto db = database::open(where_);
  if (!db) throw spoken_error(words_of(db.error()));
  if (const auto set = ask_by_index(**db); !set) throw spoken_error(words_of(set.error()));
  const one_state held(**db);
  const auto opened = open_books(**db, of);
  if (!opened) throw spoken_error(words_of(opened.error()));
  std::vector<sheet> out;
  for (const period& month : months) out.push_back({.when = month, .cells = {}});
  const period all{months.front().from, months.back().to};
  std::size_t walked = 0;
  opened->books->histories(all, all.to, {}, [&](const ledger::known_target& t, const availability::target_history& h) {
    if (++walked % walked_unasked == 0) still_wanted();
    add_to_sheets(out, t, h);
  });
  return out;
}

}  // namespace changtong::centre
