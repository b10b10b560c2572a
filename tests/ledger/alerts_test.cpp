// Alerts, acknowledgements and tickets in the ledger: format 5, which has tables for them, and their order.
#include <gmock/gmock.h>

#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::ElementsAre;
using testing::HasSubstr;

alert_record step(std::string id, alert_step what, double s, std::string targets = {}) {
  alert_record r;
  r.at = at(s);
  r.alert = std::move(id);
  r.step = what;
  r.began = at(50);
  r.targets = std::move(targets);
  return r;
}
acknowledgement taken(std::string alert, double s) {
  return {at(s), std::move(alert), "", at(50), "王工", "已派人", "api: 王工@192.0.2.7"};
}
ticket_record ticket(std::string number, ticket_step what, double s) {
  ticket_record t;
  t.at = at(s);
  t.number = std::move(number);
  t.step = what;
  t.carrier = "移动";
  t.targets = "L1 L2";
  t.began = at(50);
  t.author = "automatic";
  return t;
}

std::vector<record> life_of_a_line() {
  return {line("L1", 0), up("L1", 0), down("L1", 50, 49), up_again("L1", 60, 59)};
}

/** A ledger as 0.4.0 left it: everything but alerts, acknowledgements and tickets. */
void make_format_4(const folder& f) {
  store s(f.ledger(), store::mode::write);
  s.execute(
      "DROP TABLE alerts; DROP TABLE acknowledgements; DROP TABLE tickets; DROP TABLE traces; DROP TABLE traps; DROP "
      "TABLE samples; PRAGMA user_version=4");
}

std::int64_t count(const folder& f, const char* what) {
  return store(f.ledger(), store::mode::write).number(fmt::format("SELECT count(*) FROM {}", what).c_str());
}

