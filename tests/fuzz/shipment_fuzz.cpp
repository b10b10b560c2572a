// What another node ships, or whoever says that it is one: any bytes are refused, or are exactly what was written.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/ledger/shipment.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong::ledger;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto s = read_shipment(text); s && text_of(*s) != text) std::abort();
  if (const auto a = read_shipment_answer(text); a && text_of(*a) != text) std::abort();
  return 0;
}
