#pragma once
/** Passwords as they are kept: Argon2id, libsodium's, in this one place. Any thread; each call needs 64 MiB and about a
 * tenth of a second, so whoever answers strangers makes one at a time. */
#include <string>
#include <string_view>

#include "daemon/core/result.h"
#include "daemon/core/secret.h"

namespace changtong::accounts {

/** Whether it may be one: 12 characters, or 8 of three kinds (lower case, upper case, digits, others); at most 256
 * bytes, no line end, and the user's name is not in it. Pure. */
[[nodiscard]] result<void> may_be_password(const secret& given, std::string_view user);

/** With a salt of its own. Throws std::runtime_error where there is no memory for it. */
[[nodiscard]] std::string hashed(const secret& given);
/** False too for a hash that is none. Takes as long for an empty one: time does not tell who exists. */
[[nodiscard]] bool is_password(const secret& given, const std::string& hash);

}  // namespace changtong::accounts
