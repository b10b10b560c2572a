// The figures of the periods over a ledger that a writer wrote: the same as the books give when a person asks for them.
#include "daemon/publish/metrics/period_books.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <thread>

#include "daemon/books/books.h"
#include "daemon/ledger/writer.h"
#include "daemon/publish/metrics/bookkeeper.h"

namespace changtong::metrics {
namespace {

wall_t at(std::string_view text) { return civil_zone::named("Asia/Shanghai").value().parse(text).value().from; }

target line(std::string id, std::string category, std::string carrier, std::string grade) {
  target t;
  t.id = std::move(id);
  t.name = t.id;
  t.category = std::move(category);
  t.carrier = std::move(carrier);
  t.town = "城关镇";
  t.grade = std::move(grade);
  return t;
}

std::shared_ptr<inventory> make_inventory(const std::string& carrier_of_v2) {
  auto inv = std::make_shared<inventory>();
  inv->categories = {{"township", "乡镇街"}, {"village", "村/社区"}, {"website", "网站"}};
  for (const target& t : {line("T1", "township", "电信", "A"), line("V1", "village", "移动", "B"),
                          line("V2", "village", carrier_of_v2, "B"), line("portal", "website", "", "")})
    inv->add(t);
  inv->targets.back().kind = target_kind::site;
  inv->targets.back().town = "";
  return inv;
}

/** March 2026. V1 is down for an hour on the 3rd and from 09:59 of the 14th on, V2 for a minute on the 10th, a day
 * after it went from 移动 to 联通. It is 10:00 on the 14th. */
struct PeriodBooksTest : testing::Test {
  PeriodBooksTest() {
    forget();
    auto writer = ledger::writer::open(path).value();
    ledger_batch first{.heartbeat = at("2026-03-10T00:00:00+08:00"), .records = {}, .memory = {}};
    const wall_t start = at("2026-03-02T00:00:00+08:00");
    first.records.emplace_back(started{start, "0.2.0", ""});
    first.records.emplace_back(policy_version{start, "Asia/Shanghai", R"({"categories":[]})", "test"});
    enter(first, start, *make_inventory("移动"));
    for (const target& t : now->targets) turn(first, t.id, line_state::up, start);
    cut(first, "V1", at("2026-03-03T08:00:00+08:00"), at("2026-03-03T09:00:00+08:00"));
    EXPECT_TRUE(writer->commit(first));
    ledger_batch second{.heartbeat = heartbeat, .records = {}, .memory = {}};
    const wall_t changed = at("2026-03-09T12:00:00+08:00");
    second.records.emplace_back(inventory_version{changed, "V2", to_json(now->targets[2], *now), "test"});
    cut(second, "V2", at("2026-03-10T08:00:00+08:00"), at("2026-03-10T08:01:00+08:00"));
    turn(second, "V1", line_state::down, at("2026-03-14T09:59:00+08:00"));
    EXPECT_TRUE(writer->commit(second));
    contracts.resize(1);
    contracts[0].id = "yd";
    contracts[0].carrier = "移动";
    contracts[0].availability_target = share{999, 1000};
    contracts[0].source = "合同";
  }
  ~PeriodBooksTest() override { forget(); }
  void forget() const {
    for (const char* end : {"", "-wal", "-shm", ".lock", ".key", ".seals"}) std::filesystem::remove(path + end);
  }
  static void enter(ledger_batch& into, wall_t when, const inventory& inv) {
    for (const target& t : inv.targets)
      into.records.emplace_back(inventory_version{when, t.id, to_json(t, inv), "test"});
  }
  static void turn(ledger_batch& into, const std::string& id, line_state to, wall_t when) {
    into.records.emplace_back(transition{.target = id,
                                         .to = to,
                                         .at = when,
                                         .edge = {when, when},
                                         .confirmed = when,
                                         .why = to == line_state::down ? cause::timeout : cause::none,
                                         .decided_by = "icmp"});
  }
  static void cut(ledger_batch& into, const std::string& id, wall_t from, wall_t to) {
    turn(into, id, line_state::down, from);
    turn(into, id, line_state::up, to);
  }
  [[nodiscard]] std::unique_ptr<ledger::reader> open() const { return ledger::reader::open(path).value(); }
  [[nodiscard]] const group_sums* group(const period_books& b, std::string_view by, std::string_view key) const {
    for (const group_sums& g : b.groups)
      if (g.by == by && g.key == key) return &g;
    ADD_FAILURE() << "no group " << by << " " << key;
    return nullptr;
  }

