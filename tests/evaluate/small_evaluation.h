#pragma once
/** An evaluation in June: one indicator with points, one without evidence, one that nobody has judged yet. */
#include "daemon/evaluate/evaluation.h"

namespace changtong::evaluate {

inline printed_number as_printed(const std::string& text) { return {parse_exact(text).value(), text}; }

inline evaluation small_evaluation() {
  evaluation e;
  e.title = "2026年度\"信息化\"绩效自评";
  e.year = "2026";
  e.layout = "anhui";
  e.whole_year = false;
  e.as_of = "2026-06-30";
  e.execution = {.rows = {{"年度资金总额", "900", "900", "", "450"}},
                 .denominator = "全年预算数",
                 .weight = as_printed("10"),
                 .rate = as_printed("50.00"),
                 .score = as_printed("5.00"),
                 .forecast_score = as_printed("10.00"),
                 .forecast_text = {},
                 .method = {},
                 .reason = {}};
  indicator_result lines;
  lines.id = "lines";
  lines.level1 = "效果";
  lines.level3 = "政务专线畅通率";
  lines.target_text = "≥99.9%";
  lines.target_number = "99.9";
  lines.actual_text = "99.85%";
  lines.actual = as_printed("99.85");
  lines.weight = as_printed("6");
  lines.score = as_printed("5.99");
  lines.how = standing::scored;
  lines.colour = light::yellow;
  lines.source = "measured";
  lines.coverage = as_printed("0.9975");
  lines.forecast_score = as_printed("5.98");
  indicator_result days;
  days.id = "ops";
  days.level1 = "产出";
  days.level3 = "项目运维保障";
  days.target_text = "≥365天";
  days.target_number = "365";
  days.weight = as_printed("5");
  days.how = standing::insufficient;
  days.source = "measured";
  days.evidence.missing = {"没有值班记录"};
  indicator_result basis;
  basis.id = "basis";
  basis.level1 = "决策";
  basis.level3 = "立项依据规范性";
  basis.target_text = "符合规定";
  basis.weight = as_printed("2");
  basis.source = "document";
  e.indicators = {lines, days, basis};
  e.total_so_far = as_printed("10.99");
  e.blocking = {"这是截至 2026-06-30 的绩效运行监控，不是年度自评"};
  return e;
}

}  // namespace changtong::evaluate
