#pragma once
/** The series of lines and sites, written piece by piece straight from the board. */
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/board.h"
#include "daemon/core/day_ratios.h"

namespace changtong::metrics {

/** Each target's label block, escaped once per inventory: `{line="…",category="…",carrier="…",town="…"`. Immutable. */
struct label_blocks {
  explicit label_blocks(std::shared_ptr<const inventory> inv);
  [[nodiscard]] std::string_view of(std::size_t target) const {
    return std::string_view(text).substr(begin[target], begin[target + 1] - begin[target]);
  }
  std::shared_ptr<const inventory> made_for;
  std::string text;
  std::vector<std::size_t> begin;
  std::vector<target_index> lines, sites;  ///< in inventory order; anchors have no series
};

/** What one scrape looks at, from its first byte to its last. */
struct scene {
  std::shared_ptr<const board> now;
  std::shared_ptr<const label_blocks> labels;  ///< of now->districts
  std::shared_ptr<const day_ratios> today;     ///< null: not there, or of another inventory

  [[nodiscard]] const target& target_of(target_index i) const { return now->districts->targets[i]; }
};

/** Where a scrape has got to. Copyable: it is part of a stream's function. */
class series_cursor {
 public:
  /** Appends about 64 KiB of whole samples; false when everything has been written (nothing appended then). */
  [[nodiscard]] bool next(const scene& s, std::string& chunk);

 private:
  std::size_t family_ = 0;
  std::size_t position_ = 0;
};

}  // namespace changtong::metrics
