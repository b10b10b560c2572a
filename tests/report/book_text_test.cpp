#include "daemon/report/book_text.h"

#include <gmock/gmock.h>

#include "daemon/report/columns.h"
#include "daemon/report/windows.h"

namespace changtong::report {
namespace {

using availability::outage;
using availability::seconds;

constexpr std::int64_t midnight_ms = 1'773'417'600'000;  // 2026-03-14T00:00:00+08:00
wall_t at(double s) { return wall_from_ms(midnight_ms + static_cast<std::int64_t>(s * 1000)); }
civil_zone shanghai() { return *civil_zone::named("Asia/Shanghai"); }

availability_row row() {
  seconds s;
  s.up = milliseconds{86'300'000};
  s.down = milliseconds{61'250};
  s.down_min = milliseconds{60'000};
  s.down_mid = milliseconds{61'500};
  s.down_max = milliseconds{63'000};
  s.unknown = milliseconds{38'750};
  s.outages = 2;
  s.unconfirmed = 1;
  s.scope = period{at(0), at(86400)};
  return {"L1", "城南镇, \"幸福\"村", s, availability::compute(s, false)};
}

outage closed_outage() {
  outage o;
  o.target = "L1";
  o.began = at(50);
  o.began_edge = {at(49), at(50)};
  o.confirmed = at(52);
  o.ended = at(250.5);
  o.ended_edge = {at(249.5), at(250.503)};
  o.holes = {{at(100), at(200)}};
  o.why = cause::timeout;
  o.found = cause::upstream;
  o.upstream = "T1";
  o.decided_by = "L1/icmp L1/snmp";
  return o;
}

outage open_outage() {
  outage o;
  o.target = "L2";
  o.began = at(50);
  o.began_edge = {wall_min, at(50)};
  o.confirmed = at(52);
  o.holes = {{at(60), at(70)}, {at(100), wall_max}};
  o.why = cause::refused;
  o.decided_by = "L2/tcp";
  return o;
}

TEST(AvailabilityJson, HasExactlyTheFieldsInOrder) {
  EXPECT_EQ(
      write_availability({row()}, format::json, shanghai()),
      R"([{"key":"L1","up_s":86300,"down_s":61.25,"down_min_s":60,"down_mid_s":61.5,"down_max_s":63,"excluded_s":0,)"
      R"("unknown_s":38.75,"outages":2,"unconfirmed":1,"availability":0.9992907698765361,"lower":0.9988425925925926,)"
      R"j("upper":0.999291087962963,"coverage":0.9995515046296296,"mttr_s":30.625,"formula":"A = U/(U+D)",)j"
      R"("scope_from":"2026-03-14T00:00:00.000+08:00","scope_to":"2026-03-15T00:00:00.000+08:00"}])"
      "\n");
}

TEST(AvailabilityJson, WhatHasNoValueIsNull) {
  const availability_row empty{"L1", "", {}, availability::compute({}, false)};
  EXPECT_THAT(write_availability({empty}, format::json, shanghai()),
              testing::HasSubstr(R"("availability":null,"lower":null,"upper":null,"coverage":null,"mttr_s":null,)"));
  EXPECT_EQ(write_availability({}, format::json, shanghai()), "[]\n");
}

TEST(AvailabilityCsv, HasTheSameNamesAndNoByteOrderMark) {
  availability_row r = row();
  r.key = "a,\"b\"";
  const std::string text = write_availability({r}, format::csv, shanghai());
  EXPECT_THAT(
      text,
      testing::StartsWith(
          "key,up_s,down_s,down_min_s,down_mid_s,down_max_s,excluded_s,unknown_s,outages,unconfirmed,"
          "availability,lower,upper,coverage,mttr_s,formula,scope_from,scope_to\r\n\"a,\"\"b\"\"\",86300,61.25,"));
  EXPECT_THAT(text, testing::EndsWith("+08:00\r\n"));
}

TEST(Csv, APersonsSheetHasChineseHeadingsAndAByteOrderMark) {
  const std::string bom = "\xef\xbb\xbf";
  availability_row r = row();
  r.key = "=cmd|'/c calc'!A1";
  const std::string books = write_availability({r}, format::sheet, shanghai());
  EXPECT_THAT(books, testing::StartsWith(bom + "编号,畅通（秒）,中断（秒）,"));
  EXPECT_THAT(books, testing::HasSubstr("\r\n'=cmd|'/c calc'!A1,86300,61.25,"));
  const std::string outages = write_outages({closed_outage()}, format::sheet, shanghai());
  EXPECT_THAT(outages, testing::StartsWith(bom + "编号,开始,确认,恢复,"));
  for (const std::string& text : {books, outages}) {
    const std::string headings = text.substr(bom.size(), text.find('\r') - bom.size());
    EXPECT_EQ(headings.find_first_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << headings;
  }
}

TEST(AvailabilityTable, TruncatesAndNamesTheFormula) {
  const std::string text = write_availability({row()}, format::table, shanghai());
  EXPECT_THAT(text, testing::HasSubstr("99.92907"));
  EXPECT_THAT(text, testing::HasSubstr("0:01:01"));
  EXPECT_THAT(text, testing::HasSubstr("A = U/(U+D)"));
  EXPECT_THAT(text, testing::HasSubstr("畅通率 %"));
}

TEST(AvailabilityTable, FitsATerminalAndSaysWhatFoundNoRoom) {
  availability_row total = row(), line = row();
  line.title = "信息化项目建设村级延伸专线";
  const std::string same = write_availability({line, line}, format::table, shanghai());
  EXPECT_THAT(same, testing::HasSubstr("未列出 / not shown: 最短、最长"));
  EXPECT_THAT(same, testing::HasSubstr("公式 / formula: A = U/(U+D)\n")) << "of all rows: once, below them";
  total.values.formula = "R1 = ΣU/Σ(U+D)";
  const std::string several = write_availability({line, total}, format::table, shanghai());
  EXPECT_THAT(several, testing::Not(testing::HasSubstr("公式 / formula")));
  for (const std::string& text : {same, several})
    for (std::size_t from = 0, to = 0; (to = text.find('\n', from)) != std::string::npos; from = to + 1)
      EXPECT_LE(cells_of(text.substr(from, to - from)), usual_width);
}

TEST(AvailabilityTable, NeverShowsHundredPercentOverTimeNobodyObserved) {
  availability_row r = row();
  r.sums.up += r.sums.down;
  r.sums.down = {};
  const std::string text = write_availability({r}, format::table, shanghai());
  EXPECT_THAT(text, testing::HasSubstr("未观测到中断"));
  EXPECT_THAT(text, testing::HasSubstr("99.95515"));
}

TEST(AvailabilityTable, ColumnsStandUnderTheirHeadingsInCells) {
  const std::string text = in_columns({{"编号"}, {"时长", true}}, {{"幸福村", "1:02:03"}, {"L1", "0:00:01"}});
  EXPECT_EQ(text,
            "编号       时长\n"
            "---------------\n"
            "幸福村  1:02:03\n"
            "L1      0:00:01\n");
  EXPECT_EQ(cells_of("村a，é"), 6U);
  EXPECT_EQ(cells_of("\xe6\x9d"), 2U) << "cut text does no harm";
}

TEST(OutagesJson, HasTheFieldsOfAClosedOne) {
  EXPECT_EQ(
      write_outages({closed_outage()}, format::json, shanghai()),
      R"([{"target":"L1","began":"2026-03-14T00:00:50.000+08:00","confirmed":"2026-03-14T00:00:52.000+08:00",)"
      R"("ended":"2026-03-14T00:04:10.500+08:00","began_after":"2026-03-14T00:00:49.000+08:00",)"
      R"("began_until":"2026-03-14T00:00:50.000+08:00","ended_after":"2026-03-14T00:04:09.500+08:00",)"
      R"("ended_until":"2026-03-14T00:04:10.503+08:00","down_s":100.5,"unknown_s":100,"cause":"timeout",)"
      R"("cause_text":"超时无应答","found":"upstream","upstream":"T1","open":false,"decided_by":"L1/icmp L1/snmp",)"
      R"("after_own_uplink":false}])"
      "\n");
}

TEST(OutagesJson, OpenOneIsCountedAsFarAsItIsKnown) {
  const std::string text = write_outages({open_outage()}, format::json, shanghai());
  EXPECT_THAT(text, testing::HasSubstr(R"("ended":null,"began_after":null,)"));
  EXPECT_THAT(text, testing::HasSubstr(R"("ended_after":null,"ended_until":null,"down_s":40,"unknown_s":10,)"));
  EXPECT_THAT(text, testing::HasSubstr(R"("found":null,"upstream":null,"open":true,)"));
}

TEST(OutagesTable, SpeaksChinese) {
  const std::string text = write_outages({closed_outage(), open_outage()}, format::table, shanghai());
  EXPECT_THAT(text, testing::HasSubstr("2026-03-14 00:00:50"));
  EXPECT_THAT(text, testing::HasSubstr("上级线路中断"));
  EXPECT_THAT(text, testing::HasSubstr("未恢复"));
}

TEST(OutagesCsv, HasOneLineARow) {
  const std::string text = write_outages({closed_outage(), open_outage()}, format::csv, shanghai());
  EXPECT_THAT(text,
              testing::StartsWith("target,began,confirmed,ended,began_after,began_until,ended_after,ended_until,down_s,"
                                  "unknown_s,cause,cause_text,found,upstream,open,decided_by,after_own_uplink\r\nL1,"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 3);
}

TEST(Format, UnknownNameIsRefused) {
  EXPECT_EQ(*format_named("csv"), format::csv);
  EXPECT_FALSE(format_named("pdf"));
}

TEST(Lists, AWithdrawnDutyIsChineseInTheTableOnly) {
  const duty_record back{.at = at(0),
                         .day = "2026-03-20",
                         .person = "王工",
                         .source = std::string(withdrawn_duty),
                         .author = "李工",
                         .text = ""};
  const std::string table = write_duty_records({back}, format::table, shanghai());
  EXPECT_NE(table.find("已撤回"), std::string::npos) << table;
  EXPECT_EQ(table.find("withdrawn"), std::string::npos) << table;
  EXPECT_NE(write_duty_records({back}, format::json, shanghai()).find("\"source\":\"withdrawn\""), std::string::npos);
}

}  // namespace
}  // namespace changtong::report
