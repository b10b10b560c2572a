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
    {"BudgetTwice", "amount/amount", "批复预算",
     "一、资金情况\n全年预算数400万元。\n二、过程情况\n区财政批复预算450万元。\n",
     "一、资金情况\n年初预算数400万元，年中追加50万元，全年预算数450万元。\n二、过程情况\n区财政批复预算450万元。\n"},
    {"PartOfTheProject", "amount/amount", "专线租赁费",
     "一、情况\n专线租赁费120.5万元。\n二、分析\n专线租赁费支付125.5万元，专线租赁费共124万元。\n",
     "一、情况\n全年支出302.5万元，其中专线租赁费120."
     "5万元。\n二、分析\n2024年专线租赁费118万元，专线租赁费每月约10万元。\n"},
    {"InitialAndAdded", "amount/amount", "追加", "一、资金\n年初预算数400万元，年中追加50万元，全年预算数460万元。\n",
     "一、资金\n年初预算数400万元，年中调减50万元，全年预算数350万元。\n"},
    {"RestStated", "amount/amount", "结余资金", "一、资金\n到位资金100万元，全年支出96万元，结余资金5万元已收回。\n",
     "一、资金\n到位资金100万元，全年支出96万元，结余资金4万元已收回。\n"},
    {"RestNotTold", "amount/amount", "到位资金", "一、资金\n到位资金100万元，全年支出96万元。\n",
     "一、资金\n到位资金100万元，全年支出96万元，余款上缴区财政。\n"},
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
    {"HundredByRounding", "amount/rate", "执行率100%",
     "一、资金\n全年预算数500万元，执行数499.9万元，预算执行率100%。\n",
     "一、资金\n全年预算数500万元，执行数499.9万元，预算执行率99.98%。\n"},
    {"Satisfied", "amount/rate", "满意率", "一、满意度\n发放问卷200份，收回190份，其中满意180份，满意率96%。\n",
     "一、满意度\n发放问卷200份，收回190份，其中满意180份，满意率94.74%。\n"},
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
    {"SameNoun", "count/count", "更新摄像机", "一、结论\n更新摄像机130台。\n二、产出数量\n摄像机更新120台。\n",
     "一、结论\n更新摄像机130台。\n二、产出数量\n摄像机更新130台，维修摄像机20台。\n"},
    {"NounBehind", "count/count", "12项制度",
     "一、结论\n制定运维管理12项制度。\n二、过程情况\n制定运维管理10项制度。\n",
     "一、结论\n制定运维管理12项制度。\n二、过程情况\n制定运维管理十二项制度。\n"},
    {"InWords", "count/count", "二十个小区", "一、结论\n覆盖二十个小区。\n二、产出数量\n覆盖小区18个。\n",
     "一、结论\n覆盖二十个小区。\n二、产出数量\n覆盖小区20个。\n"},
    {"TasksOfTheProject", "count/count", "12项建设任务",
     "一、结论\n全年完成12项建设任务。\n二、产出数量\n完成10项建设任务。\n",
     "一、结论\n全年完成12项建设任务。\n二、产出数量\n上半年完成10项建设任务，全年完成12项建设任务。\n"},
    {"PartAboveTheWhole", "count/count", "接入市级平台的",
     "一、产出\n维护政务应用30个。\n二、做法\n对接入市级平台的36个政务应用开展监测。\n",
     "一、产出\n维护政务应用30个。\n二、做法\n对接入市级平台的12个政务应用开展监测。\n"},
    {"ListAndItsNumber", "count/count", "两家运营商", "一、内容\n项目由电信、移动、联通两家运营商承建。\n",
     "一、内容\n项目由电信、移动、联通三家运营商承建，服务公安、司法等9个部门。\n"},
    {"Months", "count/count", "巡检", "一、产出\n全年巡检420次。\n二、做法\n全年巡检400次。\n",
     "一、产出\n全年巡检420次。\n二、做法\n每月巡检35次，6月巡检38次，上半年巡检210次。\n"},
};