TEST(Format, ALedgerOfTheFourthFormatIsReadAsItIsAndUpgradedWithoutLoss) {
  const folder f;
  {
    const auto w = opened(f);
    commit(*w, 86'400 + 3700, life_of_a_line());
    commit(*w, 86'400 + 3701, {annotation{at(70), "L1", at(55), "王工", "雷击"}});
    ASSERT_TRUE(w->stop(at(86'400 + 3701)));
  }
  const auto before = measured(f, "L1", 0, 1000);
  const std::int64_t entries = count(f, "journal"), seals = count(f, "seals");
  ASSERT_GT(seals, 0);
  make_format_4(f);
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok) << "and verified as what it is";
  EXPECT_EQ(measured(f, "L1", 0, 1000).down, before.down) << "read as it is";
  EXPECT_TRUE(reading(f)->declared<alert_record>().empty());
  {
    const auto w = opened(f);
    EXPECT_FALSE(w->restore().crashed);
    commit(*w, 86'400 + 3800, {step("A20260315-0001", alert_step::opened, 86'400 + 3800, "L1")});
  }
  EXPECT_EQ(count(f, "journal"), entries + 1);
  EXPECT_EQ(count(f, "seals"), seals);
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
  EXPECT_EQ(measured(f, "L1", 0, 1000).down, before.down);
  EXPECT_EQ(reading(f)->annotations("L1", {at(0), at(100)}).size(), 1u);
  EXPECT_EQ(reading(f)->declared<alert_record>().size(), 1u);
}

TEST(Format, ALedgerOfTheFifthFormatTakesTraps) {
  const folder f;
  commit(*opened(f), 100, life_of_a_line());
  store(f.ledger(), store::mode::write)
      .execute("DROP TABLE traces; DROP TABLE traps; DROP TABLE samples; PRAGMA user_version=5");
  EXPECT_TRUE(reading(f)->declared<trap_record>().empty()) << "read as it is";
  trap_record t;
  t.at = at(121), t.about = at(120), t.target = "L1", t.trap = "1.3.6.1.6.3.1.1.5.3", t.what = trap_class::link;
  t.via = "v2c inform", t.more = 7, t.last = at(121), t.uptime_s = "0", t.text = "ifIndex=3";
  trap_record bare = t;
  bare.more = 0, bare.last = {}, bare.uptime_s = bare.text = "", bare.about = at(90);
  commit(*opened(f), 200, {t, bare});
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
  EXPECT_THAT(reading(f)->declared<trap_record>(), ElementsAre(bare, t)) << "by their instants";
  EXPECT_THAT(reading(f)->declared<trap_record>({.keys = {}, .about = {at(100), at(121)}}, "L1"), ElementsAre(t));
  EXPECT_TRUE(reading(f)->declared<trap_record>({}, "L2").empty());
}

TEST(Format, ALedgerOfTheSixthFormatTakesSamples) {
  const folder f;
  commit(*opened(f), 100, life_of_a_line());
  store(f.ledger(), store::mode::write).execute("DROP TABLE samples; PRAGMA user_version=6");
  EXPECT_TRUE(reading(f)->declared<samples_record>().empty()) << "read as it is";
  samples_record r;
  r.at = at(700), r.target = "L1", r.about = at(50), r.part = samples_part::beginning, r.from = at(1), r.to = at(650);
  r.left = 3, r.packed = "L1/icmp 1773417601000 bad:timeout AAoBB";
  samples_record bare = r;
  bare.left = 0, bare.packed = "", bare.about = at(40);
  commit(*opened(f), 800, {r, bare});
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
  EXPECT_THAT(reading(f)->declared<samples_record>(), ElementsAre(bare, r)) << "by the beginnings of their outages";
  EXPECT_THAT(reading(f)->declared<samples_record>({.keys = {}, .about = {at(50), at(51)}}, "L1"), ElementsAre(r));
  EXPECT_TRUE(reading(f)->declared<samples_record>({}, "L2").empty());
}

TEST(Format, ANewerFormatIsRefusedWithASentence) {
  const folder f;
  commit(*opened(f), 10, {});
  {
    store s(f.ledger(), store::mode::write);
    EXPECT_EQ(s.number("PRAGMA user_version"), 7) << "its check compares this number with its own";
    s.execute("PRAGMA user_version=8");
  }
  const auto w = writer::open(f.ledger());
  ASSERT_FALSE(w);
  EXPECT_THAT(w.error().text_en, HasSubstr("newer than this program's (7): upgrade the program"));
}

TEST(Format, AMarkSetBackOverAlertsIsFound) {
  const folder f;
  {
    const auto w = opened(f);
    commit(*w, 100, life_of_a_line());
    commit(*w, 101, {step("A20260314-0001", alert_step::opened, 101, "L1")});
  }
  store(f.ledger(), store::mode::write).execute("PRAGMA user_version=4");
  const proof p = *prove(f.ledger(), {}, {});
  EXPECT_FALSE(p.ok);
  EXPECT_THAT(p.text, HasSubstr("says that it is of format 4, but its journal has 1 entries of format 5 (alerts)"));
}

TEST(Alerts, AreReadWithAllTheirFieldsAndInTheOrderOfTheJournal) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 100, life_of_a_line());
  alert_record told = step("A20260314-0002", alert_step::told, 102);
  told.of = "opened", told.person = "王工、李工", told.channel = "wecom", told.answer = "引号\"反斜杠\\";
  ticket_record reply = ticket("T20260314-0001", ticket_step::reply, 105);
  reply.theirs = "CM-88", reply.cause = fault_cause::fibre, reply.text = "已派单", reply.via = "api: 王工@192.0.2.7";
  ticket_record reported = ticket("T20260314-0001", ticket_step::reported, 104);
  reported.deadline = at(1850), reported.alert = "A20260314-0001";
  const std::vector<record> all{step("A20260314-0002", alert_step::opened, 101, "L2"),
                                step("A20260314-0001", alert_step::opened, 101, "L1"),
                                told,
                                taken("A20260314-0002", 103),
                                reported,
                                step("A20260314-0001", alert_step::resolved, 105, "L1"),
                                reply};
  commit(*w, 110, all);
  const auto told_of = [&](std::string_view since) {
    std::vector<record> seen;
    reading(f)->alert_journal(since, [&](record&& r) { seen.push_back(std::move(r)); });
    return seen;
  };
  EXPECT_EQ(told_of({}), all);
  EXPECT_EQ(told_of("2026-03-14"), all);
  EXPECT_EQ(told_of("2026-03-15"), std::vector<record>{});
  commit(*w, 86'500, {step("A20260315-0001", alert_step::opened, 86'450, "L1"), taken("A20260315-0001", 86'460)});
  EXPECT_EQ(told_of("2026-03-15").size(), 2u);
  EXPECT_EQ(told_of({}).size(), all.size() + 2);
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
  const auto one = reading(f)->declared<alert_record>({.keys = only("A20260314-0002")});
  EXPECT_THAT(one, ElementsAre(std::get<alert_record>(all[0]), told));
}

TEST(Alerts, AChangedRowIsFoundByItsTable) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 100, life_of_a_line());
  commit(*w, 110, {ticket("T20260314-0001", ticket_step::reported, 104)});
  store(f.ledger(), store::mode::write).execute("UPDATE tickets SET theirs = 'CM-1'");
  const proof p = *prove(f.ledger(), {}, {});
  EXPECT_FALSE(p.ok);
  EXPECT_THAT(p.text, HasSubstr("a row of tickets was changed (theirs)"));
}

}  // namespace
}  // namespace changtong::ledger
