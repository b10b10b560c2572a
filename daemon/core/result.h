#pragma once
/** Expected failures are values: `result<T>` holds a T or a `problem`, a sentence for a person. */
#include <boost/system/result.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace changtong {

/** What a problem means to whoever asked; the command line's exit code follows from it (design.md 6). */
enum class problem_class : std::uint8_t {
  cannot,  ///< it could not be tried or finished
  usage,   ///< what was asked for makes no sense as it was written
  no,      ///< it was looked at, and does not hold or may not be
};

/** What is wrong and, for text that somebody wrote, where. `line` and `column` count from 1; 0 = the whole
 * file, or the whole line. */
struct problem {
  std::string text;  ///< Chinese; where `text_en` is empty, both languages or the system's own words
  std::string file{};
  int line = 0;
  int column = 0;
  std::string text_en{};
  problem_class what = problem_class::cannot;
};

/** A sentence in both languages. */
[[nodiscard]] inline problem said(std::string text, std::string text_en, problem_class what = problem_class::cannot) {
  return {.text = std::move(text), .text_en = std::move(text_en), .what = what};
}

/** `file:line:column: 中文 / English` without what is 0, or only the sentences where no file is named. */
[[nodiscard]] std::string to_string(const problem& p);

/** Called by result<T>::value() on a problem; reaching it is a bug of ours, so it throws. */
[[noreturn]] inline void throw_exception_from_error(const problem& p, const boost::source_location&) {
  throw std::logic_error(to_string(p));
}

/** At least one; sorted by file (the configuration first), line, column; at most 200, the last then counts the rest. */
struct problems {
  std::vector<problem> list;
  problem_class what = problem_class::no;  ///< of them together: a text was read and does not hold
};
[[noreturn]] void throw_exception_from_error(const problems& p, const boost::source_location&);

template <class T>
using result = boost::system::result<T, problem>;

}  // namespace changtong
