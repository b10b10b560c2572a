#include "daemon/sheets/edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/settings/line_columns.h"

namespace changtong::sheets {
namespace {

using column = reading::line_columns::column;

const std::string text =
    "# 手工维护\n编号,名称,类别,地址,备注\nT01,城关镇,乡镇街,10.1.1.1,机房\nV01,北街,村/社区,10.1.1.2,\n";

row_edit edit_of(bool fresh, std::vector<std::pair<column, std::string>> cells) {
  row_edit e{.fresh = fresh};
  for (auto& [c, value] : cells) e.cells[c] = std::move(value);
  return e;
}

edit_preview made(const std::vector<row_edit>& edits, const std::function<verdict(const std::string&)>& check = {}) {
  return edited(table_file::read(text).value(), edits, check);
}

TEST(Edit, ANewLineStandsAtTheEndAndEverythingElseStays) {
  const auto p =
      made({edit_of(true, {{column::id, " V02 "}, {column::category, "村/社区"}, {column::address, "10.1.1.3"}})});
  EXPECT_TRUE(p.problems.empty());
  EXPECT_EQ(p.text, text + "V02,,村/社区,10.1.1.3,\n");
  ASSERT_EQ(p.added.size(), 1U);
  EXPECT_EQ(p.added[0][column::id], "V02");
}

TEST(Edit, WarningsAreOfTheRowsThatChangeAndStandAtTheirCells) {
  const auto check = [](const std::string&) {
    verdict v;
    for (const int line : {3, 4}) {
      problem p = said("同一地址", "one address");
      p.line = line;
      p.column = line == 3 ? 13 : 15;
      v.warnings.push_back(p);
    }
    return v;
  };
  const auto p = made({edit_of(false, {{column::id, "V01"}, {column::name, "南街"}})}, check);
  EXPECT_TRUE(p.problems.empty());
  ASSERT_EQ(p.warnings.size(), 1U);
  EXPECT_EQ(p.warnings[0].id, "V01");
  EXPECT_EQ(p.warnings[0].field, column::address);
}

TEST(Edit, WhoIsClosedInThePastIsWarnedAboutForWhatWasRecordedSinceCountsNoMore) {
  const wall_t day = wall_from_ms(1'782'748'800'000);
  const auto warned = [&](wall_t now, const std::string& id) {
    const auto check = [&](const std::string&) {
      auto made = std::make_shared<inventory>();
      target t;
      t.id = "V01", t.closed = day;
      made->add(std::move(t));
      return verdict{.problems = {}, .warnings = {}, .made = made, .shared = false};
    };
    const auto edits = std::vector{edit_of(false, {{column::id, id}, {column::closed, "2026-06-30"}})};
    return edited(table_file::read(text).value(), edits, check, now).warnings;
  };
  const auto past = warned(day + milliseconds{1}, "V01");
  ASSERT_EQ(past.size(), 1U);
  EXPECT_EQ(past[0].id, "V01");
  EXPECT_EQ(past[0].field, column::closed);
  EXPECT_THAT(past[0].text.cn, testing::HasSubstr("不再计入畅通率"));
  EXPECT_TRUE(warned(day, "V01").empty());
  EXPECT_TRUE(warned(day + milliseconds{1}, "T01").empty()) << "another one";
}

TEST(Edit, ARowOfAnotherNodeIsSaidToBeOne) {
  const auto check = [](const std::string&) {
    auto made = std::make_shared<inventory>();
    target t;
    t.id = "V01";
    made->add(std::move(t));
    return verdict{.problems = {}, .warnings = {}, .made = made, .shared = true};
  };
  const auto edits = std::vector{edit_of(false, {{column::id, "T01"}, {column::name, "城关镇政府"}}),
                                 edit_of(false, {{column::id, "V01"}, {column::name, "北街村"}})};
  const auto p = made(edits, check);
  ASSERT_EQ(p.warnings.size(), 1U);
  EXPECT_EQ(p.warnings[0].id, "T01");
  EXPECT_THAT(p.warnings[0].text.cn, testing::HasSubstr("归别的节点"));
}

TEST(Edit, AChangeTellsOldAndNewAndWhatIsTheSameIsNone) {
  const auto p =
      made({edit_of(false, {{column::id, "T01"}, {column::name, "城关镇政府"}, {column::address, "10.1.1.1"}})});
  ASSERT_EQ(p.changed.size(), 1U);
  EXPECT_EQ(p.changed[0].what, column::name);
  EXPECT_EQ(p.changed[0].from, "城关镇");
  EXPECT_EQ(p.changed[0].to, "城关镇政府");
  EXPECT_THAT(p.text, testing::HasSubstr("T01,城关镇政府,乡镇街,10.1.1.1,机房\n"));
  EXPECT_TRUE(made({edit_of(false, {{column::id, "T01"}, {column::name, "城关镇"}})}).nothing());
}

TEST(Edit, WhatIsStatedAsEmptyBecomesEmpty) {
  const auto p = made({edit_of(false, {{column::id, "T01"}, {column::name, ""}})});
  ASSERT_EQ(p.changed.size(), 1U);
  EXPECT_EQ(p.changed[0].to, "");
}

TEST(Edit, AFirstDayOfClosingClosesAndAnotherOneChanges) {
  const auto p = made({edit_of(false, {{column::id, "V01"}, {column::closed, "2026-06-30"}})});
  ASSERT_EQ(p.closed.size(), 1U);
  EXPECT_EQ(p.closed[0].day, "2026-06-30");
  EXPECT_TRUE(p.changed.empty());
}

TEST(Edit, ALineIsNamedByAnIdThatFits) {
  for (const auto& e : {edit_of(true, {{column::id, "T01"}}), edit_of(false, {{column::id, "X"}}), edit_of(true, {}),
                        edit_of(false, {{column::id, " "}})}) {
    const auto p = made({e});
    ASSERT_EQ(p.problems.size(), 1U);
    EXPECT_EQ(p.problems[0].field, column::id);
    EXPECT_EQ(p.text, text);
  }
  EXPECT_EQ(made({edit_of(false, {{column::id, "T01"}}), edit_of(false, {{column::id, "T01"}})}).problems.size(), 1U);
}

TEST(Edit, AProblemStandsAtItsLineAndField) {
  const auto check = [](const std::string& csv) -> verdict {
    EXPECT_THAT(csv, testing::HasSubstr("9.9.9"));
    return {.problems = {{"不是地址", "", 5, 10, "is no address"},
                         {"没有类别", "", 5, 0, "no category"},
                         {"配置", "changtong.yaml", 1, 1, "x"}},
            .warnings = {}};
  };
  const auto p = made({edit_of(true, {{column::id, "V02"}, {column::address, "9.9.9"}})}, check);
  ASSERT_EQ(p.problems.size(), 3U);
  EXPECT_EQ(p.problems[0].id, "V02");
  EXPECT_EQ(p.problems[0].field, column::address);
  EXPECT_EQ(p.problems[1].id, "V02");
  EXPECT_FALSE(p.problems[1].field);
  EXPECT_EQ(p.problems[2].id, "");
}

TEST(Edit, WhatSomebodyDidMeanwhileIsTold) {
  const auto was = table_file::read(text).value();
  const auto now =
      table_file::read("编号,名称,类别,地址\nV01,南街,村/社区,10.1.1.2\nV09,新,村/社区,10.1.1.9\n").value();
  const auto d = differences(was, now, 200);
  ASSERT_EQ(d.size(), 3U);
  EXPECT_EQ(d[0].id, "V01");
  EXPECT_EQ(d[0].field, column::name);
  EXPECT_EQ(d[0].from, "北街");
  EXPECT_EQ(d[0].to, "南街");
  EXPECT_EQ(d[1].what, row_difference::kind::added);
  EXPECT_EQ(d[2].id, "T01");
  EXPECT_EQ(d[2].what, row_difference::kind::removed);
  EXPECT_EQ(differences(was, now, 1).size(), 1U);
  EXPECT_TRUE(differences(was, was, 200).empty());
}

}  // namespace
}  // namespace changtong::sheets
