#pragma once
/** What the outcome of a line of the audit log means to a person. Pure, any thread. */
#include <string_view>

#include "daemon/core/phrase.h"

namespace changtong::accounts {

/** `outcome` is a word for programs (`ok`, `wrong_password`), or the status with which the API refused and, where there
 * was one, its code: `409 changed_meanwhile`. One that nobody knows stands there as it is. */
[[nodiscard]] phrase words_of_outcome(std::string_view outcome);

}  // namespace changtong::accounts
