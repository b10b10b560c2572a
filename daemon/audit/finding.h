#pragma once
/** What is wrong with a pack, and where. */
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/core/result.h"

namespace changtong::audit {

struct finding {
  std::string file;        ///< inside the pack, or the pack's own path
  std::int64_t entry = 0;  ///< the journal entry; 0: it is no matter of one entry
  std::string text;        ///< Chinese and English; names row and field
};

/** A finding's text, of a problem inside the file that the finding names. */
[[nodiscard]] inline std::string sentence_of(problem p) {
  p.file.clear();
  return to_string(p);
}

inline constexpr std::size_t most_findings_a_file = 20;  ///< the rest is only counted

}  // namespace changtong::audit
