// Any bytes as a trace: lines are refused with their number or taped, and what was taped keeps its order and its
// counts.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/replay/tape.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  static const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  std::string_view all(reinterpret_cast<const char*>(bytes), size);
  replay::tape_writer writer(zone);
  int line = 0;
  while (!all.empty()) {
    const std::size_t end = std::min(all.find('\n'), all.size());
    ++line;
    if (const auto added = writer.add(all.substr(0, end)); !added) {
      if (added.error().line != line || added.error().text.empty()) std::abort();
      return 0;
    }
    all.remove_prefix(std::min(end + 1, all.size()));
  }
  const auto tape = writer.finish();
  if (!tape) return 0;
  if (tape->by_key.size() != tape->singles.size() || tape->end < tape->begin) std::abort();
  for (std::size_t k = 0; k < tape->keys.size(); ++k)
    for (std::uint32_t i = tape->first[k]; i < tape->first[k + 1]; ++i) {
      const auto& s = tape->singles[tape->by_key[i]];
      if (s.key != k || s.frame >= tape->offsets.size()) std::abort();
      if (i > tape->first[k] && tape->mono_of(tape->singles[tape->by_key[i - 1]]) > tape->mono_of(s)) std::abort();
    }
  for (std::size_t i = 1; i < tape->events.size(); ++i)
    if (tape->events[i].order < tape->events[i - 1].order) std::abort();
  return 0;
}
