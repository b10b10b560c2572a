#pragma once
/** An evaluation plan 绩效自评方案: the indicator tree, weights, targets, scoring rules and where each value comes
 * from. Everything here is what an office wrote; names of levels are data, not code (rules.md 3.1). Checked by
 * daemon/plans/plan.h: the sums hold (E-4), and every setting that its sources need is there. Values, any thread. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/core/exact.h"
#include "daemon/core/instant.h"
#include "daemon/core/plan_target.h"

namespace changtong::plans {

/** E-13 … E-18; punctual: a date, late by no day (E-15 on the days of delay); range: below it as positive, above it as
 * reverse_1 (a decision: no source says it). */
enum class rule : std::uint8_t { positive, equal, reverse_1, reverse_2, qualitative, punctual, range };
[[nodiscard]] std::string_view name_of(rule r);
[[nodiscard]] bool fits(rule r, sign s);

/** A file beside the plan. */
struct file_name {
  std::string written;  ///< as in the plan: what evidence quotes
  std::string path;     ///< to open
};

// -- where a value comes from
enum class figure : std::uint8_t {
  availability,          ///< 政务专线畅通率, lines alone
  website_availability,  ///< the same of sites
  operation_days,        ///< 运维保障天数 (rules.md 4.5)
  site_coverage,         ///< share or number of the listed sites that open
  sections,              ///< 专区/专栏: number of the listed that open and are not stale
  repair_mean,           ///< hours
  repair_longest,        ///< hours
  repair_within,         ///< share of outages repaired in time
  on_time_openings,      ///< share or number of lines accepted by their due day
  outage_count,          ///< outages that began in the period
  line_count,            ///< lines in service at its end
  unit_count,            ///< units that have one
  openings,              ///< lines accepted in it
};
enum class score_by : std::uint8_t { a, a_low };
enum class group_formula : std::uint8_t { r1, r2, r3, r4 };

/** Which lines; an empty list asks nothing. The words are those of the time, as the journal has them. */
struct selection {
  std::vector<std::string> categories, carriers, towns, grades, lines;
};
struct measured_source {
  figure what = figure::availability;
  selection select;
  std::vector<std::string> sites;      ///< ids, of site_coverage and sections
  exact coverage_floor;                ///< 0 .. 1; below it there is no score
  std::optional<exact> line_target{};  ///< of R4; none: each line's contract
  exact opens_at;                      ///< availability from which a site counts as open, 0 .. 1
  std::optional<file_name> file{};     ///< sections: id,date of updates; on_time_openings: id,due
  int stale_days = 0;                  ///< of sections: an update so many days before the end is too old
  milliseconds within{0};              ///< of repair_within
};
/** An amount as documents say it; with `whole` the value is part / whole in percent. */
struct amount_source {
  exact part;
  std::optional<exact> whole{};
  std::string part_name, whole_name;
  std::vector<file_name> files;
};
struct dated_task {
  std::string name, done, due;  ///< 2026-03-14; done empty: not yet; due empty: the target's date
};
struct date_source {
  std::vector<dated_task> tasks;
  std::vector<file_name> files;
};
/** growth: last value at the end less that at the beginning; sum: of the values in the period,
 * each of which covers the time up to it; last: at the end. Of access logs: page views or visits. rows: of an
 * acceptance list, those of the period. */
enum class counting : std::uint8_t { growth, sum, last, views, visits, rows };
struct counter_source {
  counting how = counting::growth;
  std::vector<file_name> files;        ///< one CSV, or access logs; none where `counter` is named
  std::string counter{};               ///< id of a counter whose readings people enter into the ledger
  int tolerance_days = 3;              ///< how far from its end of the period a value may stand
  std::vector<std::string> results{};  ///< of rows: outcomes that count (合格); empty: every row with a day
};
struct survey_source {
  file_name file;
  std::string question;                ///< only answers to it; empty: all
  std::vector<std::string> satisfied;  ///< answers that count as satisfied
  std::optional<exact> from_score{};   ///< or scores from here on
  int least_answers = 1;
};
enum class tier : std::uint8_t { reached, partly, missed };  ///< E-18
[[nodiscard]] std::string_view name_of(tier t);              ///< as plans write it: reached, …
[[nodiscard]] std::string_view actual_text(tier t);          ///< 达成预期指标, …
/** E-18: [low, high) of the weight, the upper tier with its end. */
struct tier_band {
  exact low, high;
  bool with_high = false;
  [[nodiscard]] bool holds(const exact& points) const;
  [[nodiscard]] std::string text() const;  ///< [4, 5]
};
[[nodiscard]] tier_band band_of(tier t, const exact& weight);
[[nodiscard]] tier tier_of(const exact& points, const exact& weight);  ///< in whose band they are
struct assessment {
  std::string by, on, text{};  ///< who, when (2026-03-14), what was reached in their words (empty: the tier's)
  std::optional<tier> how{};   ///< none: words that nobody judged, in a plan without points
  exact points{};
};
/** Files and what a person says of them: points in a tier, or a number. */
struct document_source {
  std::vector<file_name> files;
  std::optional<assessment> decided{};
  std::optional<exact> value{};
  std::string by, on;  ///< of `value`
};
/** A figure that is only stated: 申报数. A final form needs a document, or somebody who takes it as it is. */
struct stated_source {
  std::optional<stated_value> value{};
  std::optional<assessment> decided{};
  std::string date, origin;
  std::vector<file_name> files{};
  std::string accepted_by{}, accepted_on{}, accepted_why{};
};
using source = std::variant<measured_source, amount_source, date_source, counter_source, survey_source, document_source,
                            stated_source>;
[[nodiscard]] std::string_view name_of(const source& s);  ///< measured, amount, …

}  // namespace changtong::plans
