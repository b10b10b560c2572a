#pragma once
/** What is wrong with a pack, and where. */
#include <cstdint>
#include <string>
#include <vector>

namespace changtong::audit {

struct finding {
  std::string file;        ///< inside the pack, or the pack's own path
  std::int64_t entry = 0;  ///< the journal entry; 0: it is no matter of one entry
  std::string text;        ///< Chinese and English; names row and field
};

inline constexpr std::size_t most_findings_a_file = 20;  ///< the rest is only counted

}  // namespace changtong::audit
