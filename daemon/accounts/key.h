#pragma once
/** Cookies, links and read tokens: what a stranger cannot guess. Kept by its digest alone. */
#include <string>
#include <string_view>

#include "daemon/core/secret.h"

namespace changtong::accounts {

/** 256 bits in hex. Throws std::runtime_error where the system has none. */
[[nodiscard]] secret new_key();
[[nodiscard]] std::string digest_of_key(std::string_view key);

}  // namespace changtong::accounts
