#pragma once
/** Files however large, piece by piece: a ledger. The problems name the file. Any thread. */
#include <cstdint>
#include <string>

#include "daemon/core/result.h"
#include "daemon/host/digest.h"

namespace changtong::host {

struct measure {
  std::uint64_t size = 0;
  digest sha256{};
};
/** Of a plain file; a link, a pipe or a device is a problem. */
[[nodiscard]] result<measure> measured(const std::string& path);
/** Into a new file of this mode, durable when this returns, with its name; after a problem there is none. */
[[nodiscard]] result<void> copy_file(const std::string& from, const std::string& to, unsigned mode);
/** Another name in the same file system, over whatever had it, durable when this returns. */
[[nodiscard]] result<void> rename_file(const std::string& from, const std::string& to);

}  // namespace changtong::host
