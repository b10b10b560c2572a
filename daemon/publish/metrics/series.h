#pragma once
/** The series of lines and sites, written piece by piece straight from the board. */
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/board.h"
#include "daemon/core/civil.h"
#include "daemon/core/series_group.h"
#include "daemon/publish/metrics/period_books.h"
#include "daemon/publish/metrics/text.h"

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

/** The part of a large page that one of several scrapes takes: lines by a hash of their id, so that a line stays in its
 * shard for ever; all that is not about one line is in the first. */
struct shard {
  std::uint32_t number = 1, of = 1;  ///< 1 <= number <= of <= 1024
  [[nodiscard]] bool first() const { return number == 1; }
  [[nodiscard]] bool holds(std::string_view line) const;
};

/** What one scrape looks at, from its first byte to its last. */
struct scene {
  std::shared_ptr<const board> now;
  std::shared_ptr<const label_blocks> labels;  ///< of now->districts
  std::shared_ptr<const period_books> books;   ///< null: not there yet
  series_groups without;
  shard part;
  format form = format::text;
  std::optional<civil_zone> zone;

  [[nodiscard]] const target& target_of(target_index i) const { return now->districts->targets[i]; }
  /** Figures of single targets are of use only for the inventory that the board has. */
  [[nodiscard]] bool targets_have_books() const { return books && books->of == now->districts; }
};

/** Where a scrape has got to. Copyable: it is part of a stream's function. */
class series_cursor {
 public:
  /** Appends about 64 KiB of whole samples to an empty chunk; false when everything has been written (nothing appended
   * then). */
  [[nodiscard]] bool next(const scene& s, std::string& chunk);

 private:
  std::size_t family_ = 0;
  std::size_t position_ = 0;
};

}  // namespace changtong::metrics
