#pragma once
/** The newest buckets of one series, each a row of columns, one after the other without a hole. One thread writes; any
 * other reads, and neither waits. A row's figures may be one sample apart. */
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/recent/packed.h"

namespace changtong::recent {

inline constexpr milliseconds bucket_length{5 * 60'000};
/** Which bucket: whole five minutes since 1970. */
using slot = std::uint32_t;
[[nodiscard]] slot slot_of(wall_t at);
[[nodiscard]] constexpr wall_t begin_of(slot s) { return wall_t{bucket_length * std::int64_t{s}}; }

class ring {
 public:
  /** Nothing measured yet. Without rows nothing is kept. */
  ring(std::size_t columns, std::size_t rows);
  /** The same with other rows: what has no room is forgotten, the oldest first. Nobody writes to the other meanwhile.
   */
  ring(const ring& other, std::size_t rows);

  [[nodiscard]] std::size_t rows() const { return rows_; }

  /** The row that set() and at() mean from now on: true if it is another than before. Rows between the newest and it
   * are holes. One before the newest is the newest again, and those after it are forgotten. */
  bool open(slot s);
  void set(std::size_t column, packed value) { cell(newest_.load(relaxed), column).store(value, release); }
  [[nodiscard]] packed at(std::size_t column) const { return cell(newest_.load(relaxed), column).load(relaxed); }

  /** Any thread: `count` rows from `first` on, columns side by side; what is not there is no_figure. */
  [[nodiscard]] std::vector<packed> read(slot first, std::size_t count) const;

 private:
  static constexpr auto relaxed = std::memory_order_relaxed, release = std::memory_order_release;
  [[nodiscard]] std::atomic<packed>& cell(slot s, std::size_t column) const {
    return cells_[s % rows_ * columns_ + column];
  }
  void clear(slot s);
  [[nodiscard]] bool holds(slot s, slot newest) const { return s <= newest && newest - s < rows_; }

  std::uint32_t columns_, rows_;
  std::atomic<slot> newest_{0};
  std::unique_ptr<std::atomic<packed>[]> cells_;
};

}  // namespace changtong::recent
