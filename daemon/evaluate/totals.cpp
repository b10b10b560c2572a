// Sums, what blocks the final form, and the chapters with the numbers put in.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/utf8.h"
#include "daemon/evaluate/score.h"
#include "daemon/evaluate/wording.h"

namespace changtong::evaluate {
namespace {

/** The sum of the scores of those that `take` chooses, and whether all of them have one. */
template <class Take, class Score>
std::pair<exact, bool> summed(const evaluation& e, const Take& take, const Score& score) {
  exact sum = 0;
  bool whole = true;
  for (const indicator_result& i : e.indicators) {
    if (!take(i)) continue;
    const auto& s = score(i);
    if (s) sum += s->value;
    whole = whole && s.has_value();
  }
  return {sum, whole};
}

void block_indicator(evaluation& e, const indicator_result& i) {
  const auto say = [&](std::string_view why) {
    e.blocking.push_back(fmt::format("{}（{}）：{}", i.level3, i.id, why));
  };
  if (i.how == standing::insufficient)
    say("证据不足：" + (i.evidence.missing.empty() ? std::string("没有记录") : i.evidence.missing.front()));
  else if (i.how == standing::undecided)
    say(i.evidence.missing.empty() ? std::string("尚未评定") : i.evidence.missing.front());
  else if (i.unproven)
    say("证据不足：只是申报数，没有文件。附上凭证（source 的 files），或写明由谁、何日、为何认可（accepted）");
  else if (i.reason_needed && i.reason.empty())
    say("须填写偏差原因分析及改进措施（方案中该指标的 reason）");
}

void block_money(evaluation& e, const plans::plan& plan) {
  const plans::execution& x = plan.execution;
  if (e.execution.reason_needed && characters(x.reason) < static_cast<std::size_t>(plan.reasons.least_characters))
    e.blocking.push_back(fmt::format("预算执行率 {}% 低于 {}%：须说明原因，不少于 {} 字", e.execution.rate.text,
                                     shortest(*plan.reasons.execution_below * 100), plan.reasons.least_characters));
  const plans::funds& f = x.rows.front();
  const auto initial = parse_exact(f.initial), final = parse_exact(x.adjusted ? f.adjusted : f.full_year);
  if (plan.reasons.budget_change && initial && final && *initial != *final && x.change_reason.empty())
    e.blocking.emplace_back("年初预算与最终预算不同：须说明预算调整的原因（execution.change_reason）");
}

std::string value_of(const evaluation& e, std::string_view word) {
  const std::string none = "—";
  if (word == "total") return e.total ? e.total->text : none;
  if (word == "grade") return e.grade.empty() ? none : e.grade;
  if (word == "year") return e.year;
  if (word == "project") return e.project;
  if (word == "execution.rate") return e.execution.rate.text.empty() ? none : e.execution.rate.text + "%";
  if (word == "execution.executed") return e.execution.rows.front().executed;
  if (word == "execution.budget") {
    const funds_row& f = e.execution.rows.front();
    return e.execution.denominator == "调整后预算数" ? f.adjusted : f.full_year;
  }
  const auto dot = word.rfind('.');
  const auto i = std::ranges::find(e.indicators, word.substr(0, dot), &indicator_result::id);
  if (i == e.indicators.end()) return none;
  const auto part = word.substr(dot + 1);
  if (part == "target") return i->target_text;
  if (part == "score") return i->score ? i->score->text : none;
  return i->actual_text.empty() ? none : i->actual_text;
}

std::string replaced(const evaluation& e, const std::string& text) {
  std::string out;
  std::size_t at = 0;
  for (const std::string_view word : plans::placeholders_in(text)) {
    const auto open = static_cast<std::size_t>(word.data() - text.data()) - 1;
    out += text.substr(at, open - at);
    out += value_of(e, word);
    at = open + word.size() + 2;
  }
  return out + text.substr(at);
}

}  // namespace

void add_up(evaluation& e, const plans::plan& plan) {
  if (!plan.scored) {
    for (const plans::level& l : plan.levels) e.levels.push_back({.name = l.name, .weight = {}, .score = {}});
    return;
  }
  const auto score_of = [](const indicator_result& i) -> const auto& { return i.score; };
  for (const plans::level& l : plan.levels) {
    const auto [sum, whole] = summed(e, [&](const auto& i) { return i.level1 == l.name; }, score_of);
    level_sum row{.name = l.name, .weight = {l.weight, shortest(l.weight)}, .score = {}};
    if (whole) row.score = printed_points(sum, plan.points.places);
    e.levels.push_back(std::move(row));
  }
  const auto all = [](const auto&) { return true; };
  const auto [sum, whole] = summed(e, all, score_of);
  e.total_so_far = printed_points(sum + e.execution.score.value, plan.points.places);
  if (whole) {
    e.total = e.total_so_far;
    e.grade = grade_of(e.total->value, plan.grades);
  }
  if (e.whole_year) return;
  const auto [expected, known] = summed(e, all, [](const auto& i) -> const auto& { return i.forecast_score; });
  if (!known || !e.execution.forecast_score) return;
  e.forecast_total = printed_points(expected + e.execution.forecast_score->value, plan.points.places);
  e.forecast_grade = grade_of(e.forecast_total->value, plan.grades);
}

void note_what_blocks(evaluation& e, const plans::plan& plan, const evidence& found, const occasion& o) {
  if (!found.ledger.objection.empty()) e.blocking.push_back("账本未通过核验：" + found.ledger.objection);
  if (!o.whole)
    e.blocking.push_back(fmt::format("这是截至 {} 的绩效运行监控，不是年度自评", e.as_of));
  else if (o.now < o.year.to)
    e.blocking.push_back(fmt::format("{} 年尚未结束（账本至 {}）：年中用 --as-of", e.year, o.zone.format_short(o.now)));
  block_money(e, plan);
  for (const indicator_result& i : e.indicators) block_indicator(e, i);
  const auto stated = std::ranges::count_if(
      e.indicators, [](const indicator_result& i) { return i.source == "stated" && i.evidence.files.empty(); });
  if (stated > 0) e.warnings.push_back(fmt::format("{} 个指标为申报数，未附证据", stated));
  if (found.books != nullptr && plan.zone != o.zone.name())
    e.warnings.push_back(fmt::format("方案时区 {} 与账本时区 {} 不同：按账本", plan.zone, o.zone.name()));
}

void write_chapters(evaluation& e, const plans::plan& plan) {
  for (const plans::chapter& c : plan.chapters) {
    chapter done{.title = c.title, .level = c.level, .paragraphs = {}};
    for (const std::string& p : c.paragraphs) done.paragraphs.push_back(replaced(e, p));
    e.chapters.push_back(std::move(done));
  }
}

}  // namespace changtong::evaluate
