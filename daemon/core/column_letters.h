#pragma once
/** Columns as spreadsheets name them. Pure. */
#include <cstddef>
#include <string>

namespace changtong {

/** 0 -> A, 25 -> Z, 26 -> AA, 702 -> AAA. */
[[nodiscard]] inline std::string column_letters(std::size_t column) {
  std::string out;
  for (std::size_t n = column + 1; n > 0; n = (n - 1) / 26)
    out.insert(out.begin(), static_cast<char>('A' + (n - 1) % 26));
  return out;
}

}  // namespace changtong
