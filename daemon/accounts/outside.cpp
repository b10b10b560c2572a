#include "daemon/accounts/outside.h"

#include <algorithm>

namespace changtong::accounts {

bool is_outside(const user* here) { return here == nullptr || here->directory; }

roles outside_roles(const directory_settings& at, const user_book& here, const std::string& name,
                    const std::vector<std::string>& groups) {
  const user* known = here.find(name);
  if (!is_outside(known)) return {};
  if (known != nullptr) return known->disabled ? roles{} : known->may;
  std::string all;
  for (const directory_role& r : at.roles) {
    const bool theirs = r.group.empty() ? r.user == name : std::ranges::find(groups, r.group) != groups.end();
    if (theirs) all += (all.empty() ? "" : ",") + r.roles;
  }
  const auto may = roles_in(all);
  return may ? *may : roles{};
}

}  // namespace changtong::accounts