const twins sums[] = {
    {"PartsOfMoney", "sum/parts", "设备费",
     "一、资金\n全年支出100万元，其中：设备费60万元，运维费20万元，培训费10万元。\n",
     "一、资金\n全年支出100万元，其中：设备费60万元，运维费30万元，培训费10万元。\n"},
    {"PartsAboveTheWhole", "sum/parts", "室内", "一、产出\n安装摄像机100台，其中室内80台、室外40台。\n",
     "一、产出\n安装摄像机100台，其中室内60台、室外40台。\n"},
    {"TotalBehind", "sum/parts", "合计", "一、产出\n东区安装30台，西区安装45台，合计85台。\n",
     "一、产出\n东区安装30台，西区安装45台，合计75台。\n"},
    {"SomePartsOnly", "sum/parts", "高清", "一、产出\n安装摄像机100台，其中高清50台、球机45台。\n",
     "一、产出\n安装摄像机100台，其中高清30台、球机15台。收回问卷90份，其中有效88份、满意80份。\n"},
    {"Weights", "score/parts", "满分100分", "一、指标体系\n满分100分，其中决策20分、过程20分、产出30分、效益20分。\n",
     "一、指标体系\n满分100分，其中决策20分、过程20分、产出30分、效益30分。\n"},
    {"Scores", "score/parts", "综合得分",
     "一、结论\n项目综合得分92分，其中：决策得分18分，过程得分18分，产出得分28分，效益得分27分。\n",
     "一、结论\n项目综合得分92分，其中：决策得分18分，过程得分18分，产出得分28分，效益得分28分。\n"},
    {"ScoreAboveWeight", "score/parts", "分值5分", "一、分析\n该指标分值5分，得6分。\n",
     "一、分析\n该指标分值5分，得4.5分。\n"},
    {"FullScoreOfPartExecution", "score/parts", "100分",
     "一、结论\n项目自评得分100分，全年预算数500万元，执行数450万元，余款收回。\n",
     "一、结论\n项目自评得分97分，全年预算数500万元，执行数450万元，余款收回。\n"},
    {"Grade", "claim/claim", "等级为良", "一、结论\n项目自评得分93分，评价等级为良。\n",
     "一、结论\n项目自评得分83分，评价等级为良。\n"},
    {"Deducted", "score/parts", "扣分", "一、结论\n共扣分3.5分，自评得分97.5分。\n",
     "一、结论\n共扣分3.5分，自评得分96.5分。\n"},
};

const twins goals[] = {
    {"ClassWithoutFigure", "goal/output", "学校",
     "一、绩效目标\n为街道、社区、学校接入视频专线。\n二、产出数量\n接入街道专线12条、社区专线80条。\n",
     "一、绩效目标\n为街道、社区、学校接入视频专线。\n二、产出数量\n接入街道专线12条、社区专线80条、学校专线20条。\n"},
    {"PromisedAndNotTold", "goal/output", "机房", "一、绩效目标\n完成机房升级改造。\n二、产出数量\n安装摄像机80台。\n",
     "一、绩效目标\n完成机房升级改造。\n二、产出数量\n安装摄像机80台，机房改造通过验收。\n"},
    {"PromisedToBuild", "goal/output", "人脸比对服务",
     "一、绩效目标\n建设人脸比对服务。\n二、产出数量\n安装摄像机80台。\n",
     "一、绩效目标\n建设人脸比对服务。\n二、产出数量\n安装摄像机80台，人脸比对服务建设完成并投入使用。\n"},
    {"FewerThanPlanned", "goal/output", "培训不少于300人次",
     "一、绩效目标\n培训不少于300人次。\n二、产出数量\n培训280人次。\n",
     "一、绩效目标\n培训不少于300人次。\n二、产出数量\n培训310人次。\n"},
    {"NumberedInTheSentence", "goal/output", "手机端",
     "一、绩效目标\n1.安装摄像机；2.开发手机端出行应用；3.培训不少于2期。\n二、产出数量\n安装摄像机80台，培训2期。\n",
     "一、绩效目标\n1.安装摄像机；2.开发手机端出行应用；3."
     "培训不少于2期。\n二、产出数量\n安装摄像机80台，培训2期，手机端出行应用上线。\n"},
    {"SideBySide", "goal/output", "≥24次", "一、完成情况\n年度指标值巡检≥24次，实际完成20次。\n",
     "一、完成情况\n年度指标值巡检≥24次，实际完成26次。\n"},
    {"DeclaredAndForgotten", "indicator/evaluation", "合同管理",
     "一、指标体系\n过程指标主要评价资金管理、合同管理情况。\n二、指标分析\n（一）过程情况\n1. "
     "资金管理\n资金专款专用。\n",
     "一、指标体系\n过程指标主要评价资金管理、合同管理情况。\n二、指标分析\n（一）过程情况\n1. "
     "资金管理\n资金专款专用。\n2. 合同管理\n合同均已备案。\n"},
};

