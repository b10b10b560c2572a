// What another node ships, or whoever says that it is one: any bytes are refused, or come back as they were read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/ledger/shipment.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong::ledger;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto s = read_shipment(text))
    if (const auto again = read_shipment(text_of(*s)); !again || *again != *s) std::abort();
  if (const auto a = read_shipment_answer(text))
    if (const auto again = read_shipment_answer(text_of(*a)); !again || *again != *a) std::abort();
  return 0;
}
