// `changtong consistency` from outside: exit codes, what it prints, the encodings in which reports arrive, and claims
// against the books of a ledger and against a plan.
#include "daemon/cli/consistency_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <boost/json.hpp>

#include "daemon/audit/zip_file.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/grammar.h"
#include "tests/scenarios/played.h"

namespace changtong {
namespace {

using namespace played;
using testing::HasSubstr;
using testing::Not;

struct ConsistencyCommand : world {
  struct outcome_of_command {
    int code;
    std::string out, err;
  };
  [[nodiscard]] std::string written(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name, std::ios::binary) << text;
    return (folder / name).string();
  }
  [[nodiscard]] std::string packed(const std::string& name,
                                   const std::vector<std::pair<std::string, std::string>>& parts) const {
    const std::string path = (folder / name).string();
    auto zip = audit::zip_writer::create(path, 1'700'000'000);
    for (const auto& [part, text] : parts) EXPECT_TRUE(zip->add_text(part, text));
    EXPECT_TRUE(zip->close([](double) { return true; }));
    return path;
  }
  [[nodiscard]] static outcome_of_command run(const consistency_options& o) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = consistency_command(o);
    std::string out = testing::internal::GetCapturedStdout();
    return {code, std::move(out), testing::internal::GetCapturedStderr()};
  }
  [[nodiscard]] outcome_of_command read(const std::string& text) const {
    return run({.report = written("report.txt", text)});
  }
  /** 14 March 2026: up, 60 s of outage, up again; the ledger ends at 01:00. */
  void an_hour_with_an_outage() {
    play({monitor(0, "start"), every(10, 0, 1200), every(10, 1200, 1260, "bad"), every(10, 1260, 3610),
          monitor(3600, "stop")});
  }
  [[nodiscard]] consistency_options against_books(const std::string& text) const {
    return {.report = written("report.txt", text),
            .ledger = ledger(),
            .from = "2026-03-14T00:00:00+08:00",
            .to = "2026-03-14T01:00:00+08:00"};
  }
};

const std::string slip =
    "2026年度专线项目绩效自评报告\n\n一、资金\n全年预算数500万元，执行数450万元，预算执行率91%，余款收回。\n";
const std::string no_slip =
    "2026年度专线项目绩效自评报告\n\n一、资金\n全年预算数500万元，执行数450万元，预算执行率90%，余款收回。\n";

TEST_F(ConsistencyCommand, ASlipIsShownWithPlaceQuoteAndCount) {
  const auto done = read(slip);
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.out, HasSubstr("[矛盾] 比率与金额或数量：预算执行率写 91%"));
  EXPECT_THAT(done.out, HasSubstr("第 4 行，一 资金：「全年预算数500万元，执行数450万元，预算执行率91%」"));
  EXPECT_THAT(done.out, HasSubstr("共 1 处：矛盾 1 处，待说明 0 处"));
  EXPECT_THAT(done.out, Not(HasSubstr("\x1b[")));  // no colours in a pipe
}

TEST_F(ConsistencyCommand, WhatWasNotLookedAtIsNeverSaidToBeInOrder) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "共有专线7条。\n";
  const auto done = read(text + "全区专线100条，其中村级60条、镇级50条。\n");
  EXPECT_EQ(done.code, 3);
  EXPECT_THAT(done.err, HasSubstr("数超过 20000 个，其后的没有核对"));
}

TEST_F(ConsistencyCommand, NoSlipEndsWithZero) {
  const auto done = read(no_slip);
  EXPECT_EQ(done.code, 0) << done.out;
  EXPECT_THAT(done.out, HasSubstr("没有发现矛盾"));
  EXPECT_THAT(done.out, HasSubstr("读了 3 段、0 张表、3 个数"));
}

