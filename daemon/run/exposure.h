#pragma once
/** What lies open to others the way the daemon is run: said once at its start. Pure. */
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** Warnings, the gravest first; empty where it listens on loopback as an ordinary user. */
[[nodiscard]] std::vector<phrase> exposures(const settings& of, bool as_root);

}  // namespace changtong
