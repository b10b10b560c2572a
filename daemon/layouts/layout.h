#pragma once
/** A layout of the evaluation's form as data: which cell stands where, under which words. Read from one file a layout
 * (config/layouts, built into the program); drawn by report. Values, any thread. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/phrase.h"

namespace changtong::layouts {

/** What a cell below a heading shows. */
enum class shown : std::uint8_t {
  nothing,  ///< only its own words
  side,     ///< words that reach over the whole block
  // of money
  name,
  initial,
  budget,  ///< 全年预算数 or 调整后预算数, whichever the rate is of
  executed,
  rate,
  // of goals
  expected,
  reached,
  // of indicators
  level1,
  level2,
  level3,
  target,
  sign,
  number,
  unit,
  actual,
  forecast,
  forecast_score,
  light,
  // of both, and of the total
  weight,
  score,
  reason,
  grade,
};

/** How an actual value is written: 50个; 50, but 99.95%, as beside ≥50个 (E-21); 50, beside its unit's column (E-22).
 */
enum class actual_form : std::uint8_t { with_unit, number_or_percent, number };

/** Columns of the sheet, from 0; of none of them: a line without a frame over the whole width. */
struct area {
  int column = 0, columns = 1;
};
/** A heading, and what stands below it; of a row alone only its words. */
struct column {
  area at;
  std::string words;  ///< {year} and the like are filled in by who draws
  shown what = shown::nothing;
};
/** Cells beside each other, from left to right; or one line. */
using row = std::vector<column>;

struct layout {
  std::string name;           ///< anhui
  std::string source;         ///< from where it is known
  bool verified = false;      ///< false: `source` says what is taken on trust
  std::string title, tab;     ///< of the sheet
  std::string level;          ///< {name}（{points}分）
  bool short_points = false;  ///< 8, not 8.00 (E-21)
  actual_form actual = actual_form::with_unit;
  bool upload = false;                  ///< a second sheet has the rows that the province's system reads (E-6)
  std::vector<double> widths;           ///< a column each, in digits
  std::vector<row> head, tail;          ///< rows above and below the blocks
  row money, goals, indicators, total;  ///< headings with what stands below each; goals may be none

  /** Boxes that may be ticked, by their words. */
  [[nodiscard]] std::vector<std::string> boxes() const;
  /** The column that shows it; none: null. */
  [[nodiscard]] static const column* showing(const row& r, shown what);
};

/** The layouts that a plan may name, the usual one first. */
[[nodiscard]] const std::vector<std::string_view>& names();
/** Those of plans without points, the usual one first. */
[[nodiscard]] const std::vector<std::string_view>& unscored_names();

/** A built-in layout; a name that is none is the usual one's. */
[[nodiscard]] const layout& named(std::string_view name);
/** 绩效运行监控表 of the months before the year's end. */
[[nodiscard]] const layout& monitoring();

/** A layout's YAML. Problems with their place: all there are. */
[[nodiscard]] result<layout> read_layout(const std::string& yaml, const std::string& file);

}  // namespace changtong::layouts
