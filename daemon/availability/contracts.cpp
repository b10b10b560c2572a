#include "daemon/availability/contracts.h"

#include <algorithm>

#include "daemon/availability/intervals.h"

namespace changtong::availability {
namespace {

/** What the contract removes: windows, and outages that were the user's power. */
target_history as_agreed(const contract& c, const target_history& h, window_treatment windows) {
  target_history agreed = h;
  if (windows == window_treatment::counted) agreed.excluded.clear();
  if (c.user_power == power_treatment::excluded)
    for (const outage& o : h.outages)
      if (o.found == cause::site_power) agreed.excluded.push_back({o.began, o.ended});
  agreed.excluded = united(std::move(agreed.excluded));
  return agreed;
}

/** The sums of `parts`, in order and not overlapping: what lies between them is as if it were not in scope. */
seconds measure_parts(target_history h, const std::vector<period>& parts) {
  if (parts.empty()) return {};
  const period hull{parts.front().from, parts.back().to};
  const auto between = without({hull}, united(parts));
  h.outside.insert(h.outside.end(), between.begin(), between.end());
  h.outside = united(std::move(h.outside));
  return measure(h, hull);
}

/** The target's share of down time in what was measured and what is still to come. */
milliseconds budget_of(const contract& c, const target_history& h, const contract_time& covered, const seconds& s) {
  std::vector<period> left = clipped(covered.measured, {h.scope.to, wall_max});
  left.insert(left.end(), covered.later.begin(), covered.later.end());
  left = clipped(united(std::move(left)), validity(c));
  if (!covered.goes_on) left.clear();
  if (c.windows != window_treatment::counted) left = without(left, united(h.excluded));
  const share t = *c.availability_target;
  return milliseconds{portion_below((s.up + s.down + total(left)).count(), t.whole - t.part, t.whole)};
}

judgement judged(const contract& c, const seconds& s) {
  if (!c.availability_target) return judgement::no_target;
  const std::int64_t measured = (s.up + s.down).count();
  if (measured == 0) return judgement::no_value;
  return reaches(s.up.count(), measured, *c.availability_target) ? judgement::met : judgement::missed;
}

repair repair_of(const contract& c, const outage& o, const target_history& agreed, wall_t known_to) {
  repair r{.what = &o};
  r.down = down_time(o, {agreed.scope.from, std::min(agreed.scope.to, known_to)}, agreed.excluded);
  r.took = std::max(milliseconds{0}, std::min(o.ended, known_to) - o.confirmed);
  r.too_long = c.max_single_outage && r.down > *c.max_single_outage;
  if (!c.repair_limit) return r;
  r.judgement = r.took <= *c.repair_limit            ? repair_judgement::within
                : c.clock == repair_clock::discovery ? repair_judgement::over
                                                     : repair_judgement::undecided;
  return r;
}

class crediting {
 public:
  crediting(const contract& c, const contract_bucket& bucket, contract_result& into)
      : c_(c), bucket_(bucket), r_(into) {
    if (c.monthly_fee) r_.fee = *c.monthly_fee * (c.period == contract_period::year ? 12 : 1);
  }

  void by_availability() {
    const std::int64_t measured = (r_.sums.up + r_.sums.down).count();
    const credit_band* lowest = nullptr;
    for (const credit_band& b : c_.credit_bands) {
      if (!b.below || measured == 0 || reaches(r_.sums.up.count(), measured, *b.below)) continue;
      if (lowest == nullptr || reaches(lowest->below->part, lowest->below->whole, *b.below)) lowest = &b;
    }
    if (lowest != nullptr) add(*lowest);
  }

  void by_length(milliseconds down) {
    const credit_band* longest = nullptr;
    for (const credit_band& b : c_.credit_bands)
      if (b.outage_longer_than && down > *b.outage_longer_than &&
          (longest == nullptr || *b.outage_longer_than > *longest->outage_longer_than))
        longest = &b;
    if (longest != nullptr) add(*longest);
  }

  void sum() {
    if (!r_.fee) return;
    fen total = 0;
    for (const credit& k : r_.credits) total += *k.amount;
    if (c_.credit_cap) total = std::min(total, portion(*r_.fee, c_.credit_cap->part, c_.credit_cap->whole));
    r_.total = total;
  }

 private:
  void add(const credit_band& b) {
    credit k{.band = &b, .amount = {}};
    if (r_.fee)
      k.amount = b.of_fee ? portion(*r_.fee, b.of_fee->part, b.of_fee->whole) : portion(*r_.fee, b.days, bucket_.days);
    r_.credits.push_back(k);
  }

  const contract& c_;
  const contract_bucket& bucket_;
  contract_result& r_;
};

/** Repairs and credits of the outages that began in `parts`. */
void settle(const contract& c, const target_history& h, const contract_bucket& bucket, const target_history& agreed,
            const std::vector<period>& parts, wall_t known_to, contract_result& r) {
  crediting money(c, bucket, r);
  if (r.complete) money.by_availability();
  for (const outage& o : h.outages) {
    if (std::ranges::none_of(parts, [&](const period& p) { return p.holds(o.began); })) continue;
    const repair one = repair_of(c, o, agreed, known_to);
    if (one.down.count() == 0) continue;
    r.repairs.push_back(one);
    if (r.complete) money.by_length(one.down);
  }
  if (r.complete) money.sum();
}

}  // namespace

milliseconds down_time(const outage& o, period frame, const std::vector<period>& excluded) {
  return total(without(without(clipped({{o.began, o.ended}}, frame), united(o.holes)), excluded));
}

seconds agreed_sums(const contract& c, const target_history& h, const std::vector<period>& parts) {
  return measure_parts(as_agreed(c, h, c.windows), parts);
}

contract_result judge(const contract& c, const target_history& h, const contract_bucket& bucket,
                      const contract_time& covered, wall_t known_to) {
  contract_result r;
  r.complete = bucket.when.to <= known_to;
  const auto parts = without(clipped(clipped(covered.measured, validity(c)), h.scope), h.outside);
  if (parts.empty()) return r;
  r.when = {parts.front().from, parts.back().to};
  const period seen{bucket.when.from, std::min(bucket.when.to, known_to)};
  if (!without(without(clipped({h.scope}, seen), h.outside), parts).empty()) r.only = parts;
  const target_history agreed = as_agreed(c, h, c.windows);
  r.sums = measure_parts(agreed, parts);
  if (c.windows == window_treatment::shown)
    r.with_windows = measure_parts(as_agreed(c, h, window_treatment::counted), parts);
  if (c.user_power == power_treatment::excluded)
    for (const outage& o : h.outages)
      if (o.found == cause::site_power)
        for (const period& p : parts) r.power += down_time(o, p, {});
  r.target = judged(c, r.sums);
  r.proven = r.target == judgement::met &&
             reaches(r.sums.up.count(), (r.sums.up + r.sums.down + r.sums.unknown).count(), *c.availability_target);
  if (c.availability_target) r.budget = budget_of(c, h, covered, r.sums);
  settle(c, h, bucket, agreed, parts, known_to, r);
  return r;
}

}  // namespace changtong::availability
