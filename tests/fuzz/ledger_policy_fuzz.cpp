// The policy's JSON of a ledger that somebody else made: any bytes are refused or read, and a contract that was read is
// written as text that reads back the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/books/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto p = changtong::books::read_policy({reinterpret_cast<const char*>(bytes), size});
  if (!p) return 0;
  std::string list;
  for (const changtong::contract& c : p->contracts) list += (list.empty() ? "" : ",") + to_json(c);
  const auto again = changtong::books::read_policy("{\"contracts\":[" + list + "]}");
  if (!again || again->contracts.size() != p->contracts.size()) std::abort();
  for (std::size_t i = 0; i < again->contracts.size(); ++i)
    if (to_json(again->contracts[i]) != to_json(p->contracts[i])) std::abort();
  return 0;
}
