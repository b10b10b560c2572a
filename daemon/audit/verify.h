#pragma once
/** Is a pack what an exporter wrote, do its figures follow from its entries, and whose are they? Needs the file alone:
 * no daemon, no ledger, no configuration. Any file is safe. Any thread. */
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "daemon/audit/entry_form.h"
#include "daemon/audit/export.h"
#include "daemon/audit/finding.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/ledger/branches.h"

namespace changtong::audit {

struct verify_request {
  std::string path;
  std::vector<std::string> fingerprints{};  ///< raw bytes or their first 16; if any, no other key is believed
  std::string software{};                   ///< version of this program
};

enum class origin : std::uint8_t {
  proven,      ///< the manifest is signed, and every signature in the pack is of a key that was named
  not_proven,  ///< no key was named, or nobody signed the manifest: whatever the seals prove, it may be cut or moved
  other_key,   ///< a key was named, and another one (or none) signed
};
[[nodiscard]] std::string_view name_of(origin o);

struct pack_proof {
  bool ok = false;
  origin from = origin::not_proven;
  std::string fingerprint;          ///< hex, of the last key that signed; empty without any
  std::int64_t entries = 0;         ///< as far as the chain is whole
  std::int64_t sealed_entries = 0;  ///< up to this one they are sealed; the rest is 未封存
  std::string sealed_to;            ///< ISO 8601, the end of the last sealed day; empty without any
  bool manifest_signed = false;     ///< and the signature is good
  bool understood = true;           ///< false: it has entries that this program does not know; figures are not checked
  std::vector<rules_from> rules;    ///< versions of the books' rules; empty where the journal cannot be read
  std::vector<ledger::branch_seen> branches;  ///< every start, in order; empty where the journal cannot be read
  std::vector<std::string> files;             ///< that were checked
  std::vector<finding> problems;              ///< empty: ok
  std::vector<std::string> remarks;           ///< no failures, but to be known
};

/** A problem only where the file cannot be opened, scratch files cannot be written, or progress said stop; whatever is
 * wrong with the pack is in the proof. */
[[nodiscard]] result<pack_proof> verify_pack(const verify_request& request, const progress_fn& progress);

}  // namespace changtong::audit
