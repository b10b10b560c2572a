#include "daemon/reading/days.h"

#include <gtest/gtest.h>

namespace changtong::reading {
namespace {

std::string day_of(std::string_view text) {
  const auto d = read_day(text);
  return d ? d->iso + (d->had_time ? " T" : "") : "";
}

TEST(Days, AreReadAsPeopleWriteThem) {
  for (const char* text :
       {"2024-03-01", "2024/3/1", "2024.3.1", "2024年3月1日", "2024年03月1号", "20240301", "２０２４-３-１",
        "二〇二四年三月一日", "2024/3/1 0:00", "2024-03-01 00:00:00", " 2024 / 3 / 1 "})
    EXPECT_EQ(day_of(text), "2024-03-01") << text;
  EXPECT_EQ(day_of("二零二四年十二月三十一日"), "2024-12-31");
  EXPECT_EQ(day_of("二〇二四年十月二十日"), "2024-10-20");
  EXPECT_EQ(day_of("31/3/2024"), "2024-03-31");
  EXPECT_EQ(day_of("3/31/2024"), "2024-03-31");
  EXPECT_EQ(day_of("2024/3/1 8:30"), "2024-03-01 T");
}

TEST(Days, WhatNobodyCanKnowSaysWhatIsMissing) {
  const auto why = [](std::string_view text) {
    const auto d = read_day(text);
    return d ? d->iso : d.error().text;
  };
  EXPECT_NE(why("2024年3月").find("哪一日"), std::string::npos);
  EXPECT_NE(why("202403").find("2024-03-01"), std::string::npos);
  EXPECT_NE(why("24/3/1").find("两位"), std::string::npos);
  EXPECT_NE(why("3月1日").find("年份"), std::string::npos);
  EXPECT_NE(why("3/4/2024").find("4 月 3 日"), std::string::npos);
  EXPECT_NE(why("2024-02-30").find("没有这一天"), std::string::npos);
  for (const char* text :
       {"", "去年底", "45352", "2024-03-01T08:00:00+08:00", "2024/3/1开通", "10.66.1.2", "2024-3-1-5"})
    EXPECT_FALSE(read_day(text)) << text;
}

TEST(Days, ASpreadsheetCountsThem) {
  EXPECT_EQ(day_of_serial(45352, false), "2024-03-01");
  EXPECT_EQ(day_of_serial(43890, true), "2024-03-01");
  EXPECT_EQ(day_of_serial(45352.75, false), "2024-03-01 18:00");
  EXPECT_EQ(day_of_serial(45351.999999, false), "2024-03-01");
  EXPECT_EQ(day_of_serial(100, false), std::nullopt);
  EXPECT_EQ(day_of_serial(1e300, false), std::nullopt);
}

TEST(Days, WideFormsAreAscii) { EXPECT_EQ(half_width("１０．６，Ａ～　龙"), "10.6,A~ 龙"); }

}  // namespace
}  // namespace changtong::reading
