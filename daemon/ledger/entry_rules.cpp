#include "daemon/ledger/entry_rules.h"

#include <boost/json.hpp>

namespace changtong::ledger {
namespace {

/** The object under `key`; empty if there is none. */
boost::json::object section(std::string_view policy, std::string_view key) {
  boost::system::error_code failed;
  const boost::json::value all = boost::json::parse(policy, failed);
  if (failed || !all.is_object()) return {};
  const auto* found = all.get_object().if_contains(key);
  return found != nullptr && found->is_object() ? found->get_object() : boost::json::object{};
}

}  // namespace

std::string_view policy_at(const std::vector<policy_version>& all, wall_t at) {
  std::string_view in_force = all.empty() ? std::string_view{} : std::string_view(all.front().policy);
  for (const policy_version& p : all)
    if (p.at <= at) in_force = p.policy;
  return in_force;
}

late_approval late_approval_in(std::string_view policy) {
  const boost::json::object windows = section(policy, "windows");
  const auto* late = windows.if_contains("late_approval");
  return late != nullptr && late->is_string() && late->get_string() == "allow" ? late_approval::allow
                                                                               : late_approval::none;
}

window_rules window_rules_in(std::string_view policy) {
  const boost::json::object windows = section(policy, "windows");
  const auto* lead = windows.if_contains("window_lead_ms");
  const bool stated = lead != nullptr && lead->is_int64() && lead->get_int64() > 0 && lead->get_int64() < (1LL << 40);
  if (stated) return {late_approval::none, milliseconds{lead->get_int64()}};
  return {late_approval_in(policy)};
}

const window_rules& window_policies::operator()(wall_t begins) {
  const auto [at, fresh] = read_.try_emplace(begins);
  if (fresh) at->second = window_rules_in(policy_at(all_, begins));
  return at->second;
}

availability::operation_rules operation_rules_in(std::string_view policy) {
  availability::operation_rules rules;
  const boost::json::object duty = section(policy, "duty");
  const auto* coverage = duty.if_contains("coverage_ppm");
  if (coverage != nullptr && coverage->is_int64() && coverage->get_int64() > 0 && coverage->get_int64() <= 1'000'000)
    rules.coverage_ppm = coverage->get_int64();
  const auto* automatic = duty.if_contains("automatic");
  rules.automatic = automatic != nullptr && automatic->is_bool() && automatic->get_bool();
  return rules;
}

}  // namespace changtong::ledger
