#include "daemon/ledger/duty.h"

#include <boost/json.hpp>
#include <map>

#include "daemon/ledger/books.h"

namespace changtong::ledger {

availability::duty_rules duty_rules_in(std::string_view policy) {
  availability::duty_rules rules;
  boost::system::error_code failed;
  const boost::json::value all = boost::json::parse(policy, failed);
  if (failed || !all.is_object()) return rules;
  const auto* duty = all.get_object().if_contains("duty");
  if (duty == nullptr || !duty->is_object()) return rules;
  const auto* coverage = duty->get_object().if_contains("coverage_ppm");
  if (coverage != nullptr && coverage->is_int64() && coverage->get_int64() > 0 && coverage->get_int64() <= 1'000'000)
    rules.coverage_ppm = coverage->get_int64();
  const auto* automatic = duty->get_object().if_contains("automatic");
  rules.automatic = automatic != nullptr && automatic->is_bool() && automatic->get_bool();
  return rules;
}

std::vector<availability::duty_day> days_of_operation(const people_books& people, const reader& books, period p,
                                                      wall_t now) {
  std::map<std::string, availability::seconds> sums;
  for (const auto& row : ledger::books(books, p, now, grouping::day)) sums.emplace(row.key, row.sums);
  const auto policies = people.policies();
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
  return availability::duty_days(days, people.duties(days.front().day, days.back().day, 1'000'000), now);
}

}  // namespace changtong::ledger