TEST_F(ConsistencyCommand, JsonIsAnArrayOfKindQuotesLinesText) {
  auto o = consistency_options{.report = written("report.txt", slip), .format = "json"};
  const auto done = run(o);
  EXPECT_EQ(done.code, 1);
  const auto all = boost::json::parse(done.out).as_array();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].at("kind").as_string(), "amount/rate");
  EXPECT_EQ(all[0].at("quotes").at(0).as_string(), "全年预算数500万元，执行数450万元，预算执行率91%");
  EXPECT_EQ(all[0].at("lines").at(0).as_int64(), 4);
  EXPECT_FALSE(all[0].at("text").as_string().empty());
  EXPECT_EQ(all[0].at("strength").as_string(), "sure");
  o.report = written("clean.txt", no_slip);
  EXPECT_EQ(run(o).out, "[]\n");
}

TEST_F(ConsistencyCommand, ByteOrderMarkAndCarriageReturnsAreRead) {
  std::string windows = "\xef\xbb\xbf";
  for (const char c : slip) windows += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_EQ(read(windows).code, 1);
}

TEST_F(ConsistencyCommand, Gb18030IsRead) {
  // 预算执行率91%。 behind 全年预算数500万元，执行数450万元， in GB18030
  const std::string gb =
      "\xc8\xab\xc4\xea\xd4\xa4\xcb\xe3\xca\xfd\x35\x30\x30\xcd\xf2\xd4\xaa\xa3\xac\xd6\xb4\xd0\xd0\xca\xfd\x34\x35\x30"
      "\xcd\xf2\xd4\xaa\xa3\xac\xd4\xa4\xcb\xe3\xd6\xb4\xd0\xd0\xc2\xca\x39\x31\x25\xa1\xa3\x0a";
  const auto done = read(gb);
  EXPECT_EQ(done.code, 1) << done.err;
  EXPECT_THAT(done.out, HasSubstr("「全年预算数500万元，执行数450万元，预算执行率91%」"));
}

TEST_F(ConsistencyCommand, WhatIsNoTextIsAProblemWithTheRemedy) {
  for (const std::string& bytes :
       {std::string("PK\x03\x04zip"), std::string("%PDF-1.7"), std::string("\xff\xfe\x01\x02"),
        std::string("\xff\xff\xff"), std::string("a\0b", 3)}) {
    const auto done = read(bytes);
    EXPECT_EQ(done.code, 3);
    EXPECT_THAT(done.err, HasSubstr("report.txt"));
    EXPECT_EQ(done.out, "");
  }
  EXPECT_EQ(run({.report = (folder / "none.txt").string()}).code, 3);
  EXPECT_EQ(run({.report = folder.string()}).code, 3);
  EXPECT_EQ(read(std::string((1 << 20) + 1, 'a')).code, 3);
}

TEST_F(ConsistencyCommand, WrongUsageIsTold) {
  const std::string report = written("report.txt", no_slip);
  command_line line({"", "", ""});
  int code = 0;
  consistency_arguments(line.top(), code);
  const std::array<const char*, 5> words{"changtong", "consistency", "--format", "xml", report.c_str()};
  testing::internal::CaptureStderr();
  EXPECT_EQ(line.read(static_cast<int>(words.size()), words.data()), 2);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("只能是 text、json"));
  EXPECT_EQ(run({.report = report, .from = "2026", .to = "2026"}).code, 2);
}

TEST_F(ConsistencyCommand, AHundredPercentIsHeldAgainstTheBooks) {
  an_hour_with_an_outage();
  const auto done = run(against_books("一、产出质量\n专线畅通率100%，按监测系统的探测记录计算。\n"));
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.out, HasSubstr("说法与账本"));
  EXPECT_THAT(done.out, HasSubstr("98.33333 %"));  // 3540 s of 3600 s
  EXPECT_THAT(done.out, HasSubstr("中断 1 次、0:01:00"));
}

TEST_F(ConsistencyCommand, WhatTheBooksSayIsNoContradiction) {
  an_hour_with_an_outage();
  const auto done = run(against_books("一、产出质量\n专线畅通率98.33%，按监测系统的探测记录计算；在用专线1条。\n"));
  EXPECT_EQ(done.code, 0) << done.out;
  // never rounded up: 98.333… is not 98.34
  EXPECT_EQ(run(against_books("一、产出质量\n专线畅通率98.34%，按监测系统的探测记录计算。\n")).code, 1);
  EXPECT_EQ(run(against_books("一、产出质量\n专线畅通率98%以上，按监测系统的探测记录计算。\n")).code, 0);
  EXPECT_EQ(run(against_books("一、产出质量\n专线畅通率99%以上，按监测系统的探测记录计算。\n")).code, 1);
}

