// What it costs to fold one more entry, counted in SQLite's own steps, so that no clock is asked.
#include <sqlite3.h>

#include "daemon/ledger/projections.h"
#include "daemon/ledger/sql_tables.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

std::uint64_t steps = 0;

int count_step(void*) {
  ++steps;
  return 0;
}

int watch(sqlite3* opened_now, char**, const sqlite3_api_routines*) {
  sqlite3_progress_handler(opened_now, 1, count_step, nullptr);
  return SQLITE_OK;
}

/** As long as it lives, the steps of every connection that is opened are counted. */
struct counting {
  counting() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch)); }
  ~counting() { sqlite3_reset_auto_extension(); }
  counting(const counting&) = delete;
  counting& operator=(const counting&) = delete;
};

/** Steps for so many outages of one line, each with a moment of unknown before its end. */
std::uint64_t cost_of(int outages) {
  const counting all_steps;
  store s({}, store::mode::scratch);
  sql_tables rows(s);
  projections fold(rows);
  steps = 0;
  std::int64_t seq = 0;
  for (int i = 0; i < outages; ++i) {
    fold.apply(++seq, down("L1", 10 * i, 10 * i - 1));
    fold.apply(++seq, unknown("L1", 10 * i + 2));
    fold.apply(++seq, up_again("L1", 10 * i + 4, 10 * i + 1));
  }
  return steps;
}

TEST(FoldCost, TheEndOfAnOutageCostsTheSameHoweverMuchWasUnknownBefore) {
  const std::uint64_t some = cost_of(500);
  ASSERT_GT(some, 500u);
  EXPECT_LE(cost_of(2000), 5 * some);
}

/** Where outages ended, after entries that are folded in one go or with the fold taken up anew before each `pause`th.
 */
std::string ends(const std::vector<entry>& entries, std::size_t pause) {
  store s({}, store::mode::scratch);
  sql_tables rows(s);
  projections fold(rows);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (pause > 0 && i % pause == 0) fold.load();
    fold.apply(static_cast<std::int64_t>(i + 1), entries[i]);
  }
  target_rows found;
  rows.read(1, {wall_min, wall_max}, found);
  std::string text;
  for (const availability::outage& o : found.outages)
    text += fmt::format("{}-{} ", ms_of(o.began) - ms_of(at(0)), ms_of(o.ended) - ms_of(at(0)));
  return text;
}

/** Three outages: unknown reached to the first one's beginning; then come gaps that are told later than what they lie
 * over, within the first outage and from before the last one. */
TEST(FoldCost, AnOutageEndsAtTheSameInstantThoughTheFoldWasTakenUpAnewInIt) {
  const std::vector<entry> entries{up("L1", 1),         unknown("L1", 2),    down("L1", 3, 1),
                                   unknown("L1", 5),    still_down("L1", 6), stopped_watching(7, 8),
                                   unknown("L1", 8),    stopped_watching(6), up("L1", 9),
                                   down("L1", 10, 9),   up("L1", 11),        down("L1", 12, 11),
                                   stopped_watching(4), up("L1", 14)};
  const std::string at_once = ends(entries, 0);
  EXPECT_EQ(at_once, "3000-5000 10000-11000 12000-12000 ");
  for (const std::size_t pause : {1u, 2u, 3u, 4u, 5u, 7u}) EXPECT_EQ(ends(entries, pause), at_once) << pause;
}

}  // namespace
}  // namespace changtong::ledger
