// Each rule by two short texts: one with the slip, in words of its own, and its twin without it.
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

#include "daemon/claims/consistency.h"

namespace changtong::claims {
namespace {

const std::string head = "2025年度平安小区监控平台项目绩效自评报告\n\n";

struct twins {
  const char* name;
  const char* kind;
  const char* quote;  // words that a quote of the finding holds
  const char* slip;
  const char* clean;
};
std::ostream& operator<<(std::ostream& out, const twins& t) { return out << t.name; }

std::string listed(const std::vector<contradiction>& all) {
  std::string out;
  for (const contradiction& c : all) out += "\n  " + c.kind + " 「" + c.quotes.front() + "」 " + c.text;
  return out;
}

class Rule : public testing::TestWithParam<twins> {};

TEST_P(Rule, FindsTheSlipAndLeavesItsTwinAlone) {
  const twins& t = GetParam();
  const auto found = contradictions(head + t.slip);
  const bool hit = std::ranges::any_of(found, [&](const contradiction& c) {
    return c.kind == t.kind &&
           std::ranges::any_of(c.quotes, [&](const std::string& q) { return q.find(t.quote) != std::string::npos; });
  });
  EXPECT_TRUE(hit) << t.slip << listed(found);
  const auto clean = contradictions(head + t.clean);
  EXPECT_TRUE(clean.empty()) << t.clean << listed(clean);
}

const twins amounts[] = {
    {"SpendingTwice", "amount/amount", "支付资金",
     "一、资金情况\n全年支出302.5万元。\n二、过程情况\n截至12月底，项目实际支付资金305.2万元。\n",
     "一、资金情况\n全年支出302.5万元。\n二、过程情况\n截至12月底，项目实际支付资金302.50万元。\n"},
    {"ExecutedInOtherWords", "amount/amount", "使用资金",
     "一、资金情况\n本项目共使用资金88万元。\n二、结论\n全年执行数86万元。\n",
     "一、资金情况\n本项目共使用资金88万元。\n二、结论\n全年执行数88.00万元。\n"},
    {"PartOfTheProject", "amount/amount", "专线租赁费",
     "一、情况\n专线租赁费120.5万元。\n二、分析\n专线租赁费支付125.5万元，专线租赁费共124万元。\n",
     "一、情况\n全年支出302.5万元，其中专线租赁费120."
     "5万元。\n二、分析\n2024年专线租赁费118万元，专线租赁费每月约10万元。\n"},
    {"InitialAndAdded", "amount/amount", "追加", "一、资金\n年初预算数400万元，年中追加50万元，全年预算数460万元。\n",
     "一、资金\n年初预算数400万元，年中调减50万元，全年预算数350万元。\n"},
    {"RestStated", "amount/amount", "结余资金", "一、资金\n到位资金100万元，全年支出96万元，结余资金5万元已收回。\n",
     "一、资金\n到位资金100万元，全年支出96万元，结余资金4万元已收回。\n"},
    {"UnitsOfMoney", "amount/amount", "3200000元", "一、资金\n全年支出302.5万元。\n二、过程\n全年支出3200000元。\n",
     "一、资金\n全年支出302.5万元。\n二、过程\n全年支出3025000元。\n"},
};
INSTANTIATE_TEST_SUITE_P(Amounts, Rule, testing::ValuesIn(amounts), [](const auto& i) { return i.param.name; });

const twins rates[] = {
    {"Execution", "amount/rate", "执行率", "一、资金\n全年预算数500万元，执行数450万元，预算执行率91%。\n",
     "一、资金\n全年预算数500万元，执行数450万元，预算执行率90%。\n"},
    {"ExecutionInTheNextSentence", "amount/rate", "支付率",
     "一、资金\n项目预算500万元。全年支付452.3万元。支付率为90.64%。\n",
     "一、资金\n项目预算500万元。全年支付452.3万元。支付率为90.46%。\n"},
    {"Received", "amount/rate", "到位率", "一、资金\n项目预算500万元，实际到位480万元，资金到位率100%。\n",
     "一、资金\n项目预算500万元，实际到位480万元，资金到位率96%。\n"},
    {"Satisfied", "amount/rate", "满意率", "一、满意度\n发放问卷200份，收回190份，其中满意180份，满意率96%。\n",
     "一、满意度\n发放问卷200份，收回190份，其中满意180份，满意率94.74%。\n"},
    {"SatisfiedInWholePercent", "amount/rate", "满意度",
     "一、满意度\n发放问卷500份，收回475份，其中满意418份，满意度95%。\n",
     "一、满意度\n发放问卷500份，收回475份，其中满意418份，满意度88%。\n"},
    {"Returned", "amount/rate", "回收率", "一、满意度\n发放问卷200份，收回190份，回收率98%。\n",
     "一、满意度\n发放问卷200份，收回190份，回收率95%。\n"},
    {"Completed", "amount/rate", "完成率", "一、产出\n计划改造点位40个，实际完成38个，完成率100%，未完成的2个顺延。\n",
     "一、产出\n计划改造点位40个，实际完成38个，完成率95%，未完成的2个顺延。\n"},
    {"Sampled", "amount/rate", "合格率", "一、质量\n抽查设备80台，合格76台，合格率96%。\n",
     "一、质量\n抽查设备80台，合格76台，合格率95%。\n"},
    {"Grown", "amount/rate", "增长30%", "一、效益\n访问量由20万次增加到25万次，增长30%。\n",
     "一、效益\n访问量由20万次增加到25万次，增长25%。\n"},
    {"ShareOfTheGoal", "amount/rate", "105%", "一、产出\n安装摄像机412台，完成计划400台的105%。\n",
     "一、产出\n安装摄像机412台，完成计划400台的103%。\n"},
    {"SameRateTwice", "rate/rate", "满意度",
     "一、结论\n服务对象满意度96%，调查样本200人。\n二、效益\n服务对象满意度93%。\n",
     "一、结论\n服务对象满意度96%，调查样本200人。\n二、效益\n服务对象满意度96%，2024年服务对象满意度93%。\n"},
};

const twins counts[] = {
    {"NounBehind", "count/count", "12项制度",
     "一、结论\n制定运维管理12项制度。\n二、过程情况\n制定运维管理10项制度。\n",
     "一、结论\n制定运维管理12项制度。\n二、过程情况\n制定运维管理十二项制度。\n"},
    {"InWords", "count/count", "二十个小区", "一、结论\n覆盖二十个小区。\n二、产出数量\n覆盖小区18个。\n",
     "一、结论\n覆盖二十个小区。\n二、产出数量\n覆盖小区20个。\n"},
    {"TasksOfTheProject", "count/count", "12项建设任务",
     "一、结论\n全年完成12项建设任务。\n二、产出数量\n完成10项建设任务。\n",
     "一、结论\n全年完成12项建设任务。\n二、产出数量\n上半年完成10项建设任务，全年完成12项建设任务。\n"},
    {"Months", "count/count", "巡检", "一、产出\n全年巡检420次。\n二、做法\n全年巡检400次。\n",
     "一、产出\n全年巡检420次。\n二、做法\n每月巡检35次，6月巡检38次，上半年巡检210次。\n"},
};

const twins sums[] = {
    {"PartsOfMoney", "sum/parts", "设备费",
     "一、资金\n全年支出100万元，其中：设备费60万元，运维费20万元，培训费10万元。\n",
     "一、资金\n全年支出100万元，其中：设备费60万元，运维费30万元，培训费10万元。\n"},
    {"PartsAboveTheWhole", "sum/parts", "室内", "一、产出\n安装摄像机100台，其中室内80台、室外40台。\n",
     "一、产出\n安装摄像机100台，其中室内60台、室外40台。\n"},
    {"PartsByClauses", "sum/parts", "运维服务",
     "一、资金\n项目资金合计88.5万元，其中：线路租赁60万元；运维服务22.5万元；目标考核奖励8万元。\n",
     "一、资金\n项目资金合计90.5万元，其中：线路租赁60万元；运维服务22.5万元；目标考核奖励8万元。\n"},
    {"TotalBehind", "sum/parts", "合计", "一、产出\n东区安装30台，西区安装45台，合计85台。\n",
     "一、产出\n东区安装30台，西区安装45台，合计75台。\n"},
    {"Weights", "score/parts", "满分100分", "一、指标体系\n满分100分，其中决策20分、过程20分、产出30分、效益20分。\n",
     "一、指标体系\n满分100分，其中决策20分、过程20分、产出30分、效益30分。\n"},
    {"Scores", "score/parts", "综合得分",
     "一、结论\n项目综合得分92分，其中：决策得分18分，过程得分18分，产出得分28分，效益得分27分。\n",
     "一、结论\n项目综合得分92分，其中：决策得分18分，过程得分18分，产出得分28分，效益得分28分。\n"},
    {"ScoreAboveWeight", "score/parts", "分值5分", "一、分析\n该指标分值5分，得6分。\n",
     "一、分析\n该指标分值5分，得4.5分。\n"},
    {"Deducted", "score/parts", "扣分", "一、结论\n共扣分3.5分，自评得分97.5分。\n",
     "一、结论\n共扣分3.5分，自评得分96.5分。\n"},
};

const twins targets[] = {
    {"SaidToBeMet", "goal/output", "98.1%", "一、质量\n一类点位在线率98.1%，目标值不低于98.5%，达到年度目标。\n",
     "一、质量\n一类点位在线率98.1%，目标值不低于98.5%"
     "，未达到年度目标。故障修复时间2小时，目标值不超过4小时，达标。\n"},
    {"FullMarksForAMiss", "goal/output", "99.82%",
     "一、质量\n可用率目标值≥99.9%，实际完成值99.82%，分值10分，得分10分。\n",
     "一、质量\n可用率目标值≥99.9%，实际完成值99.82%，分值10分，得分9分。\n"},
    {"NotAllOfThem", "goal/output", "99.88%",
     "一、质量\n四个季度畅通率依次为99.91%、99.88%、99.94%、99.96%，各季度均不低于99.9%。\n",
     "一、质量\n四个季度畅通率依次为99.91%、99.98%、99.94%、99.96%，各季度均不低于99.9%。\n"},
};

const twins dates[] = {
    {"NoSuchDay", "date/date", "2月30日", "一、产出时效\n系统于2025年2月30日上线。\n",
     "一、产出时效\n系统于2025年2月28日上线。\n"},
};

INSTANTIATE_TEST_SUITE_P(Rates, Rule, testing::ValuesIn(rates), [](const auto& i) { return i.param.name; });
INSTANTIATE_TEST_SUITE_P(Counts, Rule, testing::ValuesIn(counts), [](const auto& i) { return i.param.name; });
INSTANTIATE_TEST_SUITE_P(Sums, Rule, testing::ValuesIn(sums), [](const auto& i) { return i.param.name; });
INSTANTIATE_TEST_SUITE_P(Targets, Rule, testing::ValuesIn(targets), [](const auto& i) { return i.param.name; });
INSTANTIATE_TEST_SUITE_P(Dates, Rule, testing::ValuesIn(dates), [](const auto& i) { return i.param.name; });

}  // namespace
}  // namespace changtong::claims
