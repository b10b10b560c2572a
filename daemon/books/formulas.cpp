#include "daemon/books/formulas.h"

#include <algorithm>
#include <map>

#include "daemon/availability/intervals.h"
#include "daemon/books/agreed.h"

namespace changtong::books {
namespace {

using availability::formula;
using availability::group_value;
using availability::member;
using availability::seconds;
using availability::target_history;

struct group {
  seconds sums;
  std::vector<member> lines;
  std::optional<availability::snapshots> instants;
  std::int64_t in_part = 0;
};

std::optional<double> number(const std::optional<availability::part>& p) {
  return p ? std::optional(p->value()) : std::nullopt;
}

class grouped {
 public:
  grouped(const ledger::reader& from, period p, wall_t now, grouping by, formula f, milliseconds step,
          const std::vector<dated_policy>& policies)
      : from_(from), when_{p.from, std::min(p.to, now)}, by_(by), formula_(f), step_(step), policies_(policies) {
    if (by == grouping::day) buckets_ = from.zone().split(when_, civil_zone::unit::day);
    if (by == grouping::month) buckets_ = from.zone().split(when_, civil_zone::unit::month);
  }

  void add(const ledger::known_target& t, const target_history& h) {
    if (by_ == grouping::day || by_ == grouping::month) return add_by_time(t, h);
    std::map<std::string, std::vector<period>> limits;
    for (const auto& [words, own] : stretches(t, reach(), by_)) limits[*group_of(t, *words, by_)].push_back(own);
    const auto covered = covered_by_contracts(t, when_);
    for (const auto& [key, list] : limits) put(key, when_, t, h, list, covered);
  }

  /** Histories are read from here: contracts by the year look back. */
  [[nodiscard]] period reach() const {
    return formula_ == formula::r4 ? contract_reach(policies_, from_.zone(), when_) : when_;
  }

  [[nodiscard]] std::vector<group_books> rows() {
    std::vector<group_books> out;
    if (by_ == grouping::category)
      for (const auto& [id, name] : from_.categories())
        if (const auto found = groups_.find(id); found != groups_.end()) {
          out.push_back(row_of(id, name, found->second));
          groups_.erase(found);
        }
    for (const auto& [key, g] : groups_) out.push_back(row_of(key, key.empty() ? "（未填写）" : key, g));
    return out;
  }

 private:
  void add_by_time(const ledger::known_target& t, const target_history& h) {
    const auto unit = by_ == grouping::day ? civil_zone::unit::day : civil_zone::unit::month;
    for (const period& b : buckets_) {
      const period whole = formula_ == formula::r4 ? contract_reach(policies_, from_.zone(), b) : b;
      put(from_.zone().key(b.from, unit), b, t, h, {whole}, covered_by_contracts(t, b));
    }
  }

  [[nodiscard]] std::vector<covered_period> covered_by_contracts(const ledger::known_target& t, period p) const {
    if (formula_ != formula::r4) return {};
    return covered_periods(policies_, from_.zone(), t, p);
  }

  /** `list`: when the target is the group's, inside reach(); `whole`: what is asked for of it. */
  void put(const std::string& key, period whole, const ledger::known_target& t, const target_history& h,
           const std::vector<period>& list, const std::vector<covered_period>& covered) {
    member m{.id = t.id, .sums = {}, .agreed = {}};
    const auto asked = availability::clipped(list, whole);
    for (const period& own : asked)
      if (const seconds s = availability::measure(h, own); s.scope) m.sums += s;
    if (!m.sums.scope) return;
    group& g = groups_[key];
    g.sums += m.sums;
    if (formula_ == formula::r3) {
      if (!g.instants) g.instants.emplace(whole, step_);
      for (const period& own : asked) {
        target_history part = h;
        part.scope = intersect(h.scope, own);
        g.instants->add(part);
      }
      return;
    }
    if (formula_ == formula::r4) {
      m.agreed = agreed_parts(covered, h, list);
      g.in_part += covered_in_part(covered, h, asked) ? 1 : 0;
    }
    g.lines.push_back(std::move(m));
  }

  [[nodiscard]] group_books row_of(const std::string& key, const std::string& title, const group& g) const {
    group_books b{
        .row = {key, title, g.sums, availability::compute(g.sums, true), {}}, .value = {}, .in_part = g.in_part};
    if (formula_ == formula::r1) b.value = availability::r1(g.lines);
    if (formula_ == formula::r2) b.value = availability::r2(g.lines);
    if (formula_ == formula::r3) b.value = g.instants->value();
    if (formula_ == formula::r4) b.value = availability::r4(g.lines);
    b.row.values.formula = availability::text_of(formula_);
    if (formula_ == formula::r1) return b;  // its ratios are there already
    b.row.values.availability = number(b.value.value);
    b.row.values.lower = number(b.value.lower);
    b.row.values.upper = number(b.value.upper);
    if (b.value.value) b.row.units = b.value.value->units;
    b.row.printed = printed(b.value);
    return b;
  }

  static std::vector<std::string> printed(const group_value& v) {
    const auto text = [](const std::optional<availability::part>& p) {
      return p ? availability::truncated_percent(p->units, availability::part::one, 5) : std::string("—");
    };
    const bool unseen = v.value && v.value->units == availability::part::one && v.lower != v.value;
    return {unseen ? "未观测到中断" : text(v.value), text(v.lower), text(v.upper)};
  }

  const ledger::reader& from_;
  period when_;
  grouping by_;
  formula formula_;
  milliseconds step_;
  const std::vector<dated_policy>& policies_;
  std::vector<period> buckets_;
  std::map<std::string, group> groups_;
};

}  // namespace

std::vector<group_books> books_by(const ledger::reader& from, period p, wall_t now, grouping by, formula f,
                                  milliseconds step, const std::vector<dated_policy>& policies) {
  grouped all(from, p, now, by, f, step, policies);
  from.histories(all.reach(), now, {}, [&](const ledger::known_target& t, const target_history& h) { all.add(t, h); });
  return all.rows();
}

}  // namespace changtong::books
