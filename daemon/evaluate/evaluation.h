#pragma once
/** What an evaluation (绩效自评) says: made by evaluate(), written by daemon/report as form, report and evidence files.
 * Numbers are exact and carry the text that is printed, so that no two writers round differently. Any thread. */
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/core/exact.h"
#include "daemon/core/instant.h"
#include "daemon/core/plan_rows.h"
#include "daemon/evaluate/overridden.h"

namespace changtong::evaluate {

/** A number and its printed text; `text` carries no unit. */
struct printed_number {
  exact value;
  std::string text;
};

/** scored: there are points. insufficient: 证据不足, no points and nothing that stands for them (coverage below the
 * floor, no record, no file). undecided: a person has yet to enter a verdict or a reason for none. */
enum class standing : std::uint8_t { scored, insufficient, undecided };
/** Of the target: met, partly (missed, with points left), missed; unknown without an actual value (E-31's 绿黄红). */
enum class light : std::uint8_t { green, yellow, red, unknown };

using plans::named_file;

/** One excluded interval with its approval. */
struct exclusion {
  std::string target;
  period when;
  std::string window;    ///< id
  std::string approved;  ///< by whom
};

/** What stands behind one figure (E-30), enough for somebody else to compute it anew. */
struct proof {
  std::string definition;                     ///< 定义, one or two sentences
  std::string formula;                        ///< 公式, R1 = ΣU/Σ(U+D)
  std::string period_text;                    ///< 2026-01-01 至 2026-12-31（Asia/Shanghai）
  std::vector<std::string> objects;           ///< 对象: id 名称
  std::string numerator, denominator;         ///< with unit, as integers: 31536000000 毫秒
  std::optional<availability::seconds> sums;  ///< of measured figures
  std::vector<exclusion> excluded;
  std::vector<std::string> facts;    ///< further lines: each outage, each missing day, each answer's count
  std::vector<named_file> files;     ///< documents, CSV, logs
  std::string journal;               ///< 账本条目 1–30212，封条 2026-12-31 ed25519:…; empty without a ledger
  std::vector<std::string> missing;  ///< 证据不足 because of these
};

struct indicator_result {
  std::string id, level1, level2, level3;
  std::string definition;
  // 年度指标值, whole as the Anhui form prints it (≥365天) and in parts as Sichuan's does (E-5, E-8)
  std::string target_text, comparator, target_number, unit;
  std::string actual_text;               ///< with unit; 未观测到中断（…）, 达成预期指标, 证据不足
  std::optional<printed_number> actual;  ///< absent: qualitative, or no value
  printed_number weight;                 ///< 分值
  std::optional<printed_number> score;   ///< only where standing is scored
  standing how = standing::undecided;
  light colour = light::unknown;
  std::string source;                      ///< measured, amount, date, counter, survey, document, stated
  std::string source_text;                 ///< 来源, for people
  std::string method;                      ///< 得分计算方法 (E-9), with the numbers put in
  std::optional<printed_number> coverage;  ///< 0..1, measured figures only
  std::string reason, given;               ///< 偏差原因分析及改进措施; 由张三评定：酌情扣分, empty: by the rule
  bool reason_needed = false;              ///< E-26 … E-28
  bool unproven = false;                   ///< only stated: no document, and nobody took it as it is
  std::string fault_causes;  ///< where a reason is asked for or given: what carriers found; is none itself
  [[nodiscard]] std::string reason_text() const {  ///< both, for print
    return reason.empty() || fault_causes.empty() ? reason + fault_causes : reason + "；" + fault_causes;
  }
  std::vector<std::string> remarks;  ///< strict sign read as inclusive, target empty, …
  std::string before;                ///< the value of the year before; empty if unknown
  std::string forecast_text;         ///< mid-year: expected at the year's end; empty if none is made
  std::optional<printed_number> forecast_score;
  proof evidence;
  std::string evidence_file;  ///< relative to the folder of the evaluation; filled by who names files
};

/** 项目资金, in 万元 or 元. */
struct funds_row {
  std::string name;                                    ///< 年度资金总额, 其中：本年财政拨款, …
  std::string initial, full_year, adjusted, executed;  ///< as printed; empty = not stated
};
struct execution_result {
  std::vector<funds_row> rows;                   ///< the first is the total
  std::string denominator;                       ///< 全年预算数 or 调整后预算数 (E-12)
  printed_number weight, rate, score;            ///< rate in percent
  std::optional<printed_number> forecast_score;  ///< mid-year: spending extrapolated linearly, at most the budget
  std::string forecast_text;
  std::string method, reason;
  bool reason_needed = false, yuan = false;  ///< yuan: amounts are in 元
};

struct level_sum {
  std::string name;  ///< 产出指标
  printed_number weight;
  std::optional<printed_number> score;  ///< absent while one of its indicators has none
};

/** For charts: milliseconds of all lines of the category (R1). */
struct month_mark {
  std::string month, category, category_title;  ///< 2026-03
  availability::seconds sums;
};
struct day_mark {
  std::string day;  ///< 2026-03-14
  availability::seconds sums;
};
/** A chapter of the written report: paragraphs of the plan, with {placeholders} already replaced. */
struct chapter {
  std::string title;  ///< 一、项目概况
  int level = 1;
  std::vector<std::string> paragraphs;
};

struct evaluation {
  std::string title;                                            ///< 2026年度信息化项目建设项目绩效自评
  std::string project, department, unit, office, year, layout;  ///< layout: a name of daemon/layouts
  std::vector<std::string> ticks;                               ///< boxes of the form that are ticked
  std::string period_text, zone;
  bool whole_year = true, scored = true;  ///< else 绩效运行监控 up to `as_of`; else a form without points
  std::string as_of;                      ///< 2026-06-30, of a mid-year export
  std::string expected_goal, reached_goal;
  execution_result execution;
  std::vector<level_sum> levels;
  std::vector<indicator_result> indicators;
  std::optional<printed_number> total;           ///< absent while an indicator has no points
  printed_number total_so_far;                   ///< what is there
  std::string grade;                             ///< empty without a total
  std::optional<printed_number> forecast_total;  ///< mid-year: of the forecast scores; absent while one is missing
  std::string forecast_grade;
  std::string before_year, before_total;  ///< of last year's evaluation; empty if none was given
  std::vector<std::string> blocking;      ///< why this is a draft; empty: final
  std::vector<overridden_block> overridden;
  std::vector<std::string> warnings;
  std::vector<std::string> findings;  ///< own_report.h: for terminal and draft, never for the paper
  std::string reverse_variant, rounding_text, score_by, group_formula;  ///< the settings, for print
  std::vector<chapter> chapters;
  std::vector<month_mark> months;
  std::vector<day_mark> days;
  std::string software, ledger_digest, fingerprint;  ///< version; empty without a ledger
};

}  // namespace changtong::evaluate
