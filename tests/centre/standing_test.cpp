// Which lines go on as they did after an instant, and which entries say something of which.
#include "daemon/centre/standing.h"

#include <gmock/gmock.h>

#include "tests/ledger/desk.h"

namespace changtong::centre {
namespace {

using namespace ledger::desk;
using availability::outage;
using availability::target_history;
using ledger::known_target;
using testing::ElementsAre;
using testing::IsEmpty;

/** A line that is up for ever, as of `at(100)`. */
struct Standing : testing::Test {
  known_target who;
  target_history h;

  Standing() {
    who.id = "L1", who.kind = "line", who.category = "village", who.town = "城南镇";
    h.target = "L1";
    h.scope = {at(0), wall_max};
    h.spans = {{{at(0), wall_max}, line_state::up, cause::none}};
  }
  [[nodiscard]] std::uint16_t place() const {
    standing_made made(at(100), 7);
    made.add(1, who, h);
    return made.taken().lines.at(0);
  }
};

TEST_F(Standing, LinesOfOneCellAndStateAreOne) {
  standing_made made(at(100), 7);
  made.add(1, who, h);
  made.add(4, who, h);
  h.spans = {{{at(0), at(50)}, line_state::up, cause::none},
             {{at(50), at(60)}, line_state::unknown, cause::not_started},
             {{at(60), wall_max}, line_state::unknown, cause::monitor_stopped}};
  made.add(3, who, h);
  const standing s = made.taken();
  EXPECT_EQ(s.at, at(100));
  EXPECT_EQ(s.seq, 7);
  EXPECT_THAT(s.lines, ElementsAre(2, 0, 3, 2));
  ASSERT_EQ(s.cells.size(), 2U);
  EXPECT_EQ(s.cells[0].state, line_state::up);
  EXPECT_EQ(s.cells[1].state, line_state::unknown);
  EXPECT_EQ(s.cells[0].words, (cell_words{"village", "城南镇", ""}));
}

TEST_F(Standing, WhatIsOverIsNoMatter) {
  outage o;
  o.began = at(20), o.ended = at(90), o.ended_edge = {at(90), at(95)};
  h.spans = {{{at(20), at(90)}, line_state::down, cause::timeout}, {{at(90), wall_max}, line_state::up, cause::none}};
  h.outages = {o};
  h.excluded = {{at(10), at(100)}};
  h.unconfirmed = {at(99)};
  EXPECT_EQ(place(), standing::first_cell);
  h.outages[0].ended_edge.until = at(101);
  EXPECT_EQ(place(), standing::to_be_read) << "its bracket reaches over";
}

TEST_F(Standing, WhatIsYetToComeIsRead) {
  const target_history plain = h;
  h.excluded = {{at(5'000), at(6'000)}};
  EXPECT_EQ(place(), standing::to_be_read) << "a window next week";
  h = plain, h.scope.to = at(9'000);
  EXPECT_EQ(place(), standing::to_be_read) << "it will be closed";
  h = plain, h.scope.from = at(101);
  EXPECT_EQ(place(), standing::to_be_read) << "it is accepted later";
  h = plain, h.outside = {{at(200), at(300)}};
  EXPECT_EQ(place(), standing::to_be_read) << "closed otherwise";
  h = plain, h.unconfirmed = {at(100)};
  EXPECT_EQ(place(), standing::to_be_read) << "a run of bad samples";
  h = plain, h.spans = {{{at(0), at(900)}, line_state::up, cause::none}, {{at(900), wall_max}, line_state::unknown}};
  EXPECT_EQ(place(), standing::to_be_read) << "unknown later";
  h = plain, h.spans = {{{at(0), wall_max}, line_state::down, cause::timeout}};
  EXPECT_EQ(place(), standing::to_be_read) << "down counts as an outage";
  h = plain, who.versions = {{at(0), {}}, {at(500), who}};
  EXPECT_EQ(place(), standing::to_be_read) << "another category from then on";
}

TEST_F(Standing, WhoseTimeIsOverIsInNoFigure) {
  h.scope = {at(0), at(100)};
  EXPECT_EQ(place(), standing::no_line);
}

TEST_F(Standing, OfManyLinesTheSumIsTheirNumberTimesOne) {
  const auto one = steady_seconds(line_state::up, {at(100), at(160)}, at(150));
  EXPECT_EQ(one.up, std::chrono::seconds{50});
  EXPECT_EQ(one.unknown, std::chrono::seconds{10});
  const auto all = times(one, 1'000'000);
  EXPECT_EQ(all.up, std::chrono::seconds{50'000'000});
  EXPECT_EQ(all.unknown, std::chrono::seconds{10'000'000});
  EXPECT_EQ(all.scope, one.scope);
  EXPECT_EQ(steady_seconds(line_state::up, {at(100), at(160)}, at(90)).unknown, std::chrono::seconds{60});
}

TEST(LinesOfAnEntry, AreThoseThatItNamesOrPerhapsAll) {
  using lines = std::vector<std::string_view>;
  EXPECT_EQ(lines_of(up("L1", 1)), lines{"L1"});
  EXPECT_EQ(lines_of(ledger::resumed{{up("L1", 1), up("L2", 1)}}), (lines{"L1", "L2"}));
  EXPECT_EQ(lines_of(ledger::unconfirmed_runs{{{"L3", "L3/icmp", at(1), at(2), 1, cause::timeout}}}), lines{"L3"});
  EXPECT_EQ(lines_of(window("W1", "L4", 0, 1, 2, "approved")), lines{"L4"});
  EXPECT_EQ(lines_of(started{at(0), "0.9.0", "", 3, "node"}), lines{});
  EXPECT_EQ(lines_of(window("W1", "*", 0, 1, 2, "approved")), std::nullopt);
  EXPECT_EQ(lines_of(stopped_watching(1, 2)), std::nullopt);
  EXPECT_EQ(lines_of(ledger::stopped{at(1)}), std::nullopt);
  EXPECT_EQ(lines_of(policy_version{at(0), "Asia/Shanghai", "{}", {}}), std::nullopt);
  EXPECT_EQ(lines_of(line("L1", 0)), std::nullopt) << "it may have been counted under other words";
  EXPECT_EQ(lines_of(period_closed{}), std::nullopt);
}

}  // namespace
}  // namespace changtong::centre
