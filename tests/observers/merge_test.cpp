#include "daemon/observers/merge.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/observers/told.h"

namespace changtong::observers {
namespace {

using availability::outage;
using availability::target_history;

constexpr milliseconds of_a_second{1000};

std::vector<testimony> said_by(const std::vector<target_history>& histories, milliseconds width = milliseconds{0}) {
  static const std::vector<std::string> names{"A", "B", "C"};
  std::vector<testimony> of;
  for (std::size_t i = 0; i < histories.size(); ++i)
    of.push_back({names[i], i == 0 ? milliseconds{0} : width, &histories[i]});
  return of;
}

availability::seconds sums(target_history h) {
  h.scope = during(0, 100);
  return availability::measure(h, h.scope);
}

TEST(Merge, IsUpWhereOneSaysSoAndUnknownWhereNobodySpeaks) {
  const std::vector<target_history> all{history_of({{0, 20, up}}),
                                        history_of({{10, 40, down}, {60, 80, up}}, {outage_of(10, 40)})};
  const auto s = sums(merge(said_by(all)));
  EXPECT_EQ(s.up, milliseconds{40'000});
  EXPECT_EQ(s.down, milliseconds{20'000});
  EXPECT_EQ(s.unknown, milliseconds{40'000});
}

TEST(Merge, OfOneJournalToldTwiceIsThatJournal) {
  const target_history one = history_of({{0, 30, up}, {30, 50, down}, {50, 90, up}}, {outage_of(30, 50)});
  const auto merged = merge(said_by({one, one}, of_a_second));
  EXPECT_EQ(merged.spans.size(), 3);
  ASSERT_EQ(merged.outages.size(), 1);
  EXPECT_EQ(merged.outages[0].began_edge, one.outages[0].began_edge);
  EXPECT_EQ(merged.outages[0].ended_edge, one.outages[0].ended_edge);
  EXPECT_EQ(sums(merged).down_max, sums(one).down_max);
}

TEST(Merge, ABackupThatWentOnBesideItsOriginalFillsWhatThatOneMissed) {
  const target_history original = history_of({{0, 40, up}});
  const target_history restored = history_of({{0, 20, up}, {50, 70, up}});
  const auto s = sums(merge(said_by({original, restored})));
  EXPECT_EQ(s.up, milliseconds{60'000});
  EXPECT_EQ(s.unknown, milliseconds{40'000});
}

TEST(Merge, AnOutageOfBothIsOneWithTheNarrowestBracket) {
  outage first = outage_of(30, 50, "L1/icmp"), second = outage_of(31, 49, "L1/tcp");
  first.began_edge = {at(28), at(30)};
  second.began_edge = {at(29), at(31)};
  const std::vector<target_history> all{history_of({{0, 30, up}, {30, 50, down}, {50, 90, up}}, {first}),
                                        history_of({{0, 31, up}, {31, 49, down}, {49, 90, up}}, {second})};
  const auto merged = merge(said_by(all));
  ASSERT_EQ(merged.outages.size(), 1);
  const outage& o = merged.outages[0];
  EXPECT_EQ(period(o.began, o.ended), during(31, 49));
  EXPECT_EQ(o.began_edge, (bracket{at(29), at(31)}));
  EXPECT_EQ(o.ended_edge, (bracket{at(49), at(49)})) << "the one was bad at 49 when the other was good";
  EXPECT_EQ(o.confirmed, at(33));
  EXPECT_EQ(o.decided_by, "L1/icmp@A L1/tcp@B");
}

TEST(Merge, AClockThatIsOffMovesTheBoundsOfItsOwnerApart) {
  const std::vector<target_history> all{history_of({}),
                                        history_of({{0, 30, up}, {30, 50, down}, {50, 90, up}}, {outage_of(30, 50)})};
  const auto merged = merge(said_by(all, milliseconds{400}));
  ASSERT_EQ(merged.outages.size(), 1);
  EXPECT_EQ(merged.outages[0].began, at(30));
  EXPECT_EQ(merged.outages[0].began_edge, (bracket{at(29) - milliseconds{400}, at(30) + milliseconds{400}}));
  EXPECT_EQ(merged.outages[0].ended_edge, (bracket{at(49) - milliseconds{400}, at(50) + milliseconds{400}}));
}

TEST(Merge, WhereTheOneThatSaidUpFallsSilentAnOutageBegins) {
  const std::vector<target_history> all{history_of({{0, 20, up}, {20, 80, down}}, {outage_of(20, 0)}),
                                        history_of({{0, 60, up}})};
  const auto merged = merge(said_by(all));
  ASSERT_EQ(merged.outages.size(), 1);
  const outage& o = merged.outages[0];
  EXPECT_EQ(o.began, at(60));
  EXPECT_EQ(o.began_edge, (bracket{at(19), at(60)})) << "as far back as the other saw it";
  EXPECT_EQ(o.ended, wall_max);
  EXPECT_EQ(o.holes, (std::vector<period>{{at(80), wall_max}}));
}

TEST(Merge, UnknownInsideAnOutageIsAHoleAndUpEndsIt) {
  const std::vector<target_history> all{
      history_of({{0, 10, up}, {10, 20, down}, {30, 40, down}, {50, 60, up}}, {outage_of(10, 40)}),
      history_of({{25, 28, up}})};
  const auto merged = merge(said_by(all));
  ASSERT_EQ(merged.outages.size(), 2) << "the other saw it up for three seconds";
  EXPECT_EQ(period(merged.outages[0].began, merged.outages[0].ended), during(10, 20));
  EXPECT_EQ(period(merged.outages[1].began, merged.outages[1].ended), during(30, 40));
}

TEST(Merge, AHiccupOfBothCountsOnceAndOfOneAloneNot) {
  target_history one = history_of({{0, 90, up}}), other = one;
  one.unconfirmed = {at(10), at(60)};
  other.unconfirmed = {at(13)};
  EXPECT_EQ(merge(said_by({one, other})).unconfirmed, std::vector{at(10)});
  other.unconfirmed = {at(20)};
  EXPECT_EQ(merge(said_by({one, other})).unconfirmed, std::vector{at(10)}) << "ten seconds apart it is still one";
  other.unconfirmed = {at(21)};
  EXPECT_TRUE(merge(said_by({one, other})).unconfirmed.empty());
  other.unconfirmed = {at(13)};
  other.spans = history_of({{0, 50, up}}).spans;
  EXPECT_EQ(merge(said_by({one, other})).unconfirmed, (std::vector{at(10), at(60)})) << "nobody else was awake";
}

TEST(Merge, TheFirstByRankNamesTheCauseAndWhoFoundOneSaysIt) {
  outage first = outage_of(30, 50), second = outage_of(30, 50);
  first.why = cause::refused;
  second.found = cause::upstream;
  second.upstream = "T1";
  const std::vector<said_piece> pieces{{0, 30, up}, {30, 50, down}, {50, 90, up}};
  const auto merged = merge(said_by({history_of(pieces, {first}), history_of(pieces, {second})}));
  ASSERT_EQ(merged.outages.size(), 1);
  EXPECT_EQ(merged.outages[0].why, cause::refused);
  EXPECT_EQ(merged.outages[0].found, cause::upstream);
  EXPECT_EQ(merged.outages[0].upstream, "T1");
}

TEST(Disagreements, AreLongerThanHalfAMinuteAndNameBothSides) {
  const std::vector<target_history> all{
      history_of({{0, 100, up}}),
      history_of({{0, 10, up}, {10, 40, down}, {40, 50, up}, {50, 81, down}}, {outage_of(10, 40), outage_of(50, 0)})};
  const auto found = disagreements(said_by(all), during(0, 1000));
  ASSERT_EQ(found.size(), 1) << "thirty seconds are not longer than thirty";
  EXPECT_EQ(found[0].when, during(50, 81));
  EXPECT_EQ(found[0].up, std::vector<std::string>{"A"});
  EXPECT_EQ(found[0].down, std::vector<std::string>{"B"});
  EXPECT_TRUE(disagreements(said_by(all), during(60, 1000)).empty()) << "in scope it is shorter";
}

/** Pieces that follow each other, with an outage where one is down. */
rc::Gen<target_history> any_history() {
  return rc::gen::map(rc::gen::container<std::vector<std::pair<int, int>>>(
                          rc::gen::pair(rc::gen::inRange(0, 3), rc::gen::inRange(1, 30))),
                      [](const std::vector<std::pair<int, int>>& steps) {
                        std::vector<said_piece> pieces;
                        std::vector<outage> outages;
                        std::int64_t now = 0;
                        for (const auto& [state, length] : steps) {
                          if (state < 2) pieces.push_back({now, now + length, state == 0 ? up : down});
                          if (state == 1) outages.push_back(outage_of(now, now + length));
                          now += length;
                        }
                        return history_of(pieces, outages);
                      });
}

RC_GTEST_PROP(MergeProperty, NothingIsUpThatNobodySawAndNothingCountsTwice, ()) {
  const auto histories = *rc::gen::container<std::vector<target_history>>(3, any_history());
  auto merged = merge(said_by(histories));
  for (std::int64_t second = 0; second < 400; ++second) {
    const auto state_of = [&](const target_history& h) {
      for (const auto& s : h.spans)
        if (s.when.holds(at(second))) return s.state;
      return line_state::unknown;
    };
    bool seen_up = false, seen_down = false;
    for (const target_history& h : histories) {
      seen_up = seen_up || state_of(h) == up;
      seen_down = seen_down || state_of(h) == down;
    }
    RC_ASSERT(state_of(merged) == (seen_up ? up : seen_down ? down : line_state::unknown));
  }
  merged.scope = during(0, 400);
  const auto s = availability::measure(merged, merged.scope);
  RC_ASSERT(s.up + s.down + s.unknown == merged.scope.length());
  RC_ASSERT(s.down_min <= s.down && s.down <= s.down_max);
}

}  // namespace
}  // namespace changtong::observers
