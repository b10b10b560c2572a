#pragma once
/** Who may sign in at this daemon, and how the first one comes in. */
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/accounts/entrance.h"
#include "daemon/core/command.h"
#include "daemon/core/phrase.h"
#include "daemon/core/tallies.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** Why not to start: open in clear (exposure.h), or the file of users is gone where people sign in (`signing_in`). What
 * is open all the same is said in the log. */
[[nodiscard]] result<void> may_begin(const settings& of, bool in_clear, bool signing_in);
/** Whether a reload leaves somebody who can sign in, where somebody could: else reading would be open to everybody. */
[[nodiscard]] result<void> may_take_effect(const settings& now, const settings& next);

/** Whether nobody can take whoever is called so for somebody else who is there. */
[[nodiscard]] result<void> is_new_name(const accounts::user_book& there, const std::string& name);

/** Whether who reads has to sign in. */
[[nodiscard]] bool has_users(const settings& of);

/** Nobody has by a token of api.people what they are denied as a user here: of whoever is one (as one_person() takes
 * two names for one's) the rights stay that their roles in the file grant; who is disabled there has no token. */
[[nodiscard]] std::vector<person> bound_by(const accounts::user_book& there, std::vector<person> people);
/** The same of what is in the house; all of them as they are while its file of users cannot be read, or without one. */
[[nodiscard]] std::vector<person> bound_by(accounts::entrance* door, std::vector<person> people);
/** What bound_by() takes away, and from whom: a sentence a person. */
[[nodiscard]] std::vector<phrase> taken_from_people(const settings& of);

/** Users and audit log beside the ledger. Notes in the latter that the daemon has begun, and in `tallies`, which
 * outlive it, whether it keeps its lines. `directory`: the one in force. */
[[nodiscard]] std::unique_ptr<accounts::entrance> open_entrance(
    const settings& of, daemon_tallies& tallies, std::function<std::shared_ptr<const directory_settings>()> directory);

/** While there are no users: a configuration of before (tokens, people) is warned that everybody reads; a new one is
 * given a link, to be used once within a day, by which its administrator sets a password. */
void welcome_first_user(const settings& of, accounts::entrance& door, const std::string& url,
                        const std::function<void(const std::string& link)>& tell);

}  // namespace changtong
