// Of a pair the centre's figures are those of its two nodes' own ledgers laid together, whoever of them is silent.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <filesystem>

#include "daemon/books/books.h"
#include "daemon/centre/archive.h"
#include "daemon/centre/figures.h"
#include "daemon/centre/folder.h"
#include "daemon/centre/newest_states.h"
#include "daemon/centre/one_state.h"
#include "daemon/core/so_far.h"
#include "daemon/observers/merged_books.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"
#include "tests/ledger/any_daemon.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using namespace ledger::desk;
using testing::ElementsAre;

constexpr period all_time{wall_min, wall_max};

/** Two machines with a ledger each, and the centre that they ship to. */
struct office {
  std::array<ledger::desk::folder, 2> own;
  std::array<std::string, 2> names;
  std::unique_ptr<archive> taking;
  std::unique_ptr<database> db;
  database_place where;

  explicit office(const database_place& place, const std::string& called = "东城")
      : names{called + "甲", called + "乙"},
        taking(archive::open(place, std::vector<std::string>{names[0], names[1]}).value()),
        db(database::open(place).value()),
        where(place) {}

  void ship(std::size_t which) {
    const auto done = taking->take(names.at(which), all_of(own.at(which).ledger()), at(1e6));
    ASSERT_TRUE(done) << to_string(done.error());
  }
  [[nodiscard]] asked_node pair() const {
    const auto f = centre::folder::open(where, "test", {}).value();
    while (f->round({}).value()) {
    }
    asked_node made{.head = {}, .province = "", .city = "", .district = "东城", .pair = "东城", .other = folded_head{}};
    for (folded_head& h : folded_heads(*db).value()) {
      if (h.node == names[0]) made.head = std::move(h);
      if (h.node == names[1]) made.other = std::move(h);
    }
    put_by_rank(made);
    return made;
  }
  /** As `changtong availability` reads both ledgers, the first one's before the other's. */
  [[nodiscard]] std::unique_ptr<ledger::reader> ledgers() const {
    std::vector<observers::observed> all;
    for (const std::size_t i : {0U, 1U})
      all.push_back({{.name = names.at(i)}, ledger::reader::open(own.at(i).ledger(), {.frozen = false}).value()});
    return std::make_unique<observers::merged_books>(std::move(all));
  }
};

std::string text_of(const availability::availability_row& row) {
  const availability::seconds& s = row.sums;
  return fmt::format("{} up {} down {} [{} {} {}] excluded {} unknown {} outages {} runs {}", host::hex(row.key),
                     s.up.count(), s.down.count(), s.down_min.count(), s.down_mid.count(), s.down_max.count(),
                     s.excluded.count(), s.unknown.count(), s.outages, s.unconfirmed);
}

std::string text_of(const availability::outage& o) {
  std::string out = fmt::format("{} {} {} {} [{} {}] {} {} {}", host::hex(o.target), ms_of(o.began), ms_of(o.ended),
                                ms_of(o.confirmed), ms_of(o.began_edge.after), ms_of(o.began_edge.until),
                                name_of(o.why), name_of(o.found), o.decided_by);
  if (o.ended != wall_max) out += fmt::format(" [{} {}]", ms_of(o.ended_edge.after), ms_of(o.ended_edge.until));
  for (const period& hole : o.holes) out += fmt::format(" hole {} {}", ms_of(hole.from), ms_of(hole.to));
  return out;
}

template <class Rows>
std::vector<std::string> texts(const Rows& rows) {
  std::vector<std::string> out;
  for (const auto& row : rows) out.push_back(text_of(row));
  std::ranges::sort(out);
  return out;
}

std::vector<std::string> figures_of(office& of, const asked_node& n, period when, wall_t now, grouping by) {
  const one_state held(*of.db);
  std::vector<availability::availability_row> rows;
  for (figure_row& row : figures(*of.db, std::array{n},
                                 {.when = when, .now = now, .zone = *civil_zone::named("Asia/Shanghai"), .by = {by}}))
    rows.push_back(std::move(row.what));
  return texts(rows);
}

