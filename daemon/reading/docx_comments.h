#pragma once
/** Comments of Word in a copy of a DOCX. Pure; any bytes are safe. */
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"

namespace changtong::reading {

/** Beside words of a line of the document, as office_text counts them. */
struct line_comment {
  int line = 0;       ///< from 1
  std::string quote;  ///< of the line's text; not there: the comment stands beside all of it
  std::string text;
};

struct commented {
  std::string bytes;
  std::size_t placed = 0;  ///< comments whose line holds words; the others are left out
};

inline constexpr std::size_t most_comments = 5000;  ///< more are refused

/** The document with these comments by `author`, beside whole runs: nothing else of it changes, what it says reads as
 * before, and comments that it has already stay. Problems: as of office_text; no document; too many. */
[[nodiscard]] result<commented> with_comments(std::string bytes, const std::vector<line_comment>& comments,
                                              std::string_view author);

}  // namespace changtong::reading
