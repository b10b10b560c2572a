// Figures with month sheets are those of the books without them, whatever is written late, and however late.
#include "daemon/centre/sheets.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "daemon/centre/figures.h"
#include "daemon/centre/folded_proof.h"
#include "daemon/centre/one_state.h"
#include "daemon/centre/schema.h"
#include "daemon/centre/standing_rows.h"
#include "tests/centre/folded.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"
#include "tests/ledger/any_daemon.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using namespace ledger::desk;
using centre::folder;
using testing::IsEmpty;

const civil_zone shanghai = civil_zone::named("Asia/Shanghai").value();

/** Months of a few seconds, which end as soon as they are known: everything reaches into one. */
std::vector<period> short_months(wall_t known_to, std::int64_t length) {
  std::vector<period> all;
  for (std::int64_t from = midnight_ms - 4 * length; from + length <= ms_of(known_to); from += length)
    all.push_back({wall_from_ms(from), wall_from_ms(from + length)});
  return all;
}

/** How long months are in seconds that a test has, which may change between nodes. */
struct lengths {
  std::int64_t month = 0, day = 0;
  std::int64_t behind = 0; /**< of what is known the day that goes on is summed */
};

/** As days_behind() has them. */
std::vector<period> short_days(const std::vector<period>& months, wall_t known_to, const lengths& of) {
  const wall_t end = known_to - milliseconds{of.behind};
  std::vector<period> all;
  for (wall_t from = months.empty() ? at(-60) : months.back().from; from < end; from += milliseconds{of.day})
    all.push_back({from, std::min(end, from + milliseconds{of.day})});
  return all;
}

