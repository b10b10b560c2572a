#include "daemon/books/carrier_figures.h"

#include <algorithm>

#include "daemon/availability/intervals.h"
#include "daemon/books/books.h"

namespace changtong {
namespace {

using availability::judgement;
using availability::repair_judgement;
using report::carrier_part;

constexpr std::size_t most_faults = 10'000;

/** The stretches of a line with one carrier. */
bool same_carrier(const ledger::target_words& a, const ledger::target_words& b) { return a.carrier == b.carrier; }

}  // namespace

carriers_part::carriers_part(const std::vector<books::dated_policy>& policies, const civil_zone& zone, period when,
                             wall_t known_to)
    : policies_(policies), zone_(zone), when_(when), known_to_(known_to) {}

void carriers_part::add(const ledger::known_target& t, const availability::target_history& h, report::target_row& row) {
  if (t.kind == "site" || intersect(h.scope, when_).empty()) return;
  const auto covered = books::covered_periods(policies_, zone_, t, when_);
  count(t, h, covered);
  row.agreed = books::agreed_parts(covered, h, {reach()});
  row.in_part = books::covered_in_part(covered, h, {when_});
  for (const books::covered_period& c : covered) {
    const bool year = c.what->period == contract_period::year;
    const wall_t known_to = year ? std::min(known_to_, when_.to) : known_to_;
    const auto r = availability::judge(*c.what, h, c.bucket, c.when, known_to);
    if (!r.sums.scope) continue;
    if (r.target == judgement::met || r.target == judgement::missed) {
      ++row.judged;
      row.met += r.target == judgement::met;
      row.proven += r.proven;
    }
    keep(parts_[c.what->carrier], t, c, r);
  }
}

/** Each carrier's lines, and those that were its own for a time that no contract covers. */
void carriers_part::count(const ledger::known_target& t, const availability::target_history& h,
                          const std::vector<books::covered_period>& covered) {
  std::set<std::string> carriers, uncovered;
  for (const auto& [words, own] : books::stretches(t, when_, same_carrier)) {
    const period seen = intersect(own, h.scope);
    if (seen.empty()) continue;
    carriers.insert(words->carrier);
    const bool any = std::ranges::any_of(
        covered, [&](const books::covered_period& c) { return !availability::clipped(c.when.measured, seen).empty(); });
    if (!any) uncovered.insert(words->carrier);
  }
  for (const std::string& c : carriers) ++parts_[c].lines;
  for (const std::string& c : uncovered) ++parts_[c].without_contract;
}

void carriers_part::keep(carrier_part& part, const ledger::known_target& t, const books::covered_period& covered,
                         const availability::contract_result& r) {
  const contract& c = *covered.what;
  report::contract_row row{.line = t.id,
                           .name = t.name,
                           .terms = c,
                           .period_name = covered.name,
                           .result = r,
                           .credits = {},
                           .recorded_late = covered.recorded_late};
  for (const auto& k : r.credits) row.credits.emplace_back(*k.band, k.amount);
  row.terms.lines.clear();  // of hundreds of lines only the contract's table could tell
  for (const auto& one : r.repairs) {
    const bool in_period = when_.holds(one.what->began);
    if (!in_period) continue;
    if (one.judgement != repair_judgement::no_limit) {
      ++part.repairs;
      part.repair_time += one.took;
      part.within += one.judgement == repair_judgement::within;
      part.over += one.judgement == repair_judgement::over;
      part.undecided += one.judgement == repair_judgement::undecided;
    }
    const bool fault =
        one.too_long || one.judgement == repair_judgement::over || one.judgement == repair_judgement::undecided;
    if (fault && part.faults.size() < most_faults)
      part.faults.push_back({t.id, t.name, *one.what, one.took, one.down, one.judgement, one.too_long, row.terms, {}});
  }
  if (r.total) part.credit = part.credit.value_or(0) + *r.total;
  if (terms_[c.carrier].insert(to_json(c)).second) part.contracts.push_back(row.terms);
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
