#pragma once
/** Expected failures are values: `result<T>` holds a T or a `problem`, a sentence for a person. */
#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace changtong {

/** What is wrong and, for text that somebody wrote, where. `line` and `column` count from 1; 0 = the whole
 * file, or the whole line. */
struct problem {
  std::string text;
  std::string file{};
  int line = 0;
  int column = 0;
};

/** `file:line:column: text` without what is 0, or only the text where no file is named. */
[[nodiscard]] std::string to_string(const problem& p);

/** Called by result<T>::value() on a problem; reaching it is a bug of ours, so it throws. */
[[noreturn]] inline void throw_exception_from_error(const problem& p, const boost::source_location&) {
  throw std::logic_error(to_string(p));
}

/** At least one; sorted by file (the configuration first), line, column; at most 200, the last then counts the rest. */
struct problems {
  std::vector<problem> list;
};
[[noreturn]] void throw_exception_from_error(const problems& p, const boost::source_location&);

template <class T>
using result = boost::system::result<T, problem>;

}  // namespace changtong