TEST_F(ConsistencyCommand, DaysOfOperationAreHeldAgainstTheDutyRecords) {
  an_hour_with_an_outage();
  const auto done = run(against_books("一、产出数量\n全年运维保障365天，每日填写值班日志。\n"));
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.out, HasSubstr("运维保障天数 0/1"));
}

TEST_F(ConsistencyCommand, AMonthIsHeldAgainstTheBooksOfThatMonth) {
  an_hour_with_an_outage();
  auto o = against_books("2026年度专线报告\n\n2026年3月专线畅通率99.87%。\n");
  o.from = o.to = "2026";
  const auto done = run(o);
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.out, HasSubstr("账本：2026 年 3 月"));
  o.report = written("other.txt", "2026年度专线报告\n\n2026年3月专线畅通率98.33%。\n");
  EXPECT_EQ(run(o).code, 0);
  o.report = written("other.txt", "2026年度专线报告\n\n2025年3月专线畅通率99.87%。\n");
  EXPECT_EQ(run(o).code, 0) << "the books do not reach that year";
}

TEST_F(ConsistencyCommand, AQuestionIsNoContradiction) {
  const auto done = read("一、资金\n全年收入80万元，全年支出83万元，无结余。\n");
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr("[待说明]"));
}

/** Each cell of nothing takes hundreds of bytes: a file of 40 KB took all of the machine. */
TEST_F(ConsistencyCommand, APaperThatWouldFillTheMemoryIsRefusedWithTheRemedy) {
  const std::string head = "科目\t预算数\t支出数\n";
  const auto wide = read(head + "甲" + std::string(200'001, '\t') + "1\n");
  EXPECT_EQ(wide.code, 3);
  EXPECT_THAT(wide.err, HasSubstr("200000"));
  EXPECT_THAT(wide.err, HasSubstr("leave out empty columns"));
  EXPECT_EQ(read(head + "甲" + std::string(1'000, '\t') + "1\n").code, 0);
  std::string long_text = "<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>";
  for (int i = 0; i < (5 << 20) / 3; ++i) long_text += "字";
  const auto large = run(
      {.report = packed("long.docx", {{"word/document.xml", long_text + "</w:t></w:r></w:p></w:body></w:document>"}})});
  EXPECT_EQ(large.code, 3);
  EXPECT_THAT(large.err, HasSubstr("4 MiB"));
}

TEST_F(ConsistencyCommand, OldFormatsAreRefusedWithTheRemedy) {
  const auto done = read("\xd0\xcf\x11\xe0 an old document");
  EXPECT_EQ(done.code, 3);
  EXPECT_THAT(done.err, HasSubstr(".docx"));
}

std::string paragraph_of(const std::string& text) { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>"; }

TEST_F(ConsistencyCommand, ADocumentIsReadWithItsTables) {
  std::string rows;
  for (const std::vector<std::string>& row :
       std::vector<std::vector<std::string>>{{"指标名称", "分值", "目标值", "完成值", "得分"},
                                             {"专线数量", "10", "≥353条", "353条", "10"},
                                             {"故障修复及时率", "10", "≥95%", "76/80（95%）", "12"}}) {
    rows += "<w:tr>";
    for (const std::string& cell : row) rows += "<w:tc>" + paragraph_of(cell) + "</w:tc>";
    rows += "</w:tr>";
  }
  const std::string path = packed(
      "a.docx", {{"word/document.xml",
                  "<w:document><w:body>" + paragraph_of("2026年度报告") +
                      "<w:p><w:r><w:t>全年预算数500万元，</w:t></w:r><w:del><w:r>"
                      "<w:t>9</w:t></w:r></w:del><w:r><w:t>执行数450万元，预算执行率91%。</w:t></w:r></w:p><w:tbl>" +
                      rows + "</w:tbl></w:body></w:document>"}});
  const auto done = run({.report = path});
  EXPECT_EQ(done.code, 1) << done.err;
  EXPECT_THAT(done.out, HasSubstr("执行数450万元，预算执行率91%"));
  EXPECT_THAT(done.out, HasSubstr("得分 12 高于分值 10"));
  EXPECT_THAT(done.out, HasSubstr("1 张表"));
}

TEST_F(ConsistencyCommand, AWorkbookIsReadAsItIsShown) {
  const std::string sheet =
      "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>项目</t></is></c><c r=\"B1\" "
      "t=\"s\"><v>0</v></c>"
      "<c r=\"C1\" t=\"inlineStr\"><is><t>全年执行数</t></is></c><c r=\"D1\" "
      "t=\"inlineStr\"><is><t>执行率</t></is></c></row>"
      "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>专线</t></is></c><c r=\"B2\"><v>400</v></c><c "
      "r=\"C2\"><v>380</v></c>"
      "<c r=\"D2\" s=\"1\"><v>0.94</v></c></row></sheetData></worksheet>";
  const std::string path =
      packed("a.xlsx",
             {{"xl/workbook.xml", R"(<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>)"},
              {"xl/_rels/workbook.xml.rels",
               R"(<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>)"
               R"(<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/>)"
               R"(<Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>)"},
              {"xl/sharedStrings.xml", "<sst><si><t>全年预算数</t></si></sst>"},
              {"xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"9\"/></cellXfs></styleSheet>"},
              {"xl/worksheets/sheet1.xml", sheet}});
  const auto done = run({.report = path});
  EXPECT_EQ(done.code, 1) << done.err << done.out;
  EXPECT_THAT(done.out, HasSubstr("380 ÷ 400 = 95.00%，写 94%"));
}

TEST_F(ConsistencyCommand, AScanAndAnEmptyDocumentAreSaid) {
  const auto done =
      run({.report = packed("scan.docx", {{"word/document.xml", "<w:document><w:body><w:p/></w:body></w:document>"}})});
  EXPECT_EQ(done.code, 3);
  EXPECT_THAT(done.err, HasSubstr("没有文字"));
  EXPECT_EQ(run({.report = packed("other.zip", {{"a.txt", "text"}})}).code, 3);
}

TEST_F(ConsistencyCommand, ALedgerThatIsNoneCannotBeRead) {
  const auto done = run({.report = written("report.txt", no_slip), .ledger = written("no.db", "text")});
  EXPECT_EQ(done.code, 3);
}

TEST_F(ConsistencyCommand, ThePlanOf2023IsHeldAgainstItsReport) {
  const std::string source = CHANGTONG_SOURCE_DIR;
  const std::string report = source + "/tests/claims/reports/2023.txt";
  const auto alone = run({.report = report, .format = "json"});
  const auto done = run({.report = report, .format = "json", .plan = source + "/config/plans/2023-case.yaml"});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(alone.out, Not(HasSubstr("claim/plan")));
  EXPECT_THAT(done.out, Not(HasSubstr("方案中“维护新媒体”")));  // 2 is what the plan asks for
}

TEST_F(ConsistencyCommand, AResultBelowThePlanIsTold) {
  const std::string source = CHANGTONG_SOURCE_DIR;
  const auto done = run({.report = written("report.txt",
                                           "2023年度信息化项目绩效自评报告\n\n一、资金\n全年预算数930万元。\n\n二、产出"
                                           "数量\n维护新媒体1个，政务公开专区建设14个。\n"),
                         .plan = source + "/config/plans/2023-case.yaml"});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.out, HasSubstr("方案中“维护新媒体”的年度指标值是 ≥2个，报告写 1个"));
  EXPECT_THAT(done.out, HasSubstr("方案中预算是 921.47 万元，报告写 930万元"));
  EXPECT_THAT(done.out, Not(HasSubstr("方案中“政务公开专区”")));
}

TEST_F(ConsistencyCommand, APlanThatIsNoneIsToldWithItsPlace) {
  const auto done = run({.report = written("report.txt", no_slip), .plan = written("plan.yaml", "year: x\n")});
  EXPECT_EQ(done.code, 3);
  EXPECT_THAT(done.err, HasSubstr("plan.yaml:"));
}

}  // namespace
}  // namespace changtong
