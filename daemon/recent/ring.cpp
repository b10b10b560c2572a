#include "daemon/recent/ring.h"

#include <algorithm>

namespace changtong::recent {

slot slot_of(wall_t at) {
  const std::int64_t ms = std::clamp<std::int64_t>(ms_of(at), 0, std::int64_t{UINT32_MAX} * bucket_length.count());
  return static_cast<slot>(ms / bucket_length.count());
}

ring::ring(std::size_t columns, std::size_t rows)
    : columns_(static_cast<std::uint32_t>(columns)),
      rows_(static_cast<std::uint32_t>(rows)),
      cells_(std::make_unique<std::atomic<packed>[]>(columns * rows)) {
  for (std::size_t k = 0; k < columns * rows; ++k) cells_[k].store(no_figure, relaxed);
}

ring::ring(const ring& other, std::size_t rows) : ring(other.columns_, rows) {
  const slot newest = other.newest_.load(relaxed);
  newest_.store(newest, relaxed);
  for (slot back = 0; back < std::min(rows_, other.rows_) && back <= newest; ++back)
    for (std::size_t column = 0; column < columns_; ++column)
      cell(newest - back, column).store(other.cell(newest - back, column).load(relaxed), relaxed);
}

void ring::clear(slot s) {
  for (std::size_t column = 0; column < columns_; ++column) cell(s, column).store(no_figure, relaxed);
}

/** A reader that sees a figure of the new row sees the new newest_ too: the figure is stored after it, with release. */
bool ring::open(slot s) {
  const slot newest = newest_.load(relaxed);
  if (s == newest || rows_ == 0) return false;
  const slot apart = s > newest ? s - newest : newest - s;
  if (apart >= rows_)
    for (slot k = 0; k < rows_; ++k) clear(k);
  else if (s > newest)
    for (slot k = newest + 1; k <= s; ++k) clear(k);
  else
    for (slot k = s + 1; k <= newest; ++k) clear(k);
  newest_.store(s, release);
  return true;
}

std::vector<packed> ring::read(slot first, std::size_t count) const {
  std::vector<packed> out(count * columns_, no_figure);
  if (rows_ == 0) return out;
  const slot before = newest_.load(std::memory_order_acquire);
  for (std::size_t k = 0; k < count; ++k)
    if (const slot s = first + static_cast<slot>(k); holds(s, before))
      for (std::size_t column = 0; column < columns_; ++column)
        out[k * columns_ + column] = cell(s, column).load(std::memory_order_acquire);
  const slot after = newest_.load(std::memory_order_acquire);
  if (after == before) return out;
  // A place that was given to another row meanwhile may have been read with that one's figures.
  for (std::size_t k = 0; k < count; ++k)
    if (!holds(first + static_cast<slot>(k), after))
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(k * columns_), columns_, no_figure);
  return out;
}

}  // namespace changtong::recent
