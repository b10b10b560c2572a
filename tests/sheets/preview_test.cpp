// Whole sheets against an inventory; tests/import has many more, as their bytes.
#include "daemon/sheets/preview.h"

#include <gtest/gtest.h>

#include "daemon/sheets/rules.h"
#include "tests/settings/world.h"

namespace changtong::sheets {
namespace {

const std::string lines =
    "编号,名称,类别,电路编号,地址,上级\nT01,镇,乡镇街,ZX-1,10.1.1.1,\nV01,村,村,ZX-2,10.1.1.2,T01\n";

class Previews : public testing::Test {
 protected:
  Previews() {
    EXPECT_TRUE(words_.add(std::string(built_in_import_words()), "import.yaml", false));
    world_.files["c.yaml"] = "inventory: lines.csv\nanchors: [198.51.100.1, 198.51.100.2]\n";
    world_.files["lines.csv"] = lines;
  }

  preview of(const std::string& csv) {
    auto known = rules_of("c.yaml", world_.view());
    EXPECT_TRUE(known);
    const auto grids = read_grids(csv, [this](const grid_row& row) { return headings_in(row, words_); });
    EXPECT_TRUE(grids);
    return compare(read_sheet(*grids, {}, words_, known->categories),
                   table_file::read(world_.files["lines.csv"]).value(),
                   {.categories = known->categories, .words = words_, .check = known->check});
  }
  static std::string told(const preview& p) {
    std::string out;
    for (const remark& r : p.problems) out += placed(r).cn + "\n";
    return out;
  }

  fakes::world world_;
  word_list words_;
};

TEST_F(Previews, WhatCheckWouldRefuseIsAProblemOfTheSheetsRow) {
  const preview p = of("专线表\n编号,类别,IP地址,检查\nV02,村,10.1.1.3,ping\nV03,村,224.0.0.1,\nV04,村,10.1.1.4,\n");
  EXPECT_NE(told(p).find("第3行 检查："), std::string::npos) << told(p);
  EXPECT_NE(told(p).find("第4行 IP地址："), std::string::npos) << told(p);
  ASSERT_EQ(p.added.size(), 1U);
  EXPECT_EQ(p.added[0].row, 5U);
}

TEST_F(Previews, ALoopOfParentsIsToldOnce) {
  const preview p = of("编号,上级\nT01,V01\n");
  EXPECT_EQ(p.problems.size(), 1U) << told(p);
  EXPECT_NE(told(p).find("上级成环"), std::string::npos);
}

TEST_F(Previews, WhoHangsBelowARowWithAProblemIsShownAllTheSame) {
  const preview p = of("编号,类别,地址,上级\nT09,乡镇,10.1.9,\nV09,村,10.1.1.9,T09\n");
  EXPECT_EQ(p.problems.size(), 1U) << told(p);
  ASSERT_EQ(p.added.size(), 1U);
  EXPECT_EQ(p.added[0].cells[line_columns::parent], "T09");
}

TEST_F(Previews, ThatNothingIsLeftToAddIsNoProblemOfItsOwn) {
  world_.files["lines.csv"] = "";
  EXPECT_EQ(of("编号,类别,地址\nV02,村,10.1.1\n").problems.size(), 1U);
}

TEST_F(Previews, ABlankLeavesWhatIsKnown) {
  const preview p = of("编号,类别,运营商,电路编号,地址\nT01,乡镇,电信,ZX-1,10.1.1.1\nV01,,,,\n");
  ASSERT_EQ(p.changed.size(), 1U);
  EXPECT_EQ(p.changed[0].to, "电信");
  EXPECT_TRUE(p.guessed.empty()) << "a line that is known is not filled from above";
  EXPECT_TRUE(p.lines_csv.find("V01,村,村,ZX-2,10.1.1.2,T01,\n") != std::string::npos) << p.lines_csv;
}

TEST_F(Previews, AnInventoryThatIsStillToBeWrittenIsNoMistake) {
  world_.files.erase("lines.csv");
  const auto known = rules_of("c.yaml", world_.view());
  ASSERT_TRUE(known);
  EXPECT_TRUE(known->check("编号,类别,地址\nV02,村,10.1.1.3\n").problems.empty());
  world_.files["lines.csv"] = "编号,类别,地址\nV02,村,10.1.1\n";
  EXPECT_FALSE(rules_of("c.yaml", world_.view()));
}

TEST_F(Previews, WithoutAConfigurationACredentialIsTakenForKnown) {
  const rules r = built_in_rules(world_.view());
  EXPECT_TRUE(r.check("编号,类别,地址,检查\nV02,村,10.1.1.3,\"snmp:credential=routers,if=7\"\n").problems.empty());
  EXPECT_FALSE(r.check("编号,类别,地址\nV02,村,10.1.1\n").problems.empty());
}

TEST_F(Previews, TenThousandRowsAreReadOnce) {
  std::string sheet = "编号,类别,带宽,地址,开通日期\n";
  for (int i = 0; i < 10'000; ++i)
    sheet += fmt::format("N{0},村,\"1,000M\",10.{1}.{2}.1,2024/3/1\n", i, i / 250, i % 250);
  const preview p = of(sheet);
  EXPECT_EQ(p.added.size(), 10'000U);
  EXPECT_TRUE(p.problems.empty()) << told(p);
}

}  // namespace
}  // namespace changtong::sheets
