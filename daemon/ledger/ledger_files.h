#pragma once
/** The names of a ledger's files: what lies beside it, and where, if its name is a symbolic link. */
#include <string>

namespace changtong::ledger {

/** Where a name leads if it is a symbolic link, also to a file that is not there yet; else the name itself. A ledger
 * has one set of files, beside the real one. */
[[nodiscard]] std::string real_name(const std::string& path);
/** The file of a ledger with this ending: beside the real name; beside the link that was given if an older program left
 * it there and nobody has brought it over. */
[[nodiscard]] std::string beside(const std::string& ledger, const char* end);
/** Brings what an older program left beside the link `ledger` beside the real file. Under the writer's lock. */
void bring_beside(const std::string& ledger);

/** Whether a plain file of this name begins as a ledger does. */
[[nodiscard]] bool is_ledger(const std::string& path);
/** Whether a file of this name is a ledger, or one of those that belong to the ledger beside it, there already or not.
 */
[[nodiscard]] bool belongs_to_ledger(const std::string& path);

/** What belongs to a ledger's seals: their lines, the public keys, the private key unless the configuration names one,
 * and how many lines have been posted. */
[[nodiscard]] inline std::string seals_file_of(const std::string& ledger) { return beside(ledger, ".seals"); }
[[nodiscard]] inline std::string public_file_of(const std::string& ledger) { return beside(ledger, ".pub"); }
[[nodiscard]] inline std::string key_file_of(const std::string& ledger) { return beside(ledger, ".key"); }
/** The copy of the other node's journal, of a pair: a ledger itself. */
[[nodiscard]] inline std::string peer_file_of(const std::string& ledger) { return beside(ledger, ".peer"); }
/** How far the clock of that node is ahead of ours, at most: whole milliseconds as text. */
[[nodiscard]] inline std::string peer_clock_file_of(const std::string& ledger) { return beside(ledger, ".peer.clock"); }
[[nodiscard]] inline std::string posted_file_of(const std::string& ledger) { return beside(ledger, ".posted"); }

}  // namespace changtong::ledger
