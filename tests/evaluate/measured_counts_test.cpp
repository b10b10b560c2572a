// Figures that are numbers of things: outages from the books, lines and units from the inventory.
#include <gmock/gmock.h>

#include "tests/evaluate/year.h"

namespace changtong::evaluate {
namespace {

using testing::Contains;
using testing::HasSubstr;

using Counts = year_of_books;

TEST_F(Counts, OutagesAreThoseThatBeganInTheYear) {
  begin();
  rest({down("V1", 0, -1), up_again("V1", 7200, 7199), down("V2", day(200), day(200) - 1),
        up_again("V2", day(200) + 36'000, day(200) + 35'999), down("S1", 0, -1), up_again("S1", day_s, day_s - 1)});
  const auto all = one("≤3次", "{ kind: measured, figure: outage_count }");
  EXPECT_EQ(all.actual_text, "2次");
  EXPECT_EQ(all.score->text, "90.00");
  EXPECT_EQ(one("≤3次", "{ kind: measured, figure: outage_count, select: { carriers: [电信] } }").actual_text, "1次");
  EXPECT_EQ(one("≤300分钟", "{ kind: measured, figure: longest_outage }").actual_text, "600分钟");
}

/** V3 is accepted in the year and has a unit; V4 will be next year; V5 was closed in it. */
TEST_F(Counts, LinesUnitsAndOpeningsAreCountedFromTheInventory) {
  begin({target("V3", R"("name":"村3","category":"village","town":"城北镇","carrier":"电信","unit":"卫生院")", day(40)),
         target("V4", R"("name":"村4","category":"village","unit":"卫生院")", next_year + day_s),
         target("V5",
                fmt::format(R"("name":"村5","category":"village","unit":"学校","closed":{})", ms_of(at(day(100)))))});
  rest();
  const auto count = [&](const std::string& figure, const std::string& more = {}) {
    return one("≥1条", "{ kind: measured, figure: " + figure + more + " }");
  };
  EXPECT_EQ(count("line_count").actual_text, "3条");
  EXPECT_EQ(count("line_count", ", select: { towns: [城北镇] }").actual_text, "1条");
  const auto units = one("≥1个", "{ kind: measured, figure: unit_count }");
  EXPECT_EQ(units.actual_text, "1个");
  EXPECT_THAT(units.evidence.facts, testing::ElementsAre("卫生院：1 条"));
  EXPECT_THAT(units.remarks, Contains(HasSubstr("2 条线路没有写单位")));
  const auto opened = count("openings");
  EXPECT_EQ(opened.actual_text, "4条") << "those of the first second too";
  EXPECT_THAT(opened.evidence.facts, Contains(HasSubstr("V3 村3：2026-02-10 开通")));
  EXPECT_EQ(one("≥1条", "{ kind: measured, figure: line_count }", {}, "2026-03-31").actual_text, "4条");
}

}  // namespace
}  // namespace changtong::evaluate
