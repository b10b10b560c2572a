#pragma once
/** evidence export, evidence verify: arguments in, text on stdout, exit code out (design.md 6). */
#include <string>
#include <vector>

namespace changtong {

struct evidence_options {
  std::string ledger, from, to, out, key;
  bool force = false;
  std::string pack, format = "text";
  std::vector<std::string> fingerprints;
};

int evidence_export_command(const evidence_options& o);
int evidence_verify_command(const evidence_options& o);

}  // namespace changtong
