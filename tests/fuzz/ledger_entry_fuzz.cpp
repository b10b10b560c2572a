// A journal entry from an auditor's pack or a tampered ledger: any bytes are refused or read, and what was read is
// written as text that reads back.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/ledger/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(bytes), size);
  const std::size_t cut = all.find('\n');
  if (cut == std::string_view::npos) return 0;
  const auto e = changtong::ledger::decode_body(all.substr(0, cut), all.substr(cut + 1));
  if (!e) return 0;
  const auto text = changtong::ledger::encode(*e, changtong::wall_t{});
  const auto again = changtong::ledger::decode(text.kind, text.at, text.body);
  if (!again || changtong::ledger::encode(*again, changtong::wall_t{}).body != text.body) std::abort();
  return 0;
}
