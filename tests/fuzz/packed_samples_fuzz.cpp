// The samples of an entry, from a journal that anybody may have written: any bytes are refused or read, and what was
// read comes back when it is packed again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/core/packed_samples.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  const auto read = unpack({reinterpret_cast<const char*>(bytes), size});
  if (!read) return 0;
  for (const kept_stretch& one : *read)
    if (one.samples.empty() || one.check.empty()) std::abort();
  const auto again = unpack(pack(*read));
  if (!again || *again != *read) std::abort();
  return 0;
}
