#pragma once
/** `changtong ledger verify` as a function: text on stdout, exit code out (0 the ledger is what was written, 1 it is
 * not or has forked, 2 wrong usage, 3 could not run). */
#include <string>
#include <vector>

namespace changtong {

struct proof_options {
  std::string ledger, seals, key;
  std::string against{};                  ///< another ledger to compare the journal with; empty: none
  std::vector<std::string> fingerprints;  ///< 64 hexadecimal digits, or the short form's 32; blanks are ignored
  std::string format = "text";
};

int ledger_verify_command(const proof_options& o);

}  // namespace changtong
