#pragma once
/** What lies open to others the way the daemon is run: said once at its start. Pure. */
#include <optional>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** Warnings, the gravest first; empty where it listens on loopback as an ordinary user. `users`: who reads
 * has to sign in. */
[[nodiscard]] std::vector<phrase> exposures(const settings& of, bool as_root, bool users = false);

/** Whether anybody has a token with which things are entered. */
[[nodiscard]] bool has_tokens(const settings& of);

/** Why it does not begin: a new installation, or one whose users send their passwords, would listen beyond loopback
 * without TLS, and nobody said twice (in the configuration and by `told`) that it shall. One with a ledger, or with the
 * tokens of before, and without users begins as it did. */
[[nodiscard]] std::optional<phrase> too_open(const settings& of, bool new_ledger, bool users, bool told);

}  // namespace changtong