folder::bounds of_months(const lengths& of) {
  folder::bounds b;
  b.sheets.months = [&of](const civil_zone&, wall_t known_to) { return short_months(known_to, of.month); };
  b.sheets.days = [&of](const civil_zone&, const std::vector<period>& months, wall_t known_to) {
    return short_days(months, known_to, of);
  };
  b.sheets.at_once = 20;
  b.sheets.looked_every = milliseconds{4'000};  // some entries come before it is looked at again
  b.sheets.day_grows_every = milliseconds{1'000};
  return b;
}

std::string text_of(const std::vector<figure_row>& rows) {
  std::string out;
  for (const figure_row& row : rows) {
    for (const auto& [member, value] : row.of) out += fmt::format("{}={} ", member, value);
    const availability::seconds& s = row.what.sums;
    out += fmt::format("up {} down {} excluded {} unknown {} [{} {} {}] outages {} unconfirmed {} scope {} {}\n",
                       s.up.count(), s.down.count(), s.excluded.count(), s.unknown.count(), s.down_min.count(),
                       s.down_mid.count(), s.down_max.count(), s.outages, s.unconfirmed, ms_of(s.scope->from),
                       ms_of(s.scope->to));
  }
  return out;
}

/** What a centre says of its node. */
struct asked {
  explicit asked(const centre_of_one& c) : db(database::open(c.where).value()), head(c.head()) {
    EXPECT_TRUE(ask_by_index(*db));
  }
  [[nodiscard]] std::vector<period> sheets(bool of_days = false) const {
    std::vector<period> all;
    for (const ready_sheet& s : ready_sheets(*db, {head.number, head.branch}))
      if (s.day == of_days) all.push_back(s.when);
    return all;
  }
  [[nodiscard]] std::optional<standing_now> standing() const {
    return standing_up_to(*db, {head.number, head.branch}, head.folded, wall_max);
  }
  [[nodiscard]] std::string figures(std::string_view by, period when, wall_t now, bool with_sheets) const {
    const one_state held(*db);
    const std::vector<asked_node> nodes{{.head = head, .province = "某省", .city = "某市", .district = "东城"}};
    return text_of(centre::figures(
        *db, nodes,
        {.when = when, .now = now, .zone = shanghai, .by = groupings_named(by).value(), .sheets = with_sheets}));
  }

  std::unique_ptr<database> db;
  folded_head head;
};

/** A daemon whose people are late with everything. */
struct late_people {
  any_daemon daemon;
  int seldom = *rc::gen::element(16, 60, 1'000);  ///< what they say hides what a transition alone reaches into

  wall_t some_time() const {
    return wall_from_ms(midnight_ms - 5'000 + *rc::gen::inRange<std::int64_t>(0, daemon.now - midnight_ms + 12'000));
  }
  inventory_version some_version(const std::string& id) const {
    json_object o;
    o.add("id", id).add("category", *rc::gen::element<std::string>("village", "office"));
    o.add("town", *rc::gen::element<std::string>("", "城南镇", "城北镇"));
    o.add("carrier", *rc::gen::element<std::string>("", "电信", "移动"));
    if (*rc::gen::inRange(0, 8) == 0) o.add("kind", *rc::gen::element<std::string>("site", "anchor"));
    if (*rc::gen::arbitrary<bool>()) o.add("accepted", ms_of(some_time()));
    if (*rc::gen::inRange(0, 4) == 0) o.add("closed", ms_of(some_time()));
    const bool gone = *rc::gen::inRange(0, 8) == 0;
    return {*rc::gen::arbitrary<bool>() ? some_time() : wall_from_ms(daemon.now), id, gone ? "" : o.text(), "test"};
  }
  std::map<std::string, wall_t, std::less<>> edges;  ///< by line, of the last one: the next is seen after it

  record next() {
    const std::string id = "L" + std::to_string(*rc::gen::inRange(0, 4));
    const wall_t from = some_time(), to = from + milliseconds{*rc::gen::inRange(1, 20'000)};
    switch (*rc::gen::inRange(0, seldom)) {
      case 0:
        return gap{from, to, cause::clock_step, "late"};
      case 1:
        return unconfirmed_run{id, id + "/icmp", from, to, 1, cause::timeout};
      case 2:
        return window_record{*rc::gen::arbitrary<bool>() ? some_time() : wall_from_ms(daemon.now),
                             *rc::gen::element<std::string>("W1", "W2", "W3"),
                             *rc::gen::arbitrary<bool>() ? id : std::string(every_target),
                             from,
                             to,
                             *rc::gen::element(window_state::approved, window_state::revised, window_state::cancelled),
                             "王工",
                             ""};
      case 3: {
        period_closed closed;
        closed.at = wall_from_ms(daemon.now), closed.when = {from, to}, closed.version = daemon.now;
        return closed;
      }
      case 4:
        return policy_version{wall_from_ms(daemon.now),
                              "Asia/Shanghai",
                              *rc::gen::element<std::string>(R"({"windows":{"late_approval":"allow"}})", "{}"),
                              {}};
      case 5:
      case 6:
        return some_version(id);
      default: {
        record one = daemon.next();
        auto* t = std::get_if<transition>(&one);  // a slow check knows its edges by seconds, and no two by one
        if (t == nullptr) return one;
        wall_t& before = edges.try_emplace(t->target, wall_min).first->second;
        if (t->edge.after != wall_min)
          t->edge.after = std::max(before, t->edge.after - milliseconds{*rc::gen::inRange(0, 15'000)});
        before = std::max(before, t->edge.until);
        return one;
      }
    }
  }
};

RC_GTEST_PROP(Sheets, FiguresWithThemAreThoseOfTheBooks, ()) {
  static const database_place where = server().empty();
  static int nodes = 0;
  static lengths of;
  static const auto f = a_folder(where, of_months(of));
  centre_of_one centre(where, fmt::format("节点{}", ++nodes));
  of = {.month = *rc::gen::inRange<std::int64_t>(3'000, 20'000),
        .day = *rc::gen::inRange<std::int64_t>(700, 3'000),
        .behind = *rc::gen::element<std::int64_t>(0, 500, 4'000)};
  late_people people;
  told_records journal;
  journal.write({started{at(0), "0.9.0", "", *rc::gen::element(1, 3), "node"}}, people.daemon.now);
  for (const std::string id : {"L0", "L1", "L2", "L3"}) journal.write({people.some_version(id)}, people.daemon.now);
  std::size_t used = 0, went_on = 0;
  const auto pieces = *rc::gen::inRange(2, 8);
  for (int piece = 0; piece < pieces; ++piece) {
    const auto more = *rc::gen::inRange(1, 12);
    for (int i = 0; i < more; ++i) journal.write({people.next()}, people.daemon.now);
    centre.take(journal.rest());
    fold_all(*f);
    const asked ask(centre);
    const std::vector<period> sheets = ask.sheets();
    used += sheets.size() + ask.sheets(true).size();
    if (const auto standing = ask.standing())
      for (const auto& one : standing->steady) went_on += static_cast<std::size_t>(one.lines);
    for (int question = 0; question < 3; ++question) {
      const auto by =
          *rc::gen::element<std::string>("node", "category", "town", "carrier", "category,town", "category,carrier",
                                         "town,carrier", "district,day", "category,month", "line");
      const period when =
          *rc::gen::arbitrary<bool>() ? period{at(-3'600), at(3'600)} : period{people.some_time(), people.some_time()};
      const wall_t now = ask.head.folded_to + milliseconds{*rc::gen::inRange(0, 9'000)};
      const std::string books = ask.figures(by, when, now, false), with = ask.figures(by, when, now, true);
      if (with != books) RC_LOG() << by << "\nbooks\n" << books << "with sheets\n" << with;
      RC_ASSERT(with == books);
    }
    const auto proof = verify_folded(*ask.db, ask.head, [](std::int64_t, std::int64_t) { return true; }).value();
    if (proof.differences > 0) RC_LOG() << proof.first.front().en;
    RC_ASSERT(proof.differences == 0);
  }
  RC_CLASSIFY(used > 0, "with sheets");
  RC_CLASSIFY(went_on > 0, "with lines that go on as they did");
}

struct MonthSheets : testing::Test {
  centre_of_one centre{server().empty()};
  told_records journal;
  static constexpr double day = 86'400;

  /** A line since January, an outage over the end of February, and the clock in the middle of March. */
  MonthSheets() {
    journal.write({started{at(-60 * day), "0.9.0", "", 3, "东城区"}, line("L1", -60 * day), up("L1", -60 * day)}, 0);
    journal.write({down("L1", -13.5 * day, -13.5 * day - 5), up_again("L1", -12.5 * day, -12.5 * day - 5)},
                  midnight_ms);
    centre.take(journal.rest());
  }
  void fold() { fold_all(*a_folder(centre.where)); }
  [[nodiscard]] std::vector<std::string> sheets() const {
    std::vector<std::string> out;
    for (const period& p : asked(centre).sheets()) out.push_back(shanghai.key(p.from, civil_zone::unit::month));
    return out;
  }
};

TEST_F(MonthSheets, AreOfTheThreeYearsBehindAndAnOutageOverTheirEdgeCountsOnce) {
  fold();
  const auto all = sheets();
  ASSERT_EQ(all.size(), 36U);
  EXPECT_EQ(all.front(), "2023-03");
  EXPECT_EQ(all.back(), "2026-02");
  const asked ask(centre);
  const period year = shanghai.parse("2026").value();
  for (const std::string by : {"node", "category", "month"})
    EXPECT_EQ(ask.figures(by, year, at(1), true), ask.figures(by, year, at(1), false));
  EXPECT_THAT(ask.figures("node", year, at(1), true), testing::HasSubstr(" outages 1 "));
}

TEST_F(MonthSheets, OfAYearThatIsOverNoLineIsReadAnyMore) {
  fold();
  const asked ask(centre);
  const period year = shanghai.parse("2025").value();
  const std::string books = ask.figures("category", year, at(1), false);
  ASSERT_TRUE(ask.db->ask("DROP TABLE unknowns"));
  EXPECT_EQ(ask.figures("category", year, at(1), true), books);
}

TEST_F(MonthSheets, WhatReachesIntoAMonthTakesItAndThoseAfterItAway) {
  const auto f = a_folder(centre.where);
  fold_all(*f);
  const auto db = database::open(centre.where).value();
  const auto versions = [&] {
    return db->ask("SELECT began, xmin FROM sheets WHERE NOT day ORDER BY began").value()[0];
  };
  const auto after = [&](record r) -> std::string {
    const auto before = versions();
    journal.write({std::move(r)}, midnight_ms);
    centre.take(journal.rest());
    fold_all(*f);
    const auto now = versions();
    EXPECT_EQ(now.size(), 36U) << "they are made anew";
    const auto kept = std::ranges::mismatch(before, now).in1;
    return kept == before.begin()
               ? ""
               : shanghai.key(wall_from_ms(whole_in((*std::prev(kept))[0])), civil_zone::unit::month);
  };
  EXPECT_EQ(after(annotation{at(0), "L1", at(-13 * day), "雷击", "李工"}), "2026-02") << "no figure rests on it";
  EXPECT_EQ(after(window("W1", "L1", -50 * day, -20 * day, -19 * day, "approved")), "2026-01");
  EXPECT_EQ(after(window("W1", "L1", 0, 10 * day, 11 * day, "revised")), "2026-01") << "of the same window";
  EXPECT_EQ(after(stopped_watching(-45 * day, -44 * day)), "2025-12");
  EXPECT_EQ(after(line("L1", -60 * day, R"("grade":"A")")), "2026-02") << "words of now";
  EXPECT_EQ(after(line("L1", -40 * day)), "2025-12") << "it counts from later on";
  EXPECT_EQ(after(policy_version{at(0), "Asia/Shanghai", "{}", {}}), "");
}

TEST_F(MonthSheets, OfTheMonthThatGoesOnAreMadeByDays) {
  fold();
  const auto days = asked(centre).sheets(true);
  ASSERT_EQ(days.size(), 28U + 13) << "of the last month that is over, too";
  EXPECT_EQ(days.front().from, shanghai.parse("2026-02").value().from);
  EXPECT_EQ(days.back(), (period{at(-day), at(-600)})) << "of the day that goes on, up to ten minutes ago";
  const asked ask(centre);
  const period march = shanghai.parse("2026-03").value();
  for (const std::string by : {"node", "category", "day", "category,day"})
    EXPECT_EQ(ask.figures(by, march, at(30), true), ask.figures(by, march, at(30), false));
}

TEST_F(MonthSheets, OfTheMonthThatGoesOnOnlyLinesAreReadOfWhichSomethingWasSaid) {
  const auto f = a_folder(centre.where);
  journal.write({line("L2", -60 * day), up("L2", -60 * day)}, midnight_ms);
  centre.take(journal.rest());
  fold_all(*f);
  const period march = shanghai.parse("2026-03").value();
  {
    const asked ask(centre);
    ASSERT_TRUE(ask.standing());
    EXPECT_THAT(ask.standing()->read, IsEmpty());
    const std::string books = ask.figures("category", march, at(30), false);
    ASSERT_TRUE(ask.db->ask("ALTER TABLE unknowns RENAME TO away"));
    EXPECT_EQ(ask.figures("category", march, at(30), true), books) << "no line is read";
    ASSERT_TRUE(ask.db->ask("ALTER TABLE away RENAME TO unknowns"));
  }
  journal.write({down("L2", 40, 35)}, midnight_ms + 60'000);
  centre.take(journal.rest());
  fold_all(*f);
  const asked ask(centre);
  ASSERT_TRUE(ask.standing());
  EXPECT_THAT(ask.standing()->read, testing::ElementsAre(2));
  EXPECT_EQ(ask.figures("category", march, at(90), true), ask.figures("category", march, at(90), false));
}

TEST_F(MonthSheets, WhatIsSaidOfAllLinesEndsHowTheyGoOnUntilItIsLookedAtAgain) {
  const auto f = a_folder(centre.where);
  fold_all(*f);
  const auto after = [&](record r, std::int64_t later) {
    journal.write({std::move(r)}, midnight_ms + later);
    centre.take(journal.rest());
    fold_all(*f);
    const asked ask(centre);
    const period march = shanghai.parse("2026-03").value();
    EXPECT_EQ(ask.figures("category", march, at(9'000), true), ask.figures("category", march, at(9'000), false));
    return ask.standing().has_value();
  };
  EXPECT_TRUE(after(annotation{at(0), "L1", at(-13 * day), "雷击", "李工"}, 1'000));
  EXPECT_FALSE(after(stopped_watching(1, 2), 2'000));
  EXPECT_TRUE(after(annotation{at(0), "L1", at(-13 * day), "雷击", "李工"}, 200'000)) << "two minutes later";
  EXPECT_FALSE(after(line("L1", -60 * day, R"("grade":"A")"), 201'000)) << "it may count under other words";
  EXPECT_FALSE(after(window("W1", "*", 0, 10, 20, "approved"), 202'000));
}

TEST_F(MonthSheets, OneThatIsTakenAwayWhileItIsMadeIsNotKept) {
  fold();
  const auto db = database::open(centre.where).value();
  const folded_head h = centre.head();
  const branch_of_node of{h.number, h.branch};
  const period february = shanghai.parse("2026-02").value();
  EXPECT_TRUE(drop_sheets(*db, of, february.from));
  begin_sheets(*db, of, {{february}});
  EXPECT_EQ(sheets().back(), "2026-01") << "it is not ready";
  EXPECT_TRUE(drop_sheets(*db, of, february.from));
  finish_sheets(*db, of, {{.when = february, .cells = {}}});
  EXPECT_EQ(sheets().back(), "2026-01");
}

TEST_F(MonthSheets, WhileTheyAreMadeTheOthersAreFolded) {
  for (int i = 0; i < 100; ++i) journal.write({line(fmt::format("M{}", i), -60 * day)}, midnight_ms);
  centre.take(journal.rest());
  centre_of_one other(centre.where, "西城区");
  told_records late;
  late.write({started{at(0), "0.9.0", "", 3, "西城区"}, up("L1", 1)}, midnight_ms + 5'000);
  folder::bounds within;
  within.sheets.folds_every = milliseconds{0};
  within.sheets.at_once = 12;
  within.sheets.days = [](const civil_zone&, const std::vector<period>&, wall_t) { return std::vector<period>{}; };
  within.sheets.months = [&](const civil_zone& zone, wall_t known_to) {
    if (late.had == 0) other.take(late.rest());  // the folder has just looked, and begins to make sheets
    return months_behind(zone, known_to);
  };
  const auto f = a_folder(centre.where, within);
  ASSERT_TRUE(f->round({}));
  EXPECT_EQ(sheets().size(), 12U);
  EXPECT_EQ(other.head().folded, 2);
}

TEST_F(MonthSheets, OfAnotherVersionsTablesNoneStays) {
  fold();
  const auto db = database::open(centre.where).value();
  ASSERT_TRUE(db->ask("UPDATE folded SET version = 77"));
  const auto f = a_folder(centre.where);
  ASSERT_TRUE(f->round({}));
  EXPECT_THAT(sheets(), IsEmpty());
  fold_all(*f);
  EXPECT_EQ(sheets().size(), 36U);
}

}  // namespace
}  // namespace changtong::centre
