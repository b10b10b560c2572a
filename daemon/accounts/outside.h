#pragma once
/** What somebody may do whose password an office's directory knows. Pure. */
#include <string>
#include <vector>

#include "daemon/accounts/roles.h"
#include "daemon/accounts/user_book.h"
#include "daemon/core/directory.h"

namespace changtong::accounts {

/** Whether the directory is asked of them: nobody here is called so, or somebody entered as the
 * directory's. Whoever is invited and has not come yet is ours. */
[[nodiscard]] bool is_outside(const user* here);

/** By the file of users, where it has them; else by what the settings say of their name and groups, all of it. None:
 * they may not come in - nothing gives them a role, they are disabled here, their password is ours, or what is given
 * may not be held by one person. Nobody has a role by default. */
[[nodiscard]] roles outside_roles(const directory_settings& at, const user_book& here, const std::string& name,
                                  const std::vector<std::string>& groups);

}  // namespace changtong::accounts
