// A file of seals, or one line of it, from a pack or from whoever kept a copy: any bytes are refused or read, what was
// read is written as the same bytes, and no list of them is believed without a key.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/ledger/seal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong::ledger;
  const std::string_view all(reinterpret_cast<const char*>(bytes), size);
  const auto lines = lines_in(all);
  for (const std::string& line : lines)
    if (const auto s = read_seal(line); s && line_of(*s) != line) std::abort();
  const auto v = check_seals(lines, {}, [](std::int64_t) { return std::optional<digest>(digest{}); });
  if (v.line != (lines.empty() ? 0U : 1U)) std::abort();
  (void)read_public_keys(all);
  (void)read_fingerprint(all);
  return 0;
}
