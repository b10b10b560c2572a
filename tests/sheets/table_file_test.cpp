#include "daemon/sheets/table_file.h"

#include <gtest/gtest.h>

#include <array>

#include "daemon/settings/line_columns.h"

namespace changtong::sheets {
namespace {

using column = reading::line_columns::column;

const std::string text =
    "# 手工维护, 勿动\n编号,类别,地址,检查\n\nT01 ,乡镇街,10.1.1.1,\"icmp \"\"x\"\" "
    "tcp:port=443\"\n\nV01,\"村\",10.1.1.2,";

TEST(TableFile, WhatNobodyChangesStaysToTheByte) {
  const auto f = table_file::read(text);
  ASSERT_TRUE(f);
  EXPECT_EQ(f->text(), text);
  EXPECT_EQ(f->count(), 2U);
  EXPECT_EQ(f->cell(0, column::id), "T01");
  EXPECT_EQ(f->cell(0, column::checks), "icmp \"x\" tcp:port=443");
}

TEST(TableFile, AChangeTouchesItsOwnCellAlone) {
  auto f = table_file::read(text);
  ASSERT_TRUE(f);
  f->set(0, column::address, "10.9.9.9, twice");
  EXPECT_EQ(f->text(),
            "# 手工维护, 勿动\n编号,类别,地址,检查\n\nT01 ,乡镇街,\"10.9.9.9, twice\",\"icmp \"\"x\"\" "
            "tcp:port=443\"\n\nV01,\"村\",10.1.1.2,");
}

TEST(TableFile, AColumnThatIsMissingIsAddedToEveryRow) {
  auto f = table_file::read("id,category,address,,\r\nT01,township,10.1.1.1,,\r\n");
  ASSERT_TRUE(f);
  f->set(0, column::closed, "2026-06-30");
  EXPECT_EQ(f->text(), "id,category,address,停用日期,\r\nT01,township,10.1.1.1,2026-06-30,\r\n");
}

TEST(TableFile, ALineIsAddedBehindTheLastWhateverItEndsWith) {
  auto f = table_file::read(text);
  ASSERT_TRUE(f);
  std::array<std::string, column::columns> cells;
  cells[column::id] = "V02";
  cells[column::name] = "=1+1";
  EXPECT_EQ(f->add(cells), 2U);
  EXPECT_TRUE(f->text().ends_with("V01,\"村\",10.1.1.2,,\nV02,,,,'=1+1\n")) << f->text();
  const auto again = table_file::read(f->text());
  ASSERT_TRUE(again);
  ASSERT_EQ(again->count(), 3U);
  EXPECT_EQ(again->cell(2, column::name), "=1+1");  // an apostrophe for the spreadsheet is no part of the name
}

TEST(TableFile, AFirstInventoryIsReadableForExcel) {
  auto f = table_file::read({});
  ASSERT_TRUE(f);
  std::array<std::string, column::columns> cells;
  cells[column::id] = "V02";
  cells[column::bandwidth] = "10";
  (void)f->add(cells);
  EXPECT_EQ(f->text(), "\xef\xbb\xbf编号,名称,类别,地址,带宽\r\nV02,,,,10\r\n");
}

TEST(TableFile, AProblemsPlaceIsARowAndAColumn) {
  auto f = table_file::read(text);
  ASSERT_TRUE(f);
  const auto place = [&](int line, int at) -> std::string {
    const auto s = f->at(line, at);
    return s ? std::to_string(s->row) + "/" + (s->what ? std::to_string(*s->what) : "-") : "none";
  };
  EXPECT_EQ(place(4, 1), "0/" + std::to_string(column::id));
  EXPECT_EQ(place(4, 6), "0/" + std::to_string(column::category)) << "columns count characters";
  EXPECT_EQ(place(4, 0), "0/-");
  EXPECT_EQ(place(6, 10), "1/" + std::to_string(column::address));
  EXPECT_EQ(place(2, 1), "none");
}

TEST(TableFile, AnyEncodingOfExcelIsWrittenAsUtf8) {
  const auto f = table_file::read("\xb1\xe0\xba\xc5,\xc0\xe0\xb1\xf0\r\nV1,\xb4\xe5\r\n");  // 编号,类别 / V1,村
  ASSERT_TRUE(f);
  EXPECT_EQ(f->text(), "\xef\xbb\xbf编号,类别\r\nV1,村\r\n");
  EXPECT_FALSE(table_file::read("id,\"cut"));
}

TEST(TableFile, APlaceBehindACellOfSeveralLinesIsFound) {
  const auto& sites = reading::columns_of_sites();
  const auto f = table_file::read("id,contains,url\np,\"一\n二二\",https://a/\nq,三,https://b/\n", sites);
  ASSERT_TRUE(f);
  EXPECT_EQ(f->cell(0, sites.named("contains").value()), "一\n二二");
  const auto at = [&](int line, int column_number) {
    const auto s = f->at(line, column_number);
    return s && s->what ? std::string(sites.headings[*s->what].english) + std::to_string(s->row) : std::string();
  };
  EXPECT_EQ(at(2, 1), "id0");
  EXPECT_EQ(at(2, 4), "contains0");
  EXPECT_EQ(at(3, 5), "url0");
  EXPECT_EQ(at(4, 5), "url1");
}

}  // namespace
}  // namespace changtong::sheets
