#pragma once
/** Writes an auditor's pack from a ledger that a daemon may be writing. Opens the ledger read-only. Any thread. */
#include <functional>
#include <string>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/result.h"

namespace changtong::audit {

/** Hears what is being done, the part done, 0 to 1; returning false stops. */
using progress_fn = std::function<bool(const char* what, double part)>;

struct export_request {
  std::string ledger;  ///< beside it LEDGER.seals, LEDGER.pub and, where this user may read it, LEDGER.key
  std::string key;     ///< the private key, empty: LEDGER.key
  period when;
  std::string out;         ///< the pack
  bool overwrite = false;  ///< false: an existing file is left alone, and that is a problem
  wall_t now{};            ///< scope is cut here (rule 8), or at the heartbeat where that is a little later
  std::string software;    ///< version of this program
};

struct export_outcome {
  std::int64_t entries = 0;
  std::size_t seals = 0;
  bool is_signed = false;
  std::string fingerprint;           ///< hex, of the key that signed last; empty without any
  std::vector<std::string> remarks;  ///< what a verification will not like, and why the manifest is not signed
};

/** All or nothing: the pack appears under its name when it is whole and on the disk; scratch files stand beside it and
 * are gone when this returns. A journal whose chain is broken is not exported. */
[[nodiscard]] result<export_outcome> export_pack(const export_request& request, const progress_fn& progress);

}  // namespace changtong::audit
