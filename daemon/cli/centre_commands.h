#pragma once
/** Parts of `changtong centre` that stand in files of their own. */
#include <string>
#include <vector>

#include "daemon/cli/grammar.h"

namespace changtong {

/** seal, close, closings */
void centre_books_arguments(grammar centre, int& code);
/** `verify` without a node: the centre's own journal, its seals, and the chains of all nodes. */
[[nodiscard]] int verify_centre(const std::string& config, const std::vector<std::string>& fingerprints);

}  // namespace changtong