  std::string path = testing::TempDir() + "period_books_" + std::to_string(::getpid()) + ".db";
  std::shared_ptr<inventory> now = make_inventory("联通");
  wall_t heartbeat = at("2026-03-14T10:00:00+08:00");
  std::vector<contract> contracts;
};

TEST_F(PeriodBooksTest, EveryGroupHasTheSumsThatTheBooksGiveWhenAsked) {
  const auto reader = open();
  const period_books b = compute_books(*reader, now, contracts, heartbeat);
  EXPECT_EQ(b.cut, heartbeat);
  const std::array units{civil_zone::unit::day, civil_zone::unit::month, civil_zone::unit::year};
  std::size_t compared = 0;
  for (std::size_t w = 0; w < window_count; ++w) {
    const period p{reader->zone().around(heartbeat, units.at(w)).from, heartbeat};
    for (const auto& [by, grouping] :
         {std::pair{"category", books::grouping::category}, std::pair{"carrier", books::grouping::carrier},
          std::pair{"town", books::grouping::town}})
      for (const auto& row : books::books(*reader, p, heartbeat, grouping)) {
        const group_sums* g = group(b, by, row.key);
        ASSERT_NE(g, nullptr);
        EXPECT_EQ(g->sums.at(w).up, row.sums.up) << by << row.key << w;
        EXPECT_EQ(g->sums.at(w).down, row.sums.down) << by << row.key << w;
        EXPECT_EQ(g->sums.at(w).unknown, row.sums.unknown) << by << row.key << w;
        EXPECT_EQ(g->sums.at(w).outages, row.sums.outages) << by << row.key << w;
        ++compared;
      }
  }
  EXPECT_GE(compared, 18U);
}

TEST_F(PeriodBooksTest, ALineCountsWithEachCarrierForTheTimeItWasTheirs) {
  const period_books b = compute_books(*open(), now, contracts, heartbeat);
  const std::size_t month = 1;
  EXPECT_EQ(group(b, "carrier", "移动")->sums[month].down, milliseconds{3'660'000});  // V1 alone
  EXPECT_EQ(group(b, "carrier", "联通")->sums[month].down, milliseconds{60'000});
  EXPECT_EQ(group(b, "carrier_grade", "联通 B")->sums[month].outages, 1);
  EXPECT_EQ(group(b, "all", "lines")->sums[month].down, milliseconds{3'720'000});
  EXPECT_EQ(group(b, "all", "lines")->sums[0].down, milliseconds{60'000}) << "today only V1 is down, for a minute";
}

TEST_F(PeriodBooksTest, AnOutageOverAChangeOfOtherWordsCountsOnceInItsGroup) {
  const wall_t moved = at("2026-03-14T10:30:00+08:00"), later = at("2026-03-14T11:00:00+08:00");
  auto renamed = make_inventory("联通");
  renamed->targets[2].name = "V2，新址";
  auto writer = ledger::writer::open(path).value();
  ledger_batch third{.heartbeat = later, .records = {}, .memory = {}};
  turn(third, "V2", line_state::down, moved - milliseconds{60'000});
  third.records.emplace_back(inventory_version{moved, "V2", to_json(renamed->targets[2], *renamed), "test"});
  turn(third, "V2", line_state::up, moved + milliseconds{60'000});
  ASSERT_TRUE(writer->commit(third));
  const period_books b = compute_books(*open(), renamed, contracts, later);
  const std::size_t today = 0;
  EXPECT_EQ(group(b, "carrier", "联通")->sums[today].outages, 1) << "V2's, though it was renamed in its middle";
  EXPECT_EQ(group(b, "carrier", "联通")->sums[today].down, milliseconds{120'000});
  EXPECT_EQ(group(b, "category", "village")->sums[today].outages, 2) << "and V1's";
}

TEST_F(PeriodBooksTest, AWebsiteIsHeldAgainstNoContractOfLines) {
  contracts[0].carrier = "";  // a site has no carrier either
  const period_books b = compute_books(*open(), now, contracts, heartbeat);
  std::int64_t lines = 0;
  for (const std::int64_t n : b.contracts[0].lines) lines += n;
  EXPECT_EQ(lines, 0);
}

TEST_F(PeriodBooksTest, EveryTargetHasItsFiguresByIndex) {
  const period_books b = compute_books(*open(), now, contracts, heartbeat);
  ASSERT_EQ(b.by_target.size(), 4U);
  EXPECT_EQ(b.by_target[1][1].down_s, 3660);
  EXPECT_EQ(b.by_target[1][1].outages, 2);
  EXPECT_EQ(b.by_target[0][0].availability, 1);
  EXPECT_EQ(b.by_target[3][1].outages, 0) << "a site too";
}

TEST_F(PeriodBooksTest, AContractIsJudgedOverItsOwnPeriodSoFar) {
  const period_books b = compute_books(*open(), now, contracts, heartbeat);
  ASSERT_EQ(b.contracts.size(), 1U);
  EXPECT_EQ(b.contracts[0].sums.down, milliseconds{3'660'000});
  using availability::judgement;
  EXPECT_EQ(b.contracts[0].lines.at(static_cast<std::size_t>(judgement::missed)), 1) << "an hour is more than 0.1 %";
  EXPECT_EQ(b.contracts[0].lines.at(static_cast<std::size_t>(judgement::met)), 1)
      << "V2, of the time until it went to 联通";
  EXPECT_EQ(b.contracts[0].budget, milliseconds{3'240'000})
      << "0.1 % of V1's thirty days to the end of March and of V2's seven and a half";
}

TEST_F(PeriodBooksTest, TimeThatNobodyJudgedIsUnknownAndNeverUp) {
  const wall_t later = heartbeat + std::chrono::hours{1};
  const period_books b = compute_books(*open(), now, contracts, later);
  EXPECT_EQ(b.cut, later);
  EXPECT_EQ(group(b, "all", "lines")->sums[0].unknown, milliseconds{3 * 3'600'000});
  EXPECT_LT(b.by_target[0][0].coverage, 1);
  EXPECT_LT(b.by_target[0][0].lower, 1);
}

TEST_F(PeriodBooksTest, ALineThatTheLedgerDoesNotKnowHasNoFigures) {
  auto more = make_inventory("联通");
  more->add(line("V3", "village", "电信", ""));
  const period_books b = compute_books(*open(), more, contracts, heartbeat);
  EXPECT_TRUE(std::isnan(b.by_target[4][1].availability));
  EXPECT_EQ(b.by_target[4][1].outages, -1);
}

TEST_F(PeriodBooksTest, ABookkeeperOpensNoLedgerBeforeSomebodyAsks) {
  board_holder boards;
  boards.set(std::make_shared<board>(now));
  std::atomic<bool> asked{false};
  bookkeeper keeper({.boards = &boards,
                     .open_ledger =
                         [&] {
                           EXPECT_TRUE(asked);
                           return ledger::reader::open(path);
                         },
                     .contracts = [this] { return contracts; },
                     .now = [this] { return heartbeat; }});
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();  // room for a look that nobody wants
  asked = true;
  while (!keeper.get()) std::this_thread::yield();
}

TEST_F(PeriodBooksTest, ALookThatIsToldToStopEndsWithTheNextTarget) {
  std::stop_source over;
  over.request_stop();
  EXPECT_THROW((void)compute_books(*open(), now, contracts, heartbeat, over.get_token()), host::ended_early);
}

TEST_F(PeriodBooksTest, ABookkeeperWhoseReadingFailedOpensTheLedgerAnew) {
  board_holder boards;
  boards.set(std::make_shared<board>(now));
  std::atomic<int> opened{0}, asked{0};
  bookkeeper keeper({.boards = &boards,
                     .open_ledger = [&] { return ++opened, ledger::reader::open(path); },
                     .contracts = [&]() -> std::vector<contract> {
                       if (asked++ == 0) throw std::runtime_error("a page of the file cannot be read");
                       return contracts;
                     },
                     .now = [this] { return heartbeat; }});
  while (!keeper.get()) std::this_thread::yield();
  EXPECT_EQ(opened, 2) << "what failed once is not asked again";
}

TEST_F(PeriodBooksTest, ABookkeeperBringsThemWithoutBeingWaitedForAndOutlivesALedgerThatDoesNotOpen) {
  board_holder boards;
  std::atomic<int> opened{0};
  bookkeeper keeper({.boards = &boards,
                     .open_ledger = [&]() -> result<std::unique_ptr<ledger::reader>> {
                       if (opened++ == 0) return problem{.text = "locked"};
                       return ledger::reader::open(path);
                     },
                     .contracts = [this] { return contracts; },
                     .now = [this] { return heartbeat; }});
  EXPECT_EQ(keeper.get(), nullptr);
  boards.set(std::make_shared<board>(now));
  while (!keeper.get()) std::this_thread::yield();
  EXPECT_EQ(keeper.get()->of, now);
  EXPECT_EQ(keeper.get()->by_target[1][1].outages, 2);
}

}  // namespace
}  // namespace changtong::metrics
