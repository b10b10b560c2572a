#pragma once
/** The key that signs a centre's seals, in a file of this machine. */
#include <string>

#include "daemon/ledger/key.h"

namespace changtong::centre {

/** As the file has it; where there is none a new one is made, mode 0600, and its fingerprint logged. */
[[nodiscard]] result<ledger::signing_key> seal_key(const std::string& path);

}  // namespace changtong::centre
