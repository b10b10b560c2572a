#pragma once
/** A made-up evaluation with the tree of the 2023 case, realistic names and every kind of value: measured, entered,
 * counted, surveyed, judged; met, partly met, missed. The figures agree with each other. */
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/exact.h"
#include "daemon/evaluate/evaluation.h"

namespace changtong::report::sample {

inline evaluate::printed_number printed(std::string_view text) { return {*parse_exact(text), std::string(text)}; }

struct row {
  const char *level1, *level2, *level3, *comparator, *target, *unit, *actual, *weight, *score, *source, *reason;
};

inline const std::vector<row>& rows() {
  static const std::vector<row> all{
      {"产出指标", "数量指标", "信息化建设任务", "≥", "9", "个", "9", "4", "4.00", "document", ""},
      {"产出指标", "数量指标", "项目运维保障天数", "≥", "365", "天", "364", "4", "3.99", "measured",
       "6月11日机房市电中断，值班记录缺失一天。已增配不间断电源，并把值班登记改为系统打卡。"},
      {"产出指标", "数量指标", "维护新媒体账号", "≥", "2", "个", "2", "2", "2.00", "document", ""},
      {"产出指标", "数量指标", "政务公开网站站点区乡覆盖率", "≥", "100", "%", "100", "3", "3.00", "measured", ""},
      {"产出指标", "数量指标", "政务公开专区建设", "≥", "14", "个", "14", "3", "3.00", "measured", ""},
      {"产出指标", "数量指标", "政务公开专栏建设", "≥", "20", "个", "19", "2", "1.90", "measured",
       "“减税降费”专栏因栏目合并于9月下线，未及时补建。已列入2027年一季度任务。"},
      {"产出指标", "数量指标", "新开通专线", "≥", "12", "条", "12", "2", "2.00", "measured", ""},
      {"产出指标", "质量指标", "政务专线畅通率（乡镇街）", "≥", "99.9", "%", "99.98271", "3", "3.00", "measured", ""},
      {"产出指标", "质量指标", "政务专线畅通率（村、社区）", "≥", "99.5", "%", "99.20134", "3", "2.99", "measured",
       "7月14日至16日强降雨，西部山区31个村光缆中断。已要求运营商完成杆路迁改，并为8个高风险村增加无线备份。"},
      {"产出指标", "质量指标", "政务专线畅通率（卫生系统）", "≥", "99.9", "%", "", "2", "2.00", "measured", ""},
      {"产出指标", "质量指标", "政务专线畅通率（教育系统）", "≥", "99.5", "%", "99.71408", "2", "2.00", "measured", ""},
      {"产出指标", "质量指标", "区政府门户网站可用率", "≥", "99", "%", "99.87", "3", "3.00", "measured", ""},
      {"产出指标", "质量指标", "社区、村终端防护改造完成率", "≥", "100", "%", "100", "3", "3.00", "document", ""},
      {"产出指标", "时效指标", "故障平均修复时间", "≤", "4", "小时", "5", "3", "2.25", "measured",
       "汛期多处故障集中，抢修力量不足。已与运营商约定汛期驻点两组。"},
      {"产出指标", "时效指标", "任务按期完成率", "≥", "100", "%", "100", "3", "3.00", "date", ""},
      {"产出指标", "时效指标", "专线按期开通率", "≥", "95", "%", "100", "2", "2.00", "measured", ""},
      {"产出指标", "成本指标", "项目总成本", "≤", "921.47", "万元", "919.94", "4", "4.00", "amount", ""},
      {"产出指标", "成本指标", "单条村级专线年均费用", "≤", "4800", "元", "4650", "2", "2.00", "amount", ""},
      {"效益指标", "经济效益指标", "节约全区网络费用", "≥", "20", "万元", "21.3", "5", "5.00", "amount", ""},
      {"效益指标", "社会效益指标", "公众号服务人数增长", "≥", "100000", "人", "112408", "4", "4.00", "counter", ""},
      {"效益指标", "社会效益指标", "网站访问量", "≥", "100000", "次", "1345210", "4", "4.00", "counter", ""},
      {"效益指标", "社会效益指标", "网站服务单位", "≥", "700", "个", "713", "4", "4.00", "document", ""},
      {"效益指标", "社会效益指标", "重大网络安全事件", "＝", "0", "次", "0", "5", "5.00", "document", ""},
      {"效益指标", "生态效益指标", "无纸化办公推广", "", "", "", "部分达成年度指标并具有一定效果", "4", "3.00",
       "document", "11个村仍以纸质会议材料为主。已安排培训两期。"},
      {"效益指标", "可持续影响指标", "电子政务外网安全管理和运维机制", "", "", "", "达成预期指标", "4", "4.00",
       "document", ""},
      {"满意度指标", "服务对象满意度指标", "社会公众满意度", "≥", "95", "%", "94.2", "6", "5.95", "survey",
       "有效问卷412份，不满意集中在办事指南更新慢。已建立月度更新核查。"},
      {"满意度指标", "服务对象满意度指标", "接入单位满意度", "≥", "95", "%", "96.5", "4", "4.00", "survey", ""},
  };
  return all;
}

inline evaluate::indicator_result indicator(const row& r, std::size_t number) {
  evaluate::indicator_result i;
  i.id = fmt::format("I{:02}", number);
  i.level1 = r.level1;
  i.level2 = r.level2;
  i.level3 = r.level3;
  i.comparator = r.comparator;
  i.target_number = r.target;
  i.unit = r.unit;
  const bool qualitative = i.comparator.empty();
  i.target_text = qualitative ? "按年度工作方案完成" : i.comparator + i.target_number + i.unit;
  const std::string actual = r.actual;
  i.actual_text = qualitative      ? actual
                  : actual.empty() ? "未观测到中断（下限99.99812%，未观测9:51:12）"
                                   : actual + i.unit;
  if (!qualitative && !actual.empty()) i.actual = printed(actual);
  i.weight = printed(r.weight);
  i.score = printed(r.score);
  i.how = evaluate::standing::scored;
  i.colour = i.score->value == i.weight.value ? evaluate::light::green : evaluate::light::yellow;
  i.source = r.source;
  i.source_text = i.source == "measured" ? "畅通账本" : i.source == "survey" ? "问卷" : "文件、凭证";
  i.method = qualitative ? "定性指标，由评价小组评定" : "实际完成值与年度指标值之比乘以分值";
  i.reason = r.reason;
  i.reason_needed = i.colour == evaluate::light::yellow;
  if (i.source == "measured") i.coverage = printed("0.99812");
  i.before = i.level3 == "项目运维保障天数" ? "365天" : "";
  i.evidence_file = fmt::format("evidence/{}.json", i.id);
  return i;
}

inline availability::seconds sums(std::int64_t down_s, std::int64_t unknown_s, std::int64_t scope_s) {
  availability::seconds s;
  s.down = milliseconds{down_s * 1000};
  s.unknown = milliseconds{unknown_s * 1000};
  s.excluded = milliseconds{7'200'000};
  s.up = milliseconds{scope_s * 1000} - s.down - s.unknown - s.excluded;
  s.outages = down_s > 0 ? 1 + down_s / 20'000 : 0;
  return s;
}

/** Lines of four categories: the villages lose three days of July, nobody sees the second half of a day in March. */
inline void add_marks(evaluate::evaluation& e) {
  static const std::vector<int> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  struct group {
    const char *id, *title;
    int lines, scale;
  };
  for (const group& g : std::vector<group>{{"township", "乡镇街", 22, 1},
                                           {"village", "村（社区）", 295, 30},
                                           {"health", "卫生", 40, 0},
                                           {"education", "教育", 60, 4}})
    for (int m = 0; m < 12; ++m) {
      const std::int64_t scope = std::int64_t{86'400} * days[static_cast<std::size_t>(m)] * g.lines;
      const std::int64_t down = g.scale * (m == 6 ? 90'000 : 1'700 * (1 + m % 4));
      e.months.push_back(
          {fmt::format("2026-{:02}", m + 1), g.id, g.title, sums(down, m == 2 ? 43'200 * g.lines : 60, scope)});
    }
  for (int m = 0; m < 12; ++m)
    for (int d = 1; d <= days[static_cast<std::size_t>(m)]; ++d) {
      const bool flood = m == 6 && d >= 14 && d <= 16, blind = m == 2 && d == 9;
      const std::int64_t down = flood ? 900'000 : (m * 31 + d) % 11 == 0 ? 4'200 : 0;
      e.days.push_back({fmt::format("2026-{:02}-{:02}", m + 1, d), sums(down, blind ? 43'200 * 417 : 0, 86'400 * 417)});
    }
}

inline void add_chapters(evaluate::evaluation& e) {
  const auto add = [&](int level, const char* title, std::vector<std::string> paragraphs) {
    e.chapters.push_back({title, level, std::move(paragraphs)});
  };
  add(1, "一、项目基本情况", {});
  add(2, "（一）项目概况",
      {"项目背景：《关于进一步加快我省电子政务外网建设工作的通知》（皖电政办〔2018〕4号）等文件要求，统一建设和运维全区"
       "电子政务外网。",
       "主要内容：完成信息化建设和运维任务9项。", "资金投入：全年预算数921.47万元，执行数919.94万元。"});
  add(2, "（二）项目绩效目标",
      {"总体目标：保障全区及乡镇街、村（社区）、卫生及教育系统电子政务外网专线运行；建设政务公开专区，完成网站升级改造"
       "。"});
  add(1, "二、绩效评价工作开展情况", {"按照区财政局绩效评价方案要求，分前期准备、组织实施、分析评价三个阶段开展。"});
  add(1, "三、综合评价情况及评价结论", {});
  add(1, "四、绩效评价指标分析", {});
  add(2, "（一）项目决策情况", {"项目立项符合行业发展规划和部门职责，程序完整。"});
  add(2, "（二）项目过程情况", {"资金使用符合国家财经法规和财务管理制度规定。"});
  add(2, "（三）项目产出情况", {"全年完成信息化建设任务9个。"});
  add(2, "（四）项目效益情况", {"公众号服务人数增长112408人，网站访问量1345210次。"});
  add(1, "五、主要经验及做法", {"全面升级改造电子政务外网，建成全区一张网。"});
  add(1, "六、存在问题及原因分析", {});
  add(2, "（一）存在问题", {"部分村级光缆抗灾能力不足。"});
  add(2, "（二）原因分析", {"西部山区杆路老旧。"});
  add(2, "（三）改进措施", {"细化预算编制，加强对运营商修复时限的考核。"});
  add(1, "七、有关建议", {"建议继续安排村级专线备份资金。"});
}

inline void add_sums(evaluate::evaluation& e) {
  exact all = e.execution.score.value;
  bool whole = true;
  e.levels.clear();
  for (const auto& i : e.indicators) {
    if (e.levels.empty() || e.levels.back().name != i.level1)
      e.levels.push_back({i.level1, {exact(0), "0"}, evaluate::printed_number{exact(0), "0"}});
    auto& level = e.levels.back();
    level.weight.value += i.weight.value;
    level.weight.text = shortest(level.weight.value);
    if (i.score) {
      all += i.score->value;
      if (level.score) level.score = evaluate::printed_number{exact(level.score->value + i.score->value), ""};
      if (level.score) level.score->text = fixed(level.score->value, 2);
    } else {
      level.score.reset();
      whole = false;
    }
  }
  e.total_so_far = {all, fixed(all, 2)};
  e.total.reset();
  e.grade.clear();
  if (!whole) return;
  e.total = e.total_so_far;
  e.grade = all >= 90 ? "优" : "良";
}

/** The year 2026, final. */
inline evaluate::evaluation whole_year() {
  evaluate::evaluation e;
  e.title = "2026年度信息化项目建设项目绩效自评";
  e.project = "信息化项目建设项目";
  e.department = "219-安平区数据资源管理局";
  e.unit = "219001-安平区数据资源管理局本级";
  e.office = "安平区数据资源管理局";
  e.year = "2026";
  e.layout = "anhui";
  e.period_text = "2026-01-01 至 2026-12-31（Asia/Shanghai）";
  e.zone = "Asia/Shanghai";
  e.expected_goal =
      "按照省市要求保障全区及乡镇街、村（社区）、卫生及教育系统电子政务外网专线运行。建设政务公开专区，完成网站升级改造"
      "，提高政府工作效率和公信力。";
  e.reached_goal =
      "全年417条专线加权畅通率99.4%以上，完成信息化建设任务9个，建成政务公开专区14个、专栏19个，网站升级改造按期验收。";
  e.execution.rows = {{"年度资金总额：", "921.47", "921.47", "", "919.94"},
                      {"其中：本年财政拨款", "921.47", "921.47", "", "919.94"},
                      {"　　　上年结转资金", "0.00", "0.00", "", "0.00"},
                      {"　　　其他资金", "0.00", "0.00", "", "0.00"}};
  e.execution.denominator = "全年预算数";
  e.execution.weight = printed("10");
  e.execution.rate = printed("99.83");
  e.execution.score = printed("9.98");
  e.execution.method = "全年执行数÷全年预算数＝919.94÷921.47＝99.83%，得分10×99.83%＝9.98";
  for (std::size_t n = 0; n < rows().size(); ++n) e.indicators.push_back(indicator(rows()[n], n + 1));
  add_sums(e);
  e.reverse_variant = "方式一：(1−(B−A)÷A)×分值";
  e.rounding_text = "四舍五入，保留两位小数";
  e.score_by = "A_low";
  e.group_formula = "R1";
  add_marks(e);
  add_chapters(e);
  e.software = "畅通 Changtong 0.2.0";
  e.ledger_digest = "9b1f4c77e0d2a15be6a9f3340c8d51ee27b90f6aa0c4d1be5f73a8812c9d0e46";
  e.fingerprint = "3f2a9c01d4e87b65";
  return e;
}

/** One measured indicator has no evidence, one verdict is missing. */
inline evaluate::evaluation draft() {
  evaluate::evaluation e = whole_year();
  auto& village = e.indicators[8];
  village.score.reset();
  village.actual.reset();
  village.actual_text = "证据不足";
  village.how = evaluate::standing::insufficient;
  village.colour = evaluate::light::unknown;
  village.reason.clear();
  village.reason_needed = false;
  village.evidence.missing = {"覆盖率93.1%，低于下限95%", "2026-03-09 12:00起12小时未观测"};
  auto& verdict = e.indicators[24];
  verdict.score.reset();
  verdict.actual_text.clear();
  verdict.how = evaluate::standing::undecided;
  verdict.colour = evaluate::light::unknown;
  e.indicators[13].reason.clear();
  e.blocking = {"政务专线畅通率（村、社区）：证据不足", "电子政务外网安全管理和运维机制：没有人工评定",
                "故障平均修复时间：没有填写偏差原因"};
  add_sums(e);
  return e;
}

/** Up to June, with forecasts and all four lights. */
inline evaluate::evaluation mid_year() {
  evaluate::evaluation e = whole_year();
  e.whole_year = false;
  e.as_of = "2026-06-30";
  e.period_text = "2026-01-01 至 2026-06-30（Asia/Shanghai）";
  e.indicators[17].colour = evaluate::light::red;
  e.indicators[26].colour = evaluate::light::unknown;
  e.indicators[26].actual_text.clear();
  for (auto& i : e.indicators) {
    i.forecast_text = i.actual_text;
    i.forecast_score = i.score;
  }
  return e;
}

/** 60 indicators whose names, values and reasons have every length up to more than a row can hold. */
inline evaluate::evaluation crowded() {
  evaluate::evaluation e = whole_year();
  const auto repeated = [](std::string_view word, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += word;
    return out;
  };
  e.indicators.resize(60, e.indicators[8]);
  for (std::size_t i = 0; i < 60; ++i) {
    auto& x = e.indicators[i];
    x.level1 = i < 40 ? "产出指标" : "效益指标";
    x.level2 = i % 3 == 0 ? "质量指标" : "二级指标之" + repeated("甲", i / 2);
    x.level3 = repeated("名", i + 1);
    x.reason = repeated("因暴雨中断，已迁改杆路；", i * i / 60);
  }
  e.indicators[3].actual_text = repeated("x", 400);
  e.project = repeated("信息化项目", 60);
  e.expected_goal = repeated("保障专线运行。", 20);
  e.blocking = {repeated("缺少证据，", 100)};
  add_sums(e);
  return e;
}

inline evaluate::evaluation sichuan() {
  evaluate::evaluation e = whole_year();
  e.layout = "sichuan";
  for (auto& r : e.execution.rows) r.adjusted = r.full_year;
  e.execution.denominator = "调整后预算数";
  return e;
}

}  // namespace changtong::report::sample
