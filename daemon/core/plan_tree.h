#pragma once
/** The whole plan: head, money, settings of scoring, tree, chapters; see plan.h for its parts. */
#include "daemon/core/plan.h"

namespace changtong::plans {

/** Points that people give where the rule would give as many or more (E-23): who, when, why. */
struct given_points {
  exact points;
  std::string by, on, why;
};
struct indicator {
  std::string id;  ///< [A-Za-z0-9._-]{1,64}: names its evidence file
  std::string level1, level2, level3;
  std::string definition;
  plans::target target;
  plans::rule rule = plans::rule::positive;
  exact weight;
  plans::source source;
  std::string reason, remark;
  std::optional<given_points> given{};
};
struct level {
  std::string name;
  exact weight;
};

/** In the execution's unit, as written; empty = not stated. */
struct funds {
  std::string name, initial, full_year, adjusted, executed;
};
struct execution {
  exact weight;                    ///< 10 by E-1, 20 in Hubei
  bool adjusted = false;           ///< denominator 调整后预算数 (E-12), else 全年预算数
  bool yuan = false;               ///< the rows are in 元, else 万元 (E-24)
  std::vector<plans::funds> rows;  ///< the first is the total; its denominator is above 0, executed there if scored
  std::string reason, change_reason;
};

/** Options of some provinces; without them only E-26 asks for reasons. */
struct reason_rules {
  std::optional<exact> overshoot{};        ///< E-27: from actual >= this * target on, 1.3
  std::optional<exact> execution_below{};  ///< E-28: a rate under this share, 0.9
  int least_characters = 1;                ///< of the reason for execution (E-28: 100)
  bool budget_change = false;              ///< E-28: initial and final budget differ
};

/** How points are rounded: 0 (whole, E-23) to 2 places. */
struct point_scale {
  rounding how = rounding::half_up;
  int places = 2;
};

struct grade {
  exact from;  ///< the band reaches up to the grade before; the last begins at 0
  std::string name;
};
struct chapter {
  std::string title;
  int level = 1;
  std::vector<std::string> paragraphs;  ///< words in braces stand for figures: placeholders, listed below
};

struct plan {
  std::string file;
  int year = 0;
  std::string zone;  ///< IANA
  std::string title, project, department, unit, office, layout;
  std::vector<std::string> ticks;  ///< boxes of the layout that are ticked (E-20)
  bool scored = true;              ///< false: a form without points (E-25); then weights are 0 and verdicts have none
  std::string expected_goal, reached_goal;
  point_scale points{};                       ///< E-25
  int percent_places = 2;                     ///< 0 .. 2, of percentages as they are printed (E-26)
  std::optional<rule> reverse{};              ///< which variant; there if an indicator has ≤ or <
  std::optional<plans::score_by> score_by{};  ///< there if an indicator measures availability
  std::optional<group_formula> formula{};     ///< likewise
  plans::execution execution;
  reason_rules reasons;
  std::vector<grade> grades;  ///< best first
  std::vector<level> levels;  ///< first level, in order
  std::vector<indicator> indicators;
  std::vector<chapter> chapters;
};

/** Placeholders of chapters, without braces: total, grade, year, project, execution.rate, execution.executed,
 * execution.budget, and ID.actual, ID.score, ID.target. */
[[nodiscard]] bool is_placeholder(std::string_view word, const std::vector<indicator>& indicators);
/** The words in braces, in order; a brace that is not closed ends the search. */
[[nodiscard]] std::vector<std::string_view> placeholders_in(std::string_view text);

}  // namespace changtong::plans
