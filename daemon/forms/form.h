#pragma once
/** A bureau's form of an evaluation (绩效目标申报表, 自评表) as it stands in a file: which cell says what, nothing
 * computed and nothing guessed. Values; any thread. */
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/exact.h"
#include "daemon/core/result.h"
#include "daemon/reading/office_file.h"

namespace changtong::forms {

/** A cell: what stands in it (as written, no blanks at the ends), and where. Not there: `at` is empty. */
struct spot {
  std::string text, at;
  [[nodiscard]] bool there() const { return !at.empty(); }
  [[nodiscard]] bool blank() const { return text.empty(); }
};

struct funds_line {
  spot name, initial, full_year, adjusted, executed, rate, weight, score;
  bool total = false;   ///< the first, of which the others are parts
  bool inside = false;  ///< 其中 below a part: not a part of the total itself
};

struct indicator_line {
  spot level1, level2, level3;  ///< of merged cells the one that holds the words
  spot target;                  ///< of three columns put together: ≥353条
  spot actual, weight, score, reason;
  bool has_method = false;  ///< the form says by its own words how points are given
  bool execution = false;   ///< 预算执行率 among the indicators
};

/** 小计: the sums of some rows above. */
struct subtotal_line {
  std::size_t from = 0, to = 0;  ///< of `indicators`
  spot weight, score;
};

enum class money_unit { unknown, yuan, ten_thousand };

struct form {
  int year = 0;            ///< 0: it names none
  bool year_sure = false;  ///< as 2022年度, not in a date
  spot project, department, unit;
  spot expected, reached;          ///< goals
  std::vector<std::string> ticks;  ///< boxes that are ticked: 常年性项目
  money_unit money = money_unit::unknown;
  bool adjusted = false;               ///< the rate is of 调整后预算数
  std::vector<funds_line> funds;       ///< the total first
  bool nested_funds = false;           ///< 其中 within 其中
  std::optional<exact> stated_weight;  ///< of execution, in its heading: 得分（20分×执行率）
  std::vector<indicator_line> indicators;
  std::vector<subtotal_line> subtotals;
  spot total_weight, total_score;
  spot whole_reason;  ///< 偏差大或目标未完成原因分析, below the rows
  bool split_target = false, has_actual = false, has_weights = false, has_scores = false, has_reasons = false;
};

inline constexpr std::size_t most_form_rows = 2000;       ///< of a table; more are refused
inline constexpr std::size_t most_form_cells = 500;       ///< of a row; more are refused
inline constexpr std::size_t most_form_bytes = 16 << 20;  ///< of a file

inline constexpr std::size_t most_forms = 200;  ///< of a file

/** Every form (三级指标 beside 指标值 or 完成值): several in one sheet too; in a document the money block may be a
 * table of its own before the indicators. At least one. Problem: there is none, or more than the bounds. */
[[nodiscard]] result<std::vector<form>> read_forms(const std::vector<reading::office_table>& tables);

// -- what cells say
/** Narrow letters and no blanks at all: what headings are compared by. */
[[nodiscard]] std::string bare(std::string_view text);
/** A number alone, with 分, %, 元, 万元 behind it or none; 1,200.00. Nothing of a dash. */
[[nodiscard]] std::optional<exact> number_in(const spot& s);
/** 9.8 of the 9.800000000000001 that a spreadsheet keeps. */
[[nodiscard]] exact without_noise(const exact& x);
/** Points in brackets behind a name: 产出指标（50分） -> 50. */
[[nodiscard]] std::optional<exact> points_in(std::string_view name);
/** Whether the form has points anywhere: a column, a heading, a name (E-25). */
[[nodiscard]] bool has_points(const form& f);
/** 产出指标 of 产出指标（50分）. */
[[nodiscard]] std::string name_in(std::string_view text);
/** Digits behind the point, as they stand. */
[[nodiscard]] int places_in(std::string_view number);

}  // namespace changtong::forms
