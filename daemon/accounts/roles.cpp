#include "daemon/accounts/roles.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace changtong::accounts {
namespace {

enum class power : std::uint8_t { none, administration, work, audit };

power power_of(role r) {
  switch (r) {
    case role::viewer:
      return power::none;
    case role::operating:
    case role::approver:
      return power::work;
    case role::auditor:
      return power::audit;
    case role::administrator:
      return power::administration;
  }
  return power::none;
}

/** Who asks for a window and who approves it may have both roles: the books take no approval of one's own request. */
constexpr std::array<roles (*)(), right_names.size()> holders{
    [] { return roles{role::operating, role::approver}; },       // request
    [] { return roles{role::approver}; },                        // approve
    [] { return roles{role::operating}; },                       // duty
    [] { return roles{role::operating, role::approver}; },       // annotate
    [] { return roles{role::approver}; },                        // close
    [] { return roles{role::administrator}; },                   // reload
    [] { return roles{role::operating}; },                       // import
    [] { return roles{role::approver}; },                        // evaluate
    [] { return roles{role::operating, role::approver}; },       // acknowledge
    [] { return roles{role::operating, role::administrator}; },  // channels
    [] { return roles{role::administrator}; },                   // users
    [] { return roles{role::auditor}; },                         // audit
};

result<void> may_be_together(const roles& all) {
  for (const role a : all)
    for (const role b : all)
      if (power_of(a) != power::none && power_of(b) != power::none && power_of(a) < power_of(b))
        return said(both("{} 与 {} 不得由一人兼任（三权分立）：请分给两个人",
                         "nobody may be {} and {} at once (separated powers): give them to two people", words_of(a),
                         words_of(b)),
                    problem_class::usage);
  return {};
}

}  // namespace

phrase words_of(role r) {
  static constexpr std::array<std::string_view, role_names.size()> chinese{"查看员", "操作员", "审批员", "审计员",
                                                                           "管理员"};
  const auto at = static_cast<std::size_t>(r);
  return {fmt::format("{}（{}）", chinese.at(at), role_names.at(at)), std::string(role_names.at(at))};
}

result<roles> roles_in(std::string_view words) {
  roles out;
  while (true) {
    const std::size_t comma = words.find(',');
    const std::string_view word = words.substr(0, comma);
    const auto known = std::ranges::find(role_names, word);
    if (known == role_names.end())
      return said(both("没有角色 {}：可用 {}", "there is no role {}: use some of {}", word, listed(role_names)),
                  problem_class::usage);
    out.push_back(static_cast<role>(known - role_names.begin()));
    if (comma == std::string_view::npos) break;
    words.remove_prefix(comma + 1);
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  if (const auto fine = may_be_together(out); !fine) return fine.error();
  return out;
}

std::string text_of(const roles& all) {
  std::string out;
  for (const role r : all) {
    if (!out.empty()) out += ',';
    out += role_names.at(static_cast<std::size_t>(r));
  }
  return out;
}

bool grants(const roles& held, right what) {
  const roles wanted = holders.at(static_cast<std::size_t>(what))();
  return std::ranges::find_first_of(held, wanted) != held.end();
}

std::vector<right> rights_of(const roles& held) {
  std::vector<right> out;
  for (std::size_t i = 0; i < right_names.size(); ++i)
    if (grants(held, static_cast<right>(i))) out.push_back(static_cast<right>(i));
  return out;
}

}  // namespace changtong::accounts
