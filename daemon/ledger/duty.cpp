#include "daemon/ledger/duty.h"

#include <map>

#include "daemon/ledger/books.h"
#include "daemon/ledger/policy.h"

namespace changtong::ledger {

std::vector<availability::duty_day> days_of_operation(const reader& books, period p, wall_t now) {
  std::map<std::string, availability::seconds> sums;
  for (const auto& row : ledger::books(books, p, now, grouping::day)) sums.emplace(row.key, row.sums);
  const auto policies = books.policies();
  std::vector<availability::operation_day> days;
  for (const period& cut : books.zone().split(p, civil_zone::unit::day)) {
    const period day = books.zone().around(cut.from, civil_zone::unit::day);
    std::string key = books.zone().key(day.from, civil_zone::unit::day);
    const auto measured = sums.find(key);
    days.push_back({.day = std::move(key),
                    .when = day,
                    .sums = measured == sums.end() ? availability::seconds{} : measured->second,
                    .rules = duty_rules_in(policy_at(policies, day.to - milliseconds{1}))});
  }
  if (days.empty()) return {};
  return availability::duty_days(days, books.duties(days.front().day, days.back().day), now);
}

}  // namespace changtong::ledger
