#include "daemon/availability/operation_days.h"

#include <algorithm>
#include <map>

namespace changtong::availability {
namespace {

/** part / whole >= ppm / 1,000,000, without a rounding on the way. */
bool reaches(std::int64_t part, std::int64_t whole, std::int64_t ppm) {
  return static_cast<__int128>(part) * 1'000'000 >= static_cast<__int128>(whole) * ppm;
}

operation_judgement judged(const day_to_judge& d, bool recorded, wall_t now) {
  if (d.when.to > now) return operation_judgement::not_over;
  const auto [part, whole] = coverage_of(d.sums);
  if (whole <= 0) return operation_judgement::not_measured;
  if (!reaches(part, whole, d.rules.coverage_ppm)) return operation_judgement::low_coverage;
  return recorded ? operation_judgement::counts : operation_judgement::no_record;
}

}  // namespace

std::pair<std::int64_t, std::int64_t> coverage_of(const seconds& s) {
  return {(s.up + s.down).count(), (s.up + s.down + s.unknown).count()};
}

std::vector<operation_day> judge_days(std::span<const day_to_judge> days, std::span<const duty_record> records,
                                      wall_t now) {
  std::multimap<std::string_view, const duty_record*> by_day;
  for (const duty_record& r : records) by_day.emplace(r.day, &r);
  std::vector<operation_day> out;
  for (const day_to_judge& d : days) {
    operation_day row{.day = d.day, .sums = d.sums, .persons = {}};
    const auto [first, last] = by_day.equal_range(d.day);
    bool in_time = false;
    for (auto it = first; it != last; ++it) {
      const duty_record& r = *it->second;
      if (r.source == "automatic" && !d.rules.automatic) continue;
      if (r.source != "automatic" && is_roster(r, d.when.from)) continue;
      in_time |= !entered_late(r, d.when.to);
      if (std::ranges::find(row.persons, r.person) == row.persons.end()) row.persons.push_back(r.person);
    }
    row.late = !row.persons.empty() && !in_time;
    row.judgement = judged(d, !row.persons.empty(), now);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace changtong::availability
