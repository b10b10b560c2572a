#include "daemon/books/operation_days.h"

#include <algorithm>
#include <map>

#include "daemon/books/books.h"
#include "daemon/ledger/entry_rules.h"

namespace changtong::books {

std::vector<availability::operation_day> days_of_operation(const ledger::reader& books, period p, wall_t now) {
  std::map<std::string, availability::seconds> sums;
  for (const auto& row : books::books(books, p, now, grouping::day)) sums.emplace(row.key, row.sums);
  const auto policies = books.policies();
  std::vector<availability::day_to_judge> days;
  for (const period& cut : books.zone().split(p, civil_zone::unit::day)) {
    const period day = books.zone().around(cut.from, civil_zone::unit::day);
    std::string key = books.zone().key(day.from, civil_zone::unit::day);
    const auto measured = sums.find(key);
    days.push_back({.day = std::move(key),
                    .when = day,
                    .sums = measured == sums.end() ? availability::seconds{} : measured->second,
                    .rules = ledger::operation_rules_in(ledger::policy_at(policies, day.to - milliseconds{1}))});
  }
  if (days.empty()) return {};
  return availability::judge_days(days, books.duties(days.front().day, days.back().day), now);
}

std::vector<duty_record> daily_checks_due(const ledger::reader& books, wall_t now) {
  constexpr auto settled = std::chrono::minutes{10};
  constexpr auto looked_back = std::chrono::hours{24 * 7};
  const civil_zone& zone = books.zone();
  const wall_t known = std::min(now, books.heartbeat()) - settled;
  const auto policies = books.policies();
  std::vector<duty_record> due;
  const wall_t first = std::max(known - looked_back, std::min(books.first_entry(), known));
  for (const period& cut : zone.split({first, known}, civil_zone::unit::day)) {
    const period day = zone.around(cut.from, civil_zone::unit::day);
    if (day.to > known || !ledger::operation_rules_in(ledger::policy_at(policies, day.to - milliseconds{1})).automatic)
      continue;
    const std::string key = zone.key(day.from, civil_zone::unit::day);
    const auto there = books.duties(key, key);
    if (std::ranges::find(there, "automatic", &duty_record::source) != there.end()) continue;
    for (const auto& row : books::books(books, day, now, grouping::day)) {
      const auto [part, whole] = availability::coverage_of(row.sums);
      if (whole <= 0) continue;
      due.push_back({.at = now,
                     .day = key,
                     .person = "automatic",
                     .source = "automatic",
                     .author = "changtong",
                     .text = "覆盖率 / coverage " + availability::truncated_percent(part, whole, 3) + " %"});
    }
  }
  return due;
}

}  // namespace changtong::books
