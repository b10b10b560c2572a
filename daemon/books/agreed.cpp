#include "daemon/books/agreed.h"

#include <algorithm>

#include "daemon/availability/intervals.h"
#include "daemon/books/books.h"

namespace changtong::books {
namespace {

using availability::clipped;
using availability::without;

/** What decides which contract covers a line. */
bool same_to_contracts(const ledger::target_words& a, const ledger::target_words& b) {
  return a.carrier == b.carrier && a.category == b.category && a.grade == b.grade;
}

bool any_by(const std::vector<dated_policy>& versions, contract_period unit) {
  return std::ranges::any_of(versions, [&](const dated_policy& v) {
    return std::ranges::find(v.what.contracts, unit, &contract::period) != v.what.contracts.end();
  });
}

civil_zone::unit civil(contract_period unit) {
  return unit == contract_period::year ? civil_zone::unit::year : civil_zone::unit::month;
}

class covering {
 public:
  covering(const std::vector<dated_policy>& versions, const civil_zone& zone, const ledger::known_target& t, period p)
      : versions_(versions),
        zone_(zone),
        t_(t),
        p_(p),
        life_{t.accepted.value_or(wall_min), t.closed.value_or(wall_max)} {}

  void add(contract_period unit) {
    if (!any_by(versions_, unit)) return;
    for (const period& asked : zone_.split(p_, civil(unit))) {
      const period whole = zone_.around(asked.from, civil(unit));
      add(unit, whole, unit == contract_period::year ? period{whole.from, asked.to} : asked);
    }
  }

  std::vector<covered_period> all;

 private:
  void add(contract_period unit, period whole, period asked) {
    const std::size_t first = all.size();
    for (const auto& [words, own] : stretches(t_, whole, same_to_contracts))
      for (const contract_in_force& c : contracts_for(versions_, {t_.id, words->carrier, words->category, words->grade},
                                                      intersect(own, life_), asked.to))
        if (c.what->period == unit) put(first, c, whole, asked);
    const auto unmeasured = [](const covered_period& c) { return c.when.measured.empty(); };
    const auto here = all.begin() + static_cast<std::ptrdiff_t>(first);
    all.erase(std::remove_if(here, all.end(), unmeasured), all.end());
  }

  void put(std::size_t first, const contract_in_force& c, period whole, period asked) {
    auto at = std::find_if(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(),
                           [&](const covered_period& other) { return other.what == c.what; });
    if (at == all.end()) {
      const auto days = static_cast<std::int64_t>(zone_.split(whole, civil_zone::unit::day).size());
      at = all.insert(all.end(), {.what = c.what,
                                  .recorded_late = c.recorded_late,
                                  .bucket = {whole, days},
                                  .name = zone_.key(whole.from, civil(c.what->period)),
                                  .when = {.measured = {}, .later = {}, .goes_on = !t_.removed}});
    }
    append(at->when.measured, intersect(c.when, asked));
    append(at->when.later, intersect(c.when, {asked.to, whole.to}));
  }

  static void append(std::vector<period>& to, period p) {
    if (p.empty()) return;
    to.push_back(p);
    to = availability::united(std::move(to));
  }

  const std::vector<dated_policy>& versions_;
  const civil_zone& zone_;
  const ledger::known_target& t_;
  period p_, life_;
};

/** Both in order and not overlapping. */
std::vector<period> inside(const std::vector<period>& parts, const std::vector<period>& limits) {
  return without(parts, without(parts, limits));
}

}  // namespace

std::vector<covered_period> covered_periods(const std::vector<dated_policy>& versions, const civil_zone& zone,
                                            const ledger::known_target& t, period p) {
  if (t.kind == "site" || p.empty()) return {};
  covering c(versions, zone, t, p);
  c.add(contract_period::month);
  c.add(contract_period::year);
  return std::move(c.all);
}

period contract_reach(const std::vector<dated_policy>& versions, const civil_zone& zone, period p) {
  if (!any_by(versions, contract_period::year)) return p;
  return {zone.around(p.from, civil_zone::unit::year).from, p.to};
}

std::vector<availability::agreed_part> agreed_parts(const std::vector<covered_period>& all,
                                                    const availability::target_history& h,
                                                    const std::vector<period>& limits) {
  std::vector<availability::agreed_part> out;
  for (const covered_period& c : all) {
    if (!c.what->availability_target) continue;
    const auto sums = availability::agreed_sums(*c.what, h, inside(c.when.measured, limits));
    if (sums.scope) out.push_back({sums, *c.what->availability_target});
  }
  return out;
}

bool covered_in_part(const std::vector<covered_period>& all, const availability::target_history& h,
                     const std::vector<period>& limits) {
  std::vector<period> covered;
  for (const covered_period& c : all)
    if (c.what->availability_target) covered.insert(covered.end(), c.when.measured.begin(), c.when.measured.end());
  const auto asked = without(clipped(limits, h.scope), h.outside);
  const auto open = without(asked, availability::united(std::move(covered)));
  return !open.empty() && availability::total(open) < availability::total(asked);
}

}  // namespace changtong::books
