// Any bytes as windows.csv, duty.csv and counters.csv: entries within their bounds, or problems that have a place.
#include <cstdint>
#include <cstdlib>

#include "daemon/settings/entry_files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  static const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  for (const auto& read : {read_windows_csv(text, "f.csv", zone), read_duty_csv(text, "f.csv", zone),
                           read_counters_csv(text, "f.csv", zone)}) {
    if (read) {
      if (read->empty() || read->size() > most_commands) std::abort();
      continue;
    }
    if (read.error().list.empty()) std::abort();
    for (const problem& p : read.error().list)
      if (p.file != "f.csv" || p.line < 1 || p.column < 1) std::abort();
  }
  return 0;
}
