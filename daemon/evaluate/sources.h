#pragma once
/** From a source of the plan to a value with its proof. Pure: files come read and decoded, books through a reader, time
 * as an argument. One thread. */
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/declaration.h"
#include "daemon/core/plan_tree.h"
#include "daemon/evaluate/evaluation.h"
#include "daemon/ledger/reader.h"
#include "daemon/plans/papers.h"

namespace changtong::evaluate {

using plans::papers;

/** What is evaluated, and how much of it there is. */
struct occasion {
  civil_zone zone;
  period year;        ///< the plan's civil year
  period so_far;      ///< cut at the end of --as-of and at `now`
  bool whole = true;  ///< an evaluation of the year; false: 绩效运行监控
  wall_t now{};       ///< scope is cut here (rule 8)

  [[nodiscard]] std::int64_t days_in(period p) const;  ///< civil days that touch it
  [[nodiscard]] std::string day(wall_t at) const { return zone.key(at, civil_zone::unit::day); }
  [[nodiscard]] std::string last_day() const { return day(so_far.to - milliseconds{1}); }
  [[nodiscard]] std::string text() const;  ///< 2026-01-01 至 2026-06-30（Asia/Shanghai）
};

/** What a source gave. With standing scored there is `actual` or `decided`. */
struct finding {
  standing how = standing::scored;
  std::optional<exact> actual;  ///< in the target's unit; of a date: days of delay
  std::string number_text;      ///< of `actual`, where the usual text would say too much; without unit
  std::string actual_text;      ///< empty: the number with its unit
  bool bound = false;           ///< `actual` is only a bound, `actual_text` says which
  std::optional<exact> coverage;
  std::optional<plans::assessment> decided;
  /** Mid-year: the value at the year's end; empty: as it is now. `forecast_rule` says how. */
  std::optional<exact> forecast;
  std::string forecast_rule;
  std::string source_text;
  bool unproven = false;     ///< as indicator_result
  std::string fault_causes;  ///< of its outages, as carriers answered; see indicator_result
  std::vector<std::string> remarks;
  proof evidence;
};

/** 证据不足 because of `why`; the proof keeps what is known. */
void insufficient(finding& f, std::string why);

/** A number as printed, without unit: all of a short decimal, else cut to five places - more where it would look like
 * `target` and is not. */
[[nodiscard]] std::string number_text(const exact& value, const exact& target);
/** A percentage as officials write it, with so many places (E-26): more where it would look like `target` or 100 and is
 * not (E-22: a shortfall stays visible). */
[[nodiscard]] std::string percentage_text(const exact& value, const exact& target, int places);
/** Civil days from `from` to `to` (2026-03-14), negative if `to` is earlier; both are valid days. */
[[nodiscard]] std::int64_t days_between(const std::string& from, const std::string& to);

/** A reading that was entered into the ledger, in ones whatever 万 it was entered in. `wanted`: the target's unit;
 * another one is missing evidence, since two units cannot be told from two figures. */
void add_counted(papers& p, const counter_record& r, std::string_view wanted, const civil_zone& zone);

[[nodiscard]] finding find_amount(const plans::amount_source& s, const papers& p);
[[nodiscard]] finding find_date(const plans::date_source& s, const plans::indicator& i, const papers& p,
                                const occasion& o);
/** Linear: as much a day for the whole year as up to now. Nothing for a whole year, or without a value. */
void extrapolate(finding& f, const occasion& o);
/** `with_points`: of a plan that has points; else a verdict counts without any. */
[[nodiscard]] finding find_document(const plans::document_source& s, const plans::indicator& i, const papers& p,
                                    bool with_points);
[[nodiscard]] finding find_stated(const plans::stated_source& s, const plans::indicator& i, const papers& p);
[[nodiscard]] finding find_counter(const plans::counter_source& s, const plans::indicator& i, const papers& p,
                                   const occasion& o);
[[nodiscard]] finding find_survey(const plans::survey_source& s, const plans::indicator& i, const papers& p,
                                  const occasion& o);

}  // namespace changtong::evaluate
