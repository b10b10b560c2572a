#include "daemon/books/window_list.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "daemon/ledger/entry_rules.h"
#include "daemon/ledger/windows.h"

namespace changtong::books {
namespace {

/** How long the target was down from `end` on without a break, as far as anybody knows. */
milliseconds down_after(const availability::outage& o, wall_t end, wall_t known) {
  wall_t until = std::min(o.ended, known);
  for (const period& hole : o.holes)
    if (hole.to > end) until = std::min(until, std::max(hole.from, end));
  return o.began <= end ? period{end, until}.length() : milliseconds{0};
}

/** A period of every_target is for each target whose scope it meets. */
void spread(std::map<std::string, period>& excluded, const ledger::reader& books) {
  const auto every = excluded.extract(std::string(every_target));
  if (every.empty()) return;
  books.histories(every.mapped(), wall_max, {},
                  [&](const ledger::known_target& t, const availability::target_history& h) {
                    if (const period cut = intersect(h.scope, every.mapped()); !cut.empty())
                      excluded.try_emplace(t.id, cut);
                  });
}

/** Down time directly after each end, by target; what ended later than `known` has no after yet. */
void add_overrun(listed_window& row, const std::map<std::string, period>& excluded, const ledger::reader& books,
                 wall_t known) {
  std::map<wall_t, std::vector<availability::outage>> at_end;
  for (const auto& [target, when] : excluded) {
    if (when.to >= known) continue;
    const auto [there, fresh] = at_end.try_emplace(when.to);
    if (fresh) there->second = books.outages({when.to, when.to + milliseconds{1}}, {}, 1'000'000);
    for (const availability::outage& o : there->second) {
      const milliseconds over = o.target == target ? down_after(o, when.to, known) : milliseconds{0};
      if (over <= milliseconds{0}) continue;
      row.overrun = std::max(row.overrun, over);
      row.overrun_targets.push_back(target);
    }
  }
}

/** One window from its records, at least one. */
listed_window listed(const std::vector<window_record>& records, ledger::window_policies& policies,
                     const ledger::reader& books, wall_t now) {
  listed_window row;
  row.story = ledger::story_of(records, now, std::ref(policies));
  std::map<std::string, period> excluded;
  for (const auto& [target, of_it] : ledger::steps_by_target(records)) {
    const ledger::window_rules& rules = policies(of_it.back().when.from);
    const period p = ledger::excluded_by(of_it, rules);
    row.short_notice |= p.empty() && rules.lead > milliseconds{0} && !ledger::excluded_by(of_it).empty();
    if (p.empty()) continue;
    row.excluded = excluded.empty() ? p : period{std::min(row.excluded.from, p.from), std::max(row.excluded.to, p.to)};
    excluded.emplace(target, p);
  }
  spread(excluded, books);
  row.excluded_targets = excluded.size();
  add_overrun(row, excluded, books, std::min(now, books.heartbeat()));
  return row;
}

}  // namespace

std::vector<listed_window> list_windows(const ledger::reader& books, period p, std::string_view only, wall_t now,
                                        std::size_t limit) {
  struct found {
    bool asked = false;
    std::vector<window_record> records;
  };
  std::vector<found> all;
  std::unordered_map<std::string, std::size_t> place;
  for (ledger::window_entry& e : books.windows()) {
    const auto [at, fresh] = place.try_emplace(e.what.id, all.size());
    if (fresh) all.emplace_back();
    found& w = all[at->second];
    w.asked |= !intersect(p, {e.what.from, e.what.to}).empty() &&
               (only.empty() || e.what.target == only || e.what.target == every_target);
    w.records.push_back(std::move(e.what));
  }
  ledger::window_policies policies(books.policies());
  std::vector<listed_window> rows;
  for (const found& w : all)
    if (w.asked && rows.size() < limit) rows.push_back(listed(w.records, policies, books, now));
  return rows;
}

}  // namespace changtong::books
