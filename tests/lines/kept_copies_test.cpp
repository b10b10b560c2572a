// What a file was before each change is kept, but not for ever: the newest, those of the last days, as long as there is
// room; and nothing that is no such copy is ever removed.
#include "daemon/lines/kept_copies.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "daemon/host/file_stamp.h"
#include "tests/lines/inventory_on_disk.h"

namespace changtong::lines {
namespace {

struct KeptCopies : testing::Test, inventory_folder {
  [[nodiscard]] std::string path() const { return folder + "/lines.csv"; }
  [[nodiscard]] std::set<std::string> left() const {
    const auto all = others();
    return {all.begin(), all.end()};
  }
};

TEST_F(KeptCopies, TheNewestStayHoweverOldAndTheLastDaysHoweverMany) {
  for (int day = 1; day <= 9; ++day) write(fmt::format("lines.csv.2026030{}-120000", day), "x");
  EXPECT_EQ(prune_copies(path(), {.newest = 3, .since = "20260401-000000"}), 6U);
  EXPECT_EQ(left(), (std::set<std::string>{"lines.csv.20260307-120000", "lines.csv.20260308-120000",
                                           "lines.csv.20260309-120000"}));
  EXPECT_EQ(prune_copies(path(), {.newest = 1, .since = "20260308-120000"}), 1U) << "that instant is within";
}

TEST_F(KeptCopies, WhatHasNoRoomGoesTheOldestFirstButTheNewestStays) {
  write("lines.csv.20260301-120000", "1234");
  write("lines.csv.20260302-120000", "1234");
  write("lines.csv.20260303-120000", "1234");
  EXPECT_EQ(prune_copies(path(), {.since = "20260101-000000", .bytes = 8}), 1U);
  EXPECT_FALSE(left().contains("lines.csv.20260301-120000"));
  EXPECT_EQ(prune_copies(path(), {.since = "20260101-000000", .bytes = 3}), 1U);
  EXPECT_EQ(left(), std::set<std::string>{"lines.csv.20260303-120000"});
}

TEST_F(KeptCopies, ThoseOfOneSecondGoByTheirNumbers) {
  for (const char* end : {"", "-2", "-10", "-9"}) write(std::string("lines.csv.20260301-120000") + end, "x");
  EXPECT_EQ(prune_copies(path(), {.newest = 2, .since = "20260401-000000"}), 2U);
  EXPECT_EQ(left(), (std::set<std::string>{"lines.csv.20260301-120000-10", "lines.csv.20260301-120000-9"}));
}

TEST_F(KeptCopies, NothingElseIsTouched) {
  const std::set<std::string> theirs{
      "sites.csv.20260301-120000",    "lines.csv.20260301-120000.aside.csv", "lines.csv.2026",
      "lines.csv.20260301-1200",      "lines.csv.20260301-120000-x",         "lines.csv.20260301-120000-123",
      "lines.csv.before-the-big-day", "xlines.csv.20260301-120000"};
  for (const std::string& name : theirs) write(name, "x");
  std::filesystem::create_directory(folder + "/lines.csv.20260301-120001");
  EXPECT_EQ(prune_copies(path(), {.newest = 0, .since = "20260401-000000", .bytes = 0}), 0U);
  for (const std::string& name : theirs) EXPECT_TRUE(left().contains(name)) << name;
}

TEST_F(KeptCopies, AChangeOverHttpPrunesAndItsOwnCopyStays) {
  for (int n = 0; n < 60; ++n) write(fmt::format("lines.csv.20200101-1200{:02}", n), "x");
  write(fmt::format("lines.csv.{}", host::file_stamp(std::chrono::hours(24))), "of yesterday");
  sheets::row_edit e;
  e.cells[sheets::line_columns::id] = "T01", e.cells[sheets::line_columns::name] = "城关";
  const auto done =
      table.apply(reading::columns_of_lines(), {e}, table.look(reading::columns_of_lines()).value().hash, "王工");
  ASSERT_TRUE(done) << done.error().text.en;
  EXPECT_EQ(left().size(), 50U);
  EXPECT_TRUE(std::filesystem::exists(done->copy));
  EXPECT_FALSE(left().contains("lines.csv.20200101-120011"));
  EXPECT_TRUE(left().contains("lines.csv.20200101-120012")) << "48 of those, yesterday's and this one";
}

}  // namespace
}  // namespace changtong::lines
