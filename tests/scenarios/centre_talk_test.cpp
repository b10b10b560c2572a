// What a node says of its lines to a centre: the board as a sheet.
#include "daemon/run/centre_talk.h"

#include <gmock/gmock.h>

namespace changtong {
namespace {

const wall_t noon = wall_from_ms(1'773'417'600'000);

struct CentreSheet : testing::Test {
  std::shared_ptr<inventory> lines = std::make_shared<inventory>();
  std::unique_ptr<board> b;

  void with(int targets) {
    for (int i = 0; i < targets; ++i) {
      target t;
      t.id = "L" + std::to_string(i);
      t.name = "线路";
      lines->add(t);
    }
    target anchor;
    anchor.id = "anchor-1";
    anchor.kind = target_kind::anchor;
    lines->add(anchor);
    b = std::make_unique<board>(lines);
    for (line_view& v : b->lines) v.state = line_state::up;
  }
  void set(std::size_t i, line_state s) { b->lines[i].state = s; }
};

TEST_F(CentreSheet, TheWholeIsWhatIsNotUpThatWhichIsDownFirst) {
  with(4);
  set(1, line_state::unknown);
  set(3, line_state::down);
  const auto s = sheet_of(*b, {}, true, noon);
  EXPECT_EQ((std::vector{s.up, s.down, s.unknown, s.left_out}), (std::vector<std::int64_t>{2, 1, 1, 0}));
  ASSERT_EQ(s.lines.size(), 2U);
  EXPECT_EQ(s.lines[0].target, "L3");
  EXPECT_EQ(s.lines[1].target, "L1");
}

TEST_F(CentreSheet, AChangeIsThoseThatChangedWhateverTheyAreNow) {
  with(3);
  set(2, line_state::down);
  const auto s = sheet_of(*b, {"L0", "gone", "anchor-1"}, false, noon);
  EXPECT_FALSE(s.whole);
  ASSERT_EQ(s.lines.size(), 1U);
  EXPECT_EQ(s.lines[0].state, line_state::up);
  EXPECT_EQ(s.down, 1);
}

TEST_F(CentreSheet, WhoeverIsOutOfScopeIsNoOnesOutage) {
  with(2);
  set(0, line_state::down);
  b->lines[0].where = life::closed;
  const auto s = sheet_of(*b, {"L0"}, false, noon);
  EXPECT_TRUE(s.lines.empty());
  EXPECT_EQ((std::vector{s.up, s.down}), (std::vector<std::int64_t>{1, 0}));
}

TEST_F(CentreSheet, WhatThereIsNoRoomForIsCounted) {
  with(1'500);
  for (std::size_t i = 0; i < 1'500; ++i) set(i, i < 100 ? line_state::unknown : line_state::down);
  const auto s = sheet_of(*b, {}, true, noon);
  EXPECT_EQ(s.lines.size(), centre::most_live_lines);
  EXPECT_EQ(s.left_out, 500);
  EXPECT_EQ(s.lines.back().state, line_state::down);
}

}  // namespace
}  // namespace changtong