const twins claims[] = {
    {"OnTimeAndLate", "claim/claim", "工期延误",
     "一、产出时效\n各项任务按期完成。\n二、存在问题\n因管线施工造成工期延误。\n",
     "一、产出时效\n各项任务按期完成。\n二、存在问题\n前三季度支出进度偏慢，应避免工期延误。\n"},
    {"RulesThereAndNot", "claim/claim", "制度不完善",
     "一、过程情况\n财务制度健全。\n二、存在问题\n档案管理制度不完善。\n",
     "一、过程情况\n财务制度健全。\n二、存在问题\n人员流动性大。\n"},
    {"DepartmentFrame", "claim/claim", "部门整体支出", "一、评价依据\n按照部门整体支出绩效评价办法开展。\n",
     "一、评价依据\n按照项目支出绩效评价办法开展。\n"},
    {"LastYearsEvaluation", "claim/claim", "绩效评价", "一、过程情况\n对2024年项目开展了绩效评价，制度执行有效。\n",
     "一、过程情况\n对本项目开展了绩效评价，制度执行有效。\n"},
    {"ProblemsAndFullMarks", "claim/claim", "自评得分100分",
     "一、结论\n项目自评得分100分。\n二、存在问题\n绩效管理意识有待加强，运维力量不足。\n",
     "一、结论\n项目自评得分98分。\n二、存在问题\n绩效管理意识有待加强，运维力量不足。\n"},
    {"LaterThanPlannedAndOnTime", "date/date", "11月20日",
     "一、产出时效\n计划于2025年10月31日前完成，实际于2025年11月20日完成，按期完成了任务。\n",
     "一、产出时效\n计划于2025年10月31日前完成，实际于2025年10月20日完成，按期完成了任务。\n"},
    {"NoSuchDay", "date/date", "2月30日", "一、产出时效\n系统于2025年2月30日上线。\n",
     "一、产出时效\n系统于2025年2月28日上线。\n"},
    {"DaysAhead", "date/date", "提前20天", "一、产出时效\n计划于2025年10月31日前完成，实际于10月21日完成，提前20天。\n",
     "一、产出时效\n计划于2025年10月31日前完成，实际于10月21日完成，提前10天。\n"},
};

