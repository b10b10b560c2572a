// A report held against last year's and against the 批复: the texts and what is to be found in them stood here before
// the rules.
#include <gtest/gtest.h>

#include "daemon/claims/consistency.h"

namespace changtong::claims {
namespace {

const std::string last =
    "2023年度政务外网项目绩效自评报告\n\n一、项目资金\n专线租赁费用为800万元，其中市级300万元。"
    "2023年运维专线353条。\n二、项目产出\n服务对象满意度96.5%，网站点击量超过10万次，平均修复用时3.5小时。\n";

std::vector<std::string> told(const std::vector<contradiction>& all, const std::string& kind) {
  std::vector<std::string> out;
  for (const contradiction& c : all)
    if (c.kind == kind) out.push_back((c.how == strength::sure ? "" : "? ") + c.text);
  return out;
}
std::vector<std::string> against_last(const std::string& sentence) {
  return told(
      contradictions("2024年度政务外网项目绩效自评报告\n\n一、项目资金\n" + sentence + "\n", {.last_year = last}),
      "claim/last_year");
}

TEST(LastYear, WhatTheTextSaysOfItByNameIsHeldAgainstItsReport) {
  const struct {
    const char *sentence, *text;
  } wrong[] = {{"上年专线租赁费用为780万元。", "上年报告第 4 行写「专线租赁费用为800万元」，本报告写上年 780万元。"},
               {"2023年专线租赁费用780万元。", "上年报告第 4 行写「专线租赁费用为800万元」，本报告写上年 780万元。"},
               {"上年度服务对象满意度95%。", "上年报告第 6 行写「服务对象满意度96.5%」，本报告写上年 95%。"},
               {"2023年运维专线350条。", "上年报告第 4 行写「2023年运维专线353条」，本报告写上年 350条。"}};
  for (const auto& w : wrong) {
    const auto all = against_last(w.sentence);
    ASSERT_EQ(all.size(), 1U) << w.sentence;
    EXPECT_EQ(all[0], w.text);
  }
}

TEST(LastYear, WhatIsRightOrNotOfThatYearOrNotTheSameIsLeftAlone) {
  for (const char* right :
       {"上年专线租赁费用为800万元。", "上年专线租赁费用约790万元。", "2023年服务对象满意度96.50%。",
        "上年专线租赁费用0.08亿元。", "专线租赁费用为780万元。",  // this year's
        "前年专线租赁费用为780万元。",                            // another year
        "2022年专线租赁费用为780万元。",
        "专线租赁费用较上年增加20万元。",  // an increment
        "上年专线租赁费用增长8万元。",
        "上年专线建设费用为780万元。",  // another label
        "上年专线租赁费用结余20万元。", "上年结转资金12万元。", "上年市级300万元。",
        "上年专线租赁费用为780条。",                            // another unit
        "上年网站点击量12万次。", "上年运维专线不少于350条。",  // bounds
        "今年计划比上年专线租赁费用780万元再压减。"}) {
    const auto all = against_last(right);
    EXPECT_TRUE(all.empty()) << right << " " << all.front();
  }
}

plans::approved_figure approved(const std::string& label, const std::string& target, bool budget = false) {
  return {label, *plans::read_target(target, 2024), "「批复」C4", budget};
}
std::vector<std::string> against_approved(const std::string& text) {
  const beside others{.approved = {approved("年度资金总额", "=921.47万元", true), approved("专线租赁费", "=600万元"),
                                   approved("运维专线条数", "≥353条"), approved("网站点击量", "≥10万次"),
                                   approved("专线畅通率", "≥99.9%"), approved("项目总成本", "≤90万元")}};
  return told(contradictions("2024年度政务外网项目绩效自评报告\n\n" + text + "\n", others), "claim/approval");
}

TEST(Approval, ItsBudgetAndItsTargetsAreHeldAgainstWhatTheReportSaysTheyAre) {
  const struct {
    const char *text, *told;
  } wrong[] = {
      {"一、项目资金\n全年预算数930万元。", "批复（「批复」C4）中“年度资金总额”是 921.47万元，报告写 930万元。"},
      {"一、项目资金\n专线租赁费620万元。", "? 批复（「批复」C4）中“专线租赁费”是 600万元，报告写 620万元。"},
      {"一、项目资金\n专线租赁费预算620万元。", "批复（「批复」C4）中“专线租赁费”是 600万元，报告写 620万元。"},
      {"一、绩效目标\n项目总成本不超过95万元。", "批复（「批复」C4）中“项目总成本”是 ≤90万元，报告写 不超过95万元。"},
      {"一、绩效目标\n运维专线条数不少于350条。", "批复（「批复」C4）中“运维专线条数”是 ≥353条，报告写 不少于350条。"},
      {"一、绩效目标\n网站点击量达到12万次以上。", "批复（「批复」C4）中“网站点击量”是 ≥10万次，报告写 12万次以上。"},
      {"一、绩效目标\n专线畅通率不低于99%。", "批复（「批复」C4）中“专线畅通率”是 ≥99.9%，报告写 不低于99%。"}};
  for (const auto& w : wrong) {
    const auto all = against_approved(w.text);
    ASSERT_EQ(all.size(), 1U) << w.text;
    EXPECT_EQ(all[0], w.told);
  }
}

TEST(Approval, WhereALabelStandsTwiceTheReportMaySayEither) {
  const beside two{.approved = {approved("专线租赁费", "=600万元"), approved("专线租赁费", "=300万元"),
                                approved("验收合格率", "≥98%"), approved("验收合格率", "≥95%"),
                                approved("合计", "=900万元", true), approved("资金总额", "=400万元", true)}};
  const auto said = [&](const std::string& text) {
    return told(contradictions("2024年度政务外网项目绩效自评报告\n\n" + text + "\n", two), "claim/approval");
  };
  for (const char* right : {"一、项目资金\n专线租赁费预算300万元。", "一、项目资金\n专线租赁费预算600万元。",
                            "一、绩效目标\n验收合格率不低于95%。", "一、项目资金\n全年预算数400万元。"})
    EXPECT_TRUE(said(right).empty()) << right;
  for (const char* wrong : {"一、项目资金\n专线租赁费预算500万元。", "一、绩效目标\n验收合格率不低于90%。",
                            "一、项目资金\n全年预算数500万元。"})
    EXPECT_EQ(said(wrong).size(), 1U) << wrong;
}

TEST(Approval, WhatWasReachedAndWhatHasAnotherNameIsLeftAlone) {
  for (const char* right : {"一、项目资金\n全年预算数921.47万元。", "一、项目资金\n全年预算数9214700元。",
                            "一、项目资金\n上年预算数900万元。", "一、项目资金\n调整后预算增加20万元。",
                            "一、产出数量\n运维专线条数360条。", "一、产出质量\n专线畅通率99.95%。",
                            "一、绩效目标\n运维专线条数不少于353条。", "一、绩效目标\n运维专线条数不少于353公里。",
                            "一、绩效目标\n乡镇运维专线条数不少于100条。", "一、项目资金\n专线租赁费支出580万元。",
                            "一、产出成本\n项目总成本85.5万元。", "一、绩效目标\n项目总成本不超过90万元。"}) {
    const auto all = against_approved(right);
    EXPECT_TRUE(all.empty()) << right << " " << all.front();
  }
}

/** A report whose tables say what it says; `rows` below their head. */
std::string with_table(const std::string& year, const std::string& rows) {
  return year + "年度政务外网项目绩效自评报告\n\n一、项目资金\n资金安排见下表。\n" + rows + "\n";
}

TEST(Approval, TheTablesOfTheReportAreHeldAgainstIt) {
  const beside others{.approved = {approved("年度资金总额", "=921.47万元", true), approved("专线租赁费", "=600万元"),
                                   approved("运维专线条数", "≥353条"), approved("网站点击量", "≥10万次"),
                                   approved("专线畅通率", "≥99.9%")}};
  const auto said = [&](const std::string& rows) {
    return told(contradictions(with_table("2024", rows), others), "claim/approval");
  };
  const struct {
    const char *rows, *told;
  } wrong[] = {
      {"项目\t预算数（万元）\t实际支出（万元）\n专线租赁费\t620\t598\n设备维护费\t301.47\t301\n合计\t921.47\t899",
       "批复（「批复」C4）中“专线租赁费”是 600万元，报告的表写 620。"},
      {"项目\t预算金额\t执行数\n专线租赁费\t620万元\t598万元\n设备维护费\t90万元\t85万元",
       "批复（「批复」C4）中“专线租赁费”是 600万元，报告的表写 620万元。"},
      {"项目\t全年预算数（万元）\t全年执行数（万元）\n年度资金总额\t931.47\t899",
       "批复（「批复」C4）中“年度资金总额”是 921.47万元，报告的表写 931.47。"},
      {"一级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|运维专线条数|≥350条|360条|10|10\n"
       "产出指标|专线畅通率|≥99.9%|99.95%|10|10",
       "批复（「批复」C4）中“运维专线条数”是 ≥353条，报告的表写 ≥350条。"},
      {"三级指标|指标值|完成值|分值|得分\n专线畅通率（%）|≥99|99.95|10|10\n网站点击量|≥10万次|12万次|5|5",
       "批复（「批复」C4）中“专线畅通率”是 ≥99.9%，报告的表写 ≥99。"}};
  for (const auto& w : wrong) {
    const auto all = said(w.rows);
    ASSERT_EQ(all.size(), 1U) << w.rows;
    EXPECT_EQ(all[0], w.told);
  }
  for (const char* right :
       {"项目\t预算数（万元）\t实际支出（万元）\n专线租赁费\t600\t598\n合计\t921.47\t899",
        "项目\t预算数（元）\t实际支出（元）\n专线租赁费\t6000000\t5980000",
        "项目\t年初预算（万元）\t全年预算数（万元）\t执行数（万元）\n专线租赁费\t600\t640\t630",  // added to in the
                                                                                                  // year
        "项目\t调整后预算数（万元）\t执行数（万元）\n专线租赁费\t640\t630",
        "项目\t上年预算数（万元）\t执行数（万元）\n专线租赁费\t580\t600",
        "三级指标|年度指标值|实际完成值|分值|得分\n运维专线条数|≥353|360|10|10\n网站点击量|≥100000次|12万次|5|5",
        "三级指标|年度指标值|实际完成值|分值|得分\n乡镇运维专线条数|≥100条|102条|10|10"}) {
    const auto all = said(right);
    EXPECT_TRUE(all.empty()) << right << " " << all.front();
  }
}

TEST(LastYear, TablesOfBothReportsAreRead) {
  const std::string earlier = with_table("2023",
                                         "项目\t专线数（条）\t支出（万元）\n专线租赁\t353\t800\n设备维护\t40\t96.5\n"
                                         "合计\t393\t896.5");
  const auto said = [&](const std::string& text, const std::string& before) {
    return told(contradictions(text, {.last_year = before}), "claim/last_year");
  };
  const std::string head = "2024年度政务外网项目绩效自评报告\n\n一、项目资金\n";
  const struct {
    std::string text, before;
    const char* told;
  } wrong[] = {
      {with_table("2024", "项目\t2023年支出（万元）\t2024年支出（万元）\n专线租赁\t780\t820\n设备维护\t96.5\t99"),
       earlier, "上年报告第 6 行写「专线租赁	353	800」，本报告写上年 780。"},
      {with_table("2024", "项目\t上年支出（万元）\t本年支出（万元）\n专线租赁\t780\t820"), earlier,
       "上年报告第 6 行写「专线租赁	353	800」，本报告写上年 780。"},
      {head + "上年专线租赁支出780万元。\n", earlier,
       "上年报告第 6 行写「专线租赁	353	800」，本报告写上年 780万元。"},
      {with_table("2024", "项目\t上年（万元）\t本年（万元）\n专线租赁费用\t780\t820"), last,
       "上年报告第 4 行写「专线租赁费用为800万元」，本报告写上年 780。"}};
  for (const auto& w : wrong) {
    const auto all = said(w.text, w.before);
    ASSERT_EQ(all.size(), 1U) << w.text;
    EXPECT_EQ(all[0], w.told);
  }
  const std::pair<std::string, std::string> right[] = {
      {with_table("2024", "项目\t2023年支出（万元）\t2024年支出（万元）\n专线租赁\t800\t820\n设备维护\t96.5\t99"),
       earlier},
      {with_table("2024", "项目\t2022年支出（万元）\t2024年支出（万元）\n专线租赁\t780\t820"), earlier},
      {with_table("2024", "项目\t比上年增加（万元）\t支出（万元）\n专线租赁\t20\t820"), earlier},
      {with_table("2024", "项目\t上年预算（万元）\t支出（万元）\n专线租赁\t810\t820"), earlier},
      {head + "上年专线租赁支出800万元，上年设备维护支出0.00965亿元。\n", earlier},
      {with_table("2024", "项目\t上年（万元）\t本年（万元）\n专线租赁费用\t800\t820"), last}};
  for (const auto& [text, before] : right) {
    const auto all = said(text, before);
    EXPECT_TRUE(all.empty()) << text << " " << all.front();
  }
}

}  // namespace
}  // namespace changtong::claims
