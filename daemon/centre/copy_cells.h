#pragma once
/** Rows as PostgreSQL's COPY takes them in its binary form: numbers in the network's order, each cell behind its
 * length. Pure. */
#include <cstdint>
#include <string>
#include <string_view>

namespace changtong::centre {

class copied_rows {
 public:
  explicit copied_rows(std::int16_t columns);

  /** The next row begins; `columns` cells follow. */
  copied_rows& row();
  copied_rows& cell(std::int32_t n);
  copied_rows& cell(std::int64_t n);
  copied_rows& cell(std::string_view bytes);  ///< of a text or of a bytea
  copied_rows& null();

  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  [[nodiscard]] bool empty() const { return rows_ == 0; }
  /** All of them, ended; nothing may be added any more. */
  [[nodiscard]] std::string taken();

 private:
  std::int16_t columns_;
  std::size_t rows_ = 0;
  std::string out_;
};

}  // namespace changtong::centre
