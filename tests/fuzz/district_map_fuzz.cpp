// An office's map, from whatever program wrote it: refused, or what is passed on is a map that reads as itself.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/settings/district_map.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto made = changtong::read_district_map({reinterpret_cast<const char*>(bytes), size});
  if (!made) return 0;
  const auto again = changtong::read_district_map(made->geojson);
  if (!again || *again != *made) std::abort();
  return 0;
}
