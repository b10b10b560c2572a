#pragma once
/** Parts of `changtong centre` that stand in files of their own. */
#include <string>
#include <vector>

#include "daemon/cli/grammar.h"
#include "daemon/cli/open_centre.h"

namespace changtong {

/** seal, close, closings */
void centre_books_arguments(grammar centre, int& code);
/** approvals, approve, refuse */
void centre_approvals_arguments(grammar centre, int& code);
/** `verify` without a node: the centre's own journal, its seals, and the chains of all nodes. `seal`: the hash of one
 * that has to be among them; empty: none. */
[[nodiscard]] int verify_centre(const std::string& config, const std::vector<std::string>& fingerprints,
                                const std::string& seal);
/** Of what a person has just entered: a seal over it where the key can be read, else its hash to keep elsewhere. */
void seal_what_was_entered(const open_centre& from);

}  // namespace changtong
