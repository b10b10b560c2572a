#pragma once
/** Parts of `changtong centre` that stand in files of their own. */
#include <cstdint>
#include <string>

#include "daemon/centre/own_journal.h"
#include "daemon/cli/grammar.h"
#include "daemon/cli/open_centre.h"

namespace changtong {

/** seal, close, closings */
void centre_books_arguments(grammar centre, int& code);
/** verify, refold */
void centre_proof_arguments(grammar centre, int& code);
/** approvals, approve, refuse */
void centre_approvals_arguments(grammar centre, int& code);
/** Of what a person has just entered: a seal over it where the key can be read, else its hash to keep elsewhere. */
void seal_what_was_entered(const open_centre& from);
void print(const centre::last_seal& s, const civil_zone& zone);

/** Of a node, of the branch that is asked for; 0: the one that goes on. */
[[nodiscard]] result<centre::node_head> head_of(const open_centre& from, const std::string& node, std::uint32_t branch);

}  // namespace changtong