RC_GTEST_PROP(CentrePairs, TheFiguresAreThoseOfTheTwoLedgersLaidTogether, ()) {
  static const database_place where = server().empty();
  static int offices = 0;
  office of(where, fmt::format("区{}", ++offices));
  const auto begin = static_cast<std::int64_t>(*rc::gen::inRange(-8, 8));
  for (const std::size_t i : {0U, 1U}) {
    const auto w = opened(of.own.at(i));
    any_daemon daemon;
    if (i == 1) daemon.now += begin * 1'000;
    std::vector<record> all{
        started{wall_from_ms(daemon.now), "0.9.0", fmt::format("b{}{}", offices, i), 3, of.names.at(i)}};
    const auto more = *rc::gen::inRange(0, 60);
    for (int k = 0; k < more; ++k) all.push_back(daemon.next());
    (void)w->commit({wall_from_ms(daemon.now + *rc::gen::inRange(0, 9'000)), std::move(all), {}});
    of.ship(i);
  }
  const asked_node n = of.pair();
  const auto both = of.ledgers();
  RC_ASSERT(n.known_to() == both->heartbeat());
  const wall_t now = n.known_to() + milliseconds{*rc::gen::inRange(0, 9'000)};
  const wall_t from = wall_from_ms(midnight_ms + *rc::gen::inRange(0, 60'000));
  const period p = *rc::gen::arbitrary<bool>() ? period{at(-1'000), at(86'400)}
                                               : period{from, from + milliseconds{*rc::gen::inRange(1, 30'000)}};
  const auto [here, there] = *rc::gen::element(
      std::pair(grouping::line, books::grouping::line), std::pair(grouping::category, books::grouping::category),
      std::pair(grouping::town, books::grouping::town), std::pair(grouping::day, books::grouping::day));
  RC_ASSERT(figures_of(of, n, p, now, here) == texts(books::books(*both, p, cut_of(now, both->heartbeat()), there)));
  RC_ASSERT(texts(books_of(*of.db, n, {})->outages(p, {}, 1'000)) == texts(both->outages(p, {}, 1'000)));
  std::array<std::int64_t, 3> counts{};
  newest_states(*of.db, n, {}, [&](const newest_state& s) {
    ++counts.at(s.state == line_state::up ? 0 : s.state == line_state::down ? 1 : 2);
  });
  RC_ASSERT(counts == newest_counts(*of.db, n));
}

struct CentrePair : testing::Test {
  office of{server().empty()};
  std::unique_ptr<ledger::writer> first = opened(of.own[0]), second = opened(of.own[1]);

  void SetUp() override {
    commit(*first, 10, {started{at(0), "0.9.0", "b1", 3, of.names[0]}, line("L1", 0), up("L1", 1)});
    commit(*second, 10, {started{at(0), "0.9.0", "b2", 3, of.names[1]}, line("L1", 0), up("L1", 1)});
  }
  asked_node shipped() {
    for (const std::size_t i : {0U, 1U}) of.ship(i);
    return of.pair();
  }
  availability::seconds of_line(const asked_node& n, double from, double to, double now) {
    const one_state held(*of.db);
    const auto rows = figures(*of.db, std::array{n},
                              {.when = {at(from), at(to)},
                               .now = at(now),
                               .zone = *civil_zone::named("Asia/Shanghai"),
                               .by = {grouping::node}});
    if (rows.empty()) return {};
    EXPECT_THAT(rows.front().of, ElementsAre(testing::Pair("node", "东城"))) << "by its own name";
    return rows.front().what.sums;
  }
  std::vector<newest_state> newest(const asked_node& n) {
    std::vector<newest_state> all;
    newest_states(*of.db, n, {}, [&](const newest_state& s) { all.push_back(s); });
    for (newest_state& s : all) s.target = nullptr;  // it lived as long as the call
    return all;
  }
};

TEST_F(CentrePair, ACutThatBothSawIsOneOutageOfOneLine) {
  commit(*first, 60, {down("L1", 20, 19), up_again("L1", 40, 39)});
  commit(*second, 60, {down("L1", 21, 20), up_again("L1", 41, 40)});
  const asked_node n = shipped();
  const auto s = of_line(n, 0, 60, 60);
  EXPECT_EQ(in_seconds(s.up + s.down), 59) << "once, from its first observation on";
  EXPECT_EQ(in_seconds(s.down), 19) << "while neither says up";
  EXPECT_EQ(s.outages, 1);
  EXPECT_EQ(newest_counts(*of.db, n), (std::array<std::int64_t, 3>{1, 0, 0}));
  EXPECT_EQ(newest(n).front().since, at(40));
}

TEST_F(CentrePair, WhoIsSilentForDaysHoldsNothingBackAndIsNotUp) {
  constexpr double days = 3 * 86'400;
  commit(*second, days, {down("L1", days - 100, days - 101)});
  const asked_node n = shipped();
  EXPECT_EQ(n.head.folded_to, at(10));
  EXPECT_EQ(n.known_to(), at(days)) << "as far as the one that goes on";
  const auto s = of_line(n, 10, days, days + 1);
  EXPECT_EQ(in_seconds(s.down), 100);
  EXPECT_EQ(in_seconds(s.up), days - 110);
  EXPECT_EQ(in_seconds(s.unknown), 0);
  EXPECT_EQ(newest_counts(*of.db, n), (std::array<std::int64_t, 3>{0, 1, 0})) << "the silent one is not up";
  EXPECT_EQ(newest(n).front().since, at(days - 100));
  EXPECT_TRUE(is_heard(n, at(days + 60)));
  EXPECT_FALSE(is_heard(n, at(days + 61)));
  const auto later = of_line(n, days, days + 600, days + 600);
  EXPECT_EQ(in_seconds(later.unknown), 600) << "what neither has shipped";
}

TEST_F(CentrePair, WhoHasShippedNothingYetLeavesTheOtherItsOwnFigures) {
  commit(*second, 60, {down("L1", 20, 19), up_again("L1", 40, 39)});
  of.ship(1);
  asked_node n = of.pair();
  EXPECT_EQ(n.head.node, of.names[1]) << "it has the word";
  EXPECT_EQ(n.known_to(), at(60));
  const auto s = of_line(n, 1, 60, 60);
  EXPECT_EQ(in_seconds(s.up), 39);
  EXPECT_EQ(in_seconds(s.down), 20);
  n.other.reset();  // not even its name is known to the database
  EXPECT_EQ(in_seconds(of_line(n, 1, 60, 60).down), 20);
}

TEST_F(CentrePair, WhoShipsNoMoreLeavesTheWordToTheOtherAndTheLinesInScope) {
  commit(*second, 100, {line("L2", 50), up("L2", 50)});
  asked_node n = shipped();
  n.head.retired = at(30);
  put_by_rank(n);
  EXPECT_EQ(n.head.node, of.names[1]);
  EXPECT_FALSE(n.retired());
  EXPECT_EQ(in_seconds(of_line(n, 1, 100, 100).up), 99 + 50);
  EXPECT_EQ(newest(n).size(), 2U);
  n.head.retired = at(70);
  EXPECT_EQ(n.retired(), at(70));
  EXPECT_EQ(in_seconds(of_line(n, 1, 100, 100).up), 69 + 20) << "both left: all ends when it was said of the last one";
  EXPECT_TRUE(newest(n).empty());
}

TEST_F(CentrePair, WhoShipsOnAfterItWasSaidThatItShipsNoMoreIsNotHeard) {
  commit(*first, 100, {down("L1", 80, 79)});
  asked_node n = shipped();
  n.head.retired = at(30);
  put_by_rank(n);
  EXPECT_EQ(n.known_to(), at(30));
  const auto s = of_line(n, 1, 100, 100);
  EXPECT_EQ(in_seconds(s.up), 29);
  EXPECT_EQ(in_seconds(s.down), 0);
  EXPECT_EQ(in_seconds(s.unknown), 70) << "the other one is silent";
  EXPECT_EQ(newest_counts(*of.db, n), (std::array<std::int64_t, 3>{1, 0, 0})) << "as it was said last";
}

TEST_F(CentrePair, OfClocksThatAreApartTheFirstAloneIsThePair) {
  commit(*first, 60, {down("L1", 34, 33), up_again("L1", 47, 46)});
  commit(*second, 40, {down("L1", 14, 13), up_again("L1", 27, 26)});  // twenty seconds behind
  for (const std::size_t i : {0U, 1U}) {
    auto s = all_of(of.own.at(i).ledger());
    s.clock = {milliseconds{i == 0 ? -300 : 19'700}, milliseconds{5}};
    ASSERT_TRUE(of.taking->take(of.names.at(i), s, at(1e6)));
  }
  const asked_node n = of.pair();
  EXPECT_EQ(n.offset(), milliseconds{-20'010});
  EXPECT_TRUE(n.apart());
  EXPECT_EQ(n.known_to(), at(60));
  const auto s = of_line(n, 1, 60, 60);
  EXPECT_EQ(in_seconds(s.down), 13);
  EXPECT_EQ(s.outages, 1);
}

TEST_F(CentrePair, AClockThatIsLittleOffWidensBracketsByThat) {
  commit(*first, 60, {down("L1", 20, 19), up_again("L1", 40, 39)});
  commit(*second, 60, {down("L1", 20, 19), up_again("L1", 40, 39)});
  asked_node n = shipped();
  EXPECT_FALSE(n.offset()) << "neither has said";
  n.head.clock = {milliseconds{100}, milliseconds{5}};
  n.other->clock = {milliseconds{-190}, milliseconds{5}};
  EXPECT_EQ(n.offset(), milliseconds{300});
  EXPECT_FALSE(n.apart());
  n.other->clock->within = milliseconds{900};
  EXPECT_FALSE(n.offset()) << "too coarse to say";
}

TEST_F(CentrePair, AJournalThatIsTheBeginningOfTheOtherOnesCountsOnce) {
  const ledger::shipment whole = all_of(of.own[0].ledger());
  ASSERT_TRUE(of.taking->take(of.names[1], whole, at(1e6)));
  of.ship(0);
  const asked_node n = of.pair();
  EXPECT_EQ(of_line(n, 0, 10, 10).down_max, milliseconds{0});
  EXPECT_EQ(in_seconds(of_line(n, 0, 10, 10).up), 9);
}

TEST_F(CentrePair, ACloneWithOneStartOfItsOwnTakesNothingFromWhoGoesOn) {
  const ledger::desk::folder copy;
  std::filesystem::copy_file(of.own[0].ledger(), copy.ledger());
  const auto clone = opened(copy);
  commit(*clone, 25,
         {started{at(20), "0.9.0", "", 3, of.names[1]}, gap{at(10), at(20), cause::monitor_stopped, "crash"}});
  commit(*first, 100, {down("L1", 60, 59), up_again("L1", 80, 79)});
  of.ship(0);
  ASSERT_TRUE(of.taking->take(of.names[1], all_of(copy.ledger()), at(1e6)));
  const auto s = of_line(of.pair(), 1, 100, 100);
  EXPECT_EQ(in_seconds(s.up), 79);
  EXPECT_EQ(in_seconds(s.down), 20);
  EXPECT_EQ(in_seconds(s.unknown), 0);
}

TEST_F(CentrePair, WhoWaitsNoLongerEndsTheReading) {
  const asked_node n = shipped();
  const auto no_more = [] { throw spoken_error(phrase{"不等了", "enough"}); };
  const one_state held(*of.db);
  EXPECT_THROW((void)books_of(*of.db, n, no_more)->outages(all_time, {}, 10), std::runtime_error);
}

}  // namespace
}  // namespace changtong::centre
