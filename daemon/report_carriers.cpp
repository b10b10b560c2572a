#include "daemon/report_carriers.h"

#include <algorithm>

#include "daemon/ledger/books.h"

namespace changtong {
namespace {

using availability::judgement;
using availability::repair_verdict;
using report::carrier_part;

constexpr std::size_t most_faults = 10'000;

std::int64_t days_of(const civil_zone& zone, period p) {
  return static_cast<std::int64_t>(zone.split(p, civil_zone::unit::day).size());
}

/** What decides which contract covers a line. */
bool same_to_contracts(const ledger::target_words& a, const ledger::target_words& b) {
  return a.carrier == b.carrier && a.category == b.category && a.grade == b.grade;
}

}  // namespace

carriers_part::carriers_part(const std::vector<ledger::dated_policy>& policies, const civil_zone& zone, period when,
                             wall_t known_to)
    : policies_(policies), when_(when), reach_(when), known_to_(known_to) {
  const auto add = [&](period p, civil_zone::unit u, contract_period unit) {
    buckets_.push_back({{p, days_of(zone, p)}, unit, zone.key(p.from, u)});
  };
  for (const period& month : zone.split(when, civil_zone::unit::month))
    add(month, civil_zone::unit::month, contract_period::month);
  bool yearly = false;
  for (const auto& v : policies)
    for (const contract& c : v.what.contracts) yearly = yearly || c.period == contract_period::year;
  if (!yearly) return;
  const period year = zone.around(when.from, civil_zone::unit::year);
  add(year, civil_zone::unit::year, contract_period::year);
  reach_.from = year.from;
}

void carriers_part::add(const ledger::known_target& t, const availability::target_history& h, report::target_row& row) {
  if (t.kind == "site" || intersect(h.scope, when_).empty()) return;
  std::set<std::string> carriers, uncovered;
  row.agreed = {};
  for (const auto& [said, own] : ledger::stretches(t, when_, same_to_contracts)) {
    if (intersect(own, h.scope).empty()) continue;
    const ledger::target_words& words = *said;
    parts_[words.carrier];
    carriers.insert(words.carrier);
    const auto at_end = ledger::contract_for(policies_, {t.id, words.carrier, words.category, words.grade}, own);
    row.target = at_end.what != nullptr ? at_end.what->availability_target : std::nullopt;
    row.agreed +=
        at_end.what != nullptr ? availability::agreed_sums(*at_end.what, h, own) : availability::measure(h, own);
    if (!judge_stretch(t, words, h, own, row)) uncovered.insert(words.carrier);
  }
  for (const std::string& c : carriers) ++parts_[c].lines;
  for (const std::string& c : uncovered) ++parts_[c].without_contract;
}

/** False where no contract covered any of it. */
bool carriers_part::judge_stretch(const ledger::known_target& t, const ledger::target_words& words,
                                  const availability::target_history& h, period own, report::target_row& row) {
  bool covered = false;
  for (const bucket& b : buckets_) {
    // What a contract of a year looks back to is its own: the words of the period asked for stand for it.
    const period part =
        b.unit == contract_period::year ? period{b.what.when.from, own.to} : intersect(b.what.when, own);
    const period seen = intersect(part, h.scope);
    if (seen.empty()) continue;
    const auto found = ledger::contract_for(policies_, {t.id, words.carrier, words.category, words.grade}, part);
    if (found.what == nullptr || found.what->period != b.unit) continue;
    covered = true;
    const wall_t known_to = b.unit == contract_period::year ? std::min(known_to_, when_.to) : known_to_;
    const auto r = availability::judge(*found.what, h, b.what, part, known_to);
    if (!r.sums.scope) continue;
    if (r.target == judgement::met || r.target == judgement::missed) {
      ++row.judged;
      row.met += r.target == judgement::met;
      row.proven += r.proven;
    }
    keep(parts_[words.carrier], t, found, b, r);
  }
  return covered;
}

void carriers_part::keep(carrier_part& part, const ledger::known_target& t, const ledger::contract_in_force& found,
                         const bucket& b, const availability::contract_result& r) {
  const contract& c = *found.what;
  report::contract_row row{.line = t.id,
                           .name = t.name,
                           .terms = c,
                           .period_name = b.name,
                           .result = r,
                           .credits = {},
                           .recorded_late = found.recorded_late};
  for (const auto& k : r.credits) row.credits.emplace_back(*k.band, k.amount);
  row.terms.lines.clear();  // of hundreds of lines only the contract's table could tell
  for (const auto& one : r.repairs) {
    const bool in_period = when_.holds(one.what->began);
    if (!in_period) continue;
    if (one.verdict != repair_verdict::no_limit) {
      ++part.repairs;
      part.repair_time += one.took;
      part.within += one.verdict == repair_verdict::within;
      part.over += one.verdict == repair_verdict::over;
      part.undecided += one.verdict == repair_verdict::undecided;
    }
    const bool fault = one.too_long || one.verdict == repair_verdict::over || one.verdict == repair_verdict::undecided;
    if (fault && part.faults.size() < most_faults)
      part.faults.push_back({t.id, t.name, *one.what, one.took, one.down, one.verdict, one.too_long, row.terms});
  }
  if (r.total) part.credit = part.credit.value_or(0) + *r.total;
  if (terms_[part.carrier.empty() ? c.carrier : part.carrier].insert(to_json(c)).second)
    part.contracts.push_back(row.terms);
  row.result.repairs.clear();  // they point into the history, which ends with this line
  row.result.credits.clear();
  part.periods.push_back(std::move(row));
}

std::vector<carrier_part> carriers_part::parts(const std::vector<report::availability_row>& rows) {
  std::vector<carrier_part> out;
  for (auto& [carrier, part] : parts_) {
    part.carrier = carrier;
    if (const auto row = std::ranges::find(rows, carrier, &report::availability_row::key); row != rows.end())
      part.row = *row;
    std::ranges::sort(part.periods, [](const auto& a, const auto& b) {
      return std::tie(a.line, a.period_name, a.terms.id) < std::tie(b.line, b.period_name, b.terms.id);
    });
    std::ranges::sort(part.faults, [](const auto& a, const auto& b) {
      return std::tie(a.what.began, a.line) < std::tie(b.what.began, b.line);
    });
    out.push_back(std::move(part));
  }
  return out;
}

}  // namespace changtong
