#include "daemon/cli/recurring.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

std::string days(const char* zone, const char* from, const char* to, repeated every, std::uint32_t times) {
  const auto z = civil_zone::named(zone).value();
  const auto all = occurrences(z, {z.parse_instant(from).value(), z.parse_instant(to).value()}, every, times);
  if (!all) return to_string(all.error());
  std::string out;
  for (const period& p : *all) out += z.format_short(p.from) + " - " + z.format_short(p.to) + "\n";
  return out;
}

TEST(Recurring, EachWeekAtTheSameHoursAlsoOverMidnightAndTheYear) {
  EXPECT_EQ(days("Asia/Shanghai", "2026-12-25 23:00", "2026-12-26 01:30", repeated::week, 3),
            "2026-12-25 23:00:00 - 2026-12-26 01:30:00\n"
            "2027-01-01 23:00:00 - 2027-01-02 01:30:00\n"
            "2027-01-08 23:00:00 - 2027-01-09 01:30:00\n");
}

TEST(Recurring, AMonthWithoutSuchADayIsServedOnItsLast) {
  EXPECT_EQ(days("Asia/Shanghai", "2026-12-31 01:00", "2026-12-31 02:00", repeated::month, 4),
            "2026-12-31 01:00:00 - 2026-12-31 02:00:00\n"
            "2027-01-31 01:00:00 - 2027-01-31 02:00:00\n"
            "2027-02-28 01:00:00 - 2027-02-28 02:00:00\n"
            "2027-03-31 01:00:00 - 2027-03-31 02:00:00\n");
}

TEST(Recurring, ANightAtTheEndOfAMonthStaysANight) {
  EXPECT_EQ(days("Asia/Shanghai", "2026-01-30 22:00", "2026-01-31 02:00", repeated::month, 2),
            "2026-01-30 22:00:00 - 2026-01-31 02:00:00\n"
            "2026-02-28 22:00:00 - 2026-03-01 02:00:00\n");
}

TEST(Recurring, ItIsTheHourOfTheClockThatStaysNotTheDistance) {
  EXPECT_EQ(days("Europe/Berlin", "2026-03-28 01:00", "2026-03-28 01:30", repeated::day, 3),
            "2026-03-28 01:00:00 - 2026-03-28 01:30:00\n"
            "2026-03-29 01:00:00 - 2026-03-29 01:30:00\n"
            "2026-03-30 01:00:00 - 2026-03-30 01:30:00\n");
  EXPECT_NE(days("Europe/Berlin", "2026-03-28 02:30", "2026-03-28 02:45", repeated::day, 2).find("2026-03-29"),
            std::string::npos);  // there is no such time: said, not guessed
}

TEST(Recurring, IdsSortAsTheyFollow) {
  EXPECT_EQ(numbered_id("weekly", 1, 8), "weekly-01");
  EXPECT_EQ(numbered_id("weekly", 12, 60), "weekly-12");
}

}  // namespace
}  // namespace changtong
