// A closing of a centre's, as its people read it.
#include "daemon/cli/centre_closing_text.h"

#include <gmock/gmock.h>

namespace changtong {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr wall_t april = wall_from_ms(1'774'972'800'000);

struct CentreClosingText : testing::Test {
  centre_file s{.zone = civil_zone::named("Asia/Shanghai").value(),
                .listen = {},
                .tls = {},
                .database = {},
                .database_password = {},
                .readers = {},
                .nodes = {}};
  centre::month_closed c;
  CentreClosingText() {
    for (const std::string name : {"西城甲", "西城乙", "东城"})
      s.nodes.push_back({.name = name,
                         .token = {},
                         .district = name,
                         .city = {},
                         .province = {},
                         .pair = name == "东城" ? "" : "西城"});
    c.month = "2026-03", c.author = "王工", c.when = {april - 24h, april};
    c.nodes = {
        {.node = "西城甲", .as_of = april}, {.node = "西城乙", .as_of = april - 1h}, {.node = "东城", .as_of = {}}};
  }
};

TEST_F(CentreClosingText, OfAPairOneThatShippedItAllIsEnough) {
  EXPECT_THAT(closing_text(c, s), AllOf(HasSubstr("东城 的账没有到期末"), Not(HasSubstr("西城乙 的账没有到期末"))));
  c.nodes[0].as_of = april - 2h;
  EXPECT_THAT(closing_text(c, s), AllOf(HasSubstr("西城甲 的账没有到期末"), HasSubstr("西城乙 的账没有到期末")));
}

TEST_F(CentreClosingText, DifferencesAreOfPlacesInPercentAndDurations) {
  c.version = 2;
  centre::closed_row row{
      .province = {}, .city = {}, .district = "西城", .category = "education", .name = "教育", .sums = {}};
  row.sums.scope = c.when;
  row.sums.up = 24h;
  c.figures = {row};
  c.changes = {{"//西城/education", "down_ms", 86'400'000 / 4, 0},
               {"//西城/education", "unknown_ms", 3'600'000, 0},
               {"//西城/education", "up_ms", 86'400'000 * 3 / 4, 86'400'000}};
  EXPECT_THAT(closing_text(c, s), AllOf(HasSubstr("西城 教育：畅通率"), HasSubstr("75"), HasSubstr("→ 100"),
                                        Not(HasSubstr("//西城")), Not(HasSubstr("86400000"))));
}

}  // namespace
}  // namespace changtong
