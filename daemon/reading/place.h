#pragma once
/** Where something stands in a file that a person wrote, and what is wrong there. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/phrase.h"

namespace changtong::reading {

/** `file` is not owned: the paths live as long as one load(). Columns count characters, not bytes, from 1. */
struct place {
  std::string_view file;
  int line = 0;
  int column = 0;
};

/** A value with where it was stated; settings that nobody stated have line 0. */
template <class T>
struct stated {
  T value{};
  place at{};
};

/** Collects every error and warning of one load. Bounded: a spreadsheet with 200,000 bad rows is counted, not kept. */
class findings {
 public:
  void error(const place& at, phrase text);
  void warn(const place& at, phrase text);
  /** What was found in the text of `file`, at its own line and column. */
  void error(std::string_view file, const problem& found);
  [[nodiscard]] std::size_t errors() const { return count_; }
  /** Files that are not the first one named sort after it. */
  [[nodiscard]] std::vector<problem> sorted_errors(std::string_view first_file);
  [[nodiscard]] std::vector<problem> sorted_warnings(std::string_view first_file);

 private:
  std::vector<problem> errors_;
  std::vector<problem> warnings_;
  std::size_t count_ = 0;
};

}  // namespace changtong::reading