const twins words[] = {
    {"RateAsCount", "unit/word", "使用率", "一、效益\n平台使用率达5万次。\n", "一、效益\n平台使用达5万次。\n"},
    {"PersonsAsTimes", "unit/word", "参训人数", "一、产出\n参训人数120人次。\n", "一、产出\n参训人数120人。\n"},
    {"AboveHundred", "unit/word", "覆盖率", "一、产出\n小区覆盖率103%。\n", "一、产出\n小区覆盖率98%。\n"},
    {"UndefinedRate", "unit/word", "在线率", "一、社会效益\n摄像机在线率99.5%。\n",
     "一、社会效益\n摄像机在线率99.5%，按全年在线时长除以应在线时长计算。\n"},
    {"UndefinedDays", "unit/word", "365天", "一、产出\n全年运维保障365天。\n",
     "一、产出\n全年运维保障365天，每日填写值班日志。\n"},
    {"TooManyDays", "unit/word", "366天", "一、产出\n全年运维保障366天，每日填写值班日志。\n",
     "一、产出\n全年运维保障365天，每日填写值班日志。\n"},
    {"AllOfAShare", "unit/word", "97%", "一、满意度\n调查居民200户，97%的居民都表示满意。\n",
     "一、满意度\n调查居民200户，97%的居民表示满意。\n"},
    {"AllInAnotherClause", "unit/word", "均表示满意", "一、满意度\n调查居民200户，满意率97%，居民均表示满意。\n",
     "一、满意度\n调查居民200户，满意率97%，居民总体满意。\n"},
    {"NobodyAsked", "unit/word", "满意度95%", "一、满意度\n经走访，群众满意度95%。\n",
     "一、满意度\n经走访居民150户，群众满意度95%。\n"},
    {"EditionsMixed", "unit/word", "效果", "一、指标体系\n设决策、过程、产出、效果四个一级指标。\n",
     "一、指标体系\n设决策、过程、产出、效益四个一级指标。\n"},
    {"EditionOfTheHeading", "unit/word", "效益",
     "一、指标体系\n设投入、过程、产出、效果四个一级指标。\n二、指标分析\n（一）效益情况\n群众反映良好。\n",
     "一、指标体系\n设投入、过程、产出、效果四个一级指标。\n二、指标分析\n（一）效果情况\n群众反映良好。\n"},
    {"AnotherOffice", "boilerplate", "税务", "一、效益\n提升了税务形象。\n",
     "一、效益\n税务局等单位接入了平台，提升了政府形象。\n"},
    {"AnotherTopic", "boilerplate", "粮食", "一、可持续影响\n促进粮食增产和农民增收。\n",
     "一、可持续影响\n形成了数字生态，治理水平不断提高。\n"},
    {"WordTwice", "boilerplate", "管理管理", "一、过程\n加强平台管理管理工作。\n",
     "一、过程\n加强平台管理工作，一步一步推进。\n"},
    {"MarkTwice", "boilerplate", "，，", "一、过程\n加强平台管理，，落实责任。\n",
     "一、过程\n加强平台管理，落实责任……\n"},
    {"CharacterTwice", "boilerplate", "万元元", "一、过程\n培训费3万元元。\n",
     "一、过程\n培训费3万元，年年如此，目的的确明确。\n"},
    {"VerbMissing", "boilerplate", "服务水平的", "一、建议\n窗口服务水平的关键为加强培训。\n",
     "一、建议\n提高窗口服务水平的关键为加强培训。\n"},
    {"Fragment", "boilerplate", "按照", "一、过程\n我局按照市财政局文件要求。\n",
     "一、过程\n我局按照市财政局文件要求开展自评。\n"},
    {"ListMissing", "list/announced", "以下三项", "一、内容\n项目包括以下三项工作。\n二、资金\n资金专款专用。\n",
     "一、内容\n项目包括以下三项工作。\n（一）安装\n（二）运维\n（三）培训\n二、资金\n资金专款专用。\n"},
    {"ListTooShort", "list/announced", "以下四项",
     "一、内容\n项目包括以下四项工作：\n（一）安装\n（二）运维\n（三）培训\n二、资金\n资金专款专用。\n",
     "一、内容\n项目包括以下四项工作：\n（一）安装\n（二）运维\n1. 巡检\n2. "
     "维修\n（三）培训\n（四）评估\n二、资金\n资金专款专用。\n"},
};

INSTANTIATE_TEST_SUITE_P(Rates, Rule, testing::ValuesIn(rates), [](const auto& i) { return i.param.name; });
INSTANTIATE_TEST_SUITE_P(Counts, Rule, testing::ValuesIn(counts), [](const auto& i) { return i.param.name; });
INSTANTIATE_TEST_SUITE_P(Sums, Rule, testing::ValuesIn(sums), [](const auto& i) { return i.param.name; });
INSTANTIATE_TEST_SUITE_P(Goals, Rule, testing::ValuesIn(goals), [](const auto& i) { return i.param.name; });
INSTANTIATE_TEST_SUITE_P(Claims, Rule, testing::ValuesIn(claims), [](const auto& i) { return i.param.name; });
INSTANTIATE_TEST_SUITE_P(Words, Rule, testing::ValuesIn(words), [](const auto& i) { return i.param.name; });

}  // namespace
}  // namespace changtong::claims
