// Readings and verdicts as a terminal, a script and a spreadsheet get them.
#include "daemon/report/evaluation_lists.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace changtong {
namespace {

const civil_zone shanghai = civil_zone::named("Asia/Shanghai").value();
const wall_t noon = shanghai.parse("2026-03-14T12:00:00+08:00")->from;

std::vector<counter_record> readings() {
  const counter_record first{noon, "wechat", noon, "51,234", "人", "平台 \"后台\"", "王工", "api"};
  counter_record second = first;
  second.at += std::chrono::minutes{1};
  second.value = "51235";
  return {first, second};
}

std::vector<indicator_verdict> verdicts() {
  return {{noon, "2026", "X-7", attainment::partly, "4.5", "晚了, 两个月", "验收.pdf", std::string(64, 'a'), "王工",
           "cli"}};
}

TEST(CounterList, MarksTheReadingThatWasCorrected) {
  EXPECT_EQ(write_counters(readings(), report::format::table, shanghai),
            "计数器  时间                   数值  单位  来源         计入    登记人  登记时间\n"
            "-------------------------------------------------------------------------------------------\n"
            "wechat  2026-03-14 12:00:00  51,234  人    平台 \"后台\"  已更正  王工    2026-03-14 12:00:00\n"
            "wechat  2026-03-14 12:00:00   51235  人    平台 \"后台\"  计入    王工    2026-03-14 12:01:00\n");
}

TEST(CounterList, AsCsvQuotesWhatHasCommasAndQuotes) {
  EXPECT_EQ(write_counters(readings(), report::format::csv, shanghai),
            "counter,about,value,unit,source,counts,author,at,via\n"
            "wechat,2026-03-14T12:00:00.000+08:00,\"51,234\",人,\"平台 \"\"后台\"\"\",false,王工,"
            "2026-03-14T12:00:00.000+08:00,api\n"
            "wechat,2026-03-14T12:00:00.000+08:00,51235,人,\"平台 \"\"后台\"\"\",true,王工,"
            "2026-03-14T12:01:00.000+08:00,api\n");
}

TEST(VerdictList, AsJsonHasEveryFieldAndTheWholeDigest) {
  const auto all = boost::json::parse(write_verdicts(verdicts(), report::format::json, shanghai)).as_array();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(boost::json::serialize(all[0]),
            R"({"plan":"2026","indicator":"X-7","verdict":"partly","points":"4.5","text":"晚了, 两个月",)"
            R"("document":"验收.pdf","sha256":")" +
                std::string(64, 'a') +
                R"(","counts":true,"author":"王工","at":"2026-03-14T12:00:00.000+08:00","via":"cli"})");
}

TEST(VerdictList, SaysTheVerdictInChineseToPeopleAndByItsNameToPrograms) {
  EXPECT_THAT(write_verdicts(verdicts(), report::format::table, shanghai), testing::HasSubstr("部分达成"));
  EXPECT_THAT(write_verdicts(verdicts(), report::format::csv, shanghai),
              testing::HasSubstr("2026,X-7,partly,4.5,\"晚了, 两个月\",验收.pdf,"));
}

}  // namespace
}  // namespace changtong
