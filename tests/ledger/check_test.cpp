// Tampering is found where it happened; the projections are what the journal says, however it came about.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "daemon/ledger/schema.h"
#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/any_daemon.h"

namespace changtong::ledger {
namespace {

using namespace desk;

struct Verify : testing::Test {
  folder f;

  void SetUp() override {
    const auto w = opened(f);
    commit(*w, 10, {started{at(0), "0.1.0", ""}, line("L1", 0), up("L1", 1)});
    commit(*w, 100, {down("L1", 50, 49), up_again("L1", 60, 59)});
  }
  /** What somebody with a database tool would do. */
  void tamper(const char* sql) const {
    store s(f.ledger(), store::mode::write);
    s.execute("DROP TRIGGER journal_is_append_only_update; DROP TRIGGER journal_is_append_only_delete");
    s.execute(sql);
  }
  [[nodiscard]] proof seen() const { return prove(f.ledger(), {}, {}).value(); }
};

TEST_F(Verify, UntouchedJournalIsWhole) {
  const proof v = seen();
  EXPECT_TRUE(v.ok);
  EXPECT_EQ(v.entries, 5);
  EXPECT_EQ(v.first_bad, 0);
}

TEST_F(Verify, JournalCannotBeChangedByAccident) {
  store s(f.ledger(), store::mode::write);
  EXPECT_THROW(s.execute("UPDATE journal SET at = at + 1"), std::exception);
  EXPECT_THROW(s.execute("DELETE FROM journal WHERE seq = 5"), std::exception);
}

TEST_F(Verify, ChangedByteIsFoundInItsEntry) {
  tamper("UPDATE journal SET body = replace(body, 'L1/icmp', 'L1/icmq') WHERE seq = 4");
  const proof v = seen();
  EXPECT_FALSE(v.ok);
  EXPECT_EQ(v.first_bad, 4);
}

TEST_F(Verify, ChangedLabelIsFound) {
  tamper("UPDATE journal SET at = at + 1 WHERE seq = 1");
  EXPECT_EQ(seen().first_bad, 1);
}

TEST_F(Verify, ChangedHashIsFound) {
  tamper("UPDATE journal SET hash = zeroblob(32) WHERE seq = 2");
  EXPECT_EQ(seen().first_bad, 2);
}

TEST_F(Verify, DeletedEntryIsFound) {
  tamper("DELETE FROM journal WHERE seq = 3");
  const proof v = seen();
  EXPECT_EQ(v.first_bad, 3);
  EXPECT_THAT(v.text, testing::HasSubstr("entry 3 is missing"));
}

TEST_F(Verify, CutTailIsFound) {
  tamper("DELETE FROM journal WHERE seq = 5");
  const proof v = seen();
  EXPECT_FALSE(v.ok);
  EXPECT_EQ(v.first_bad, 5);
}

TEST_F(Verify, SwappedEntriesAreFound) {
  tamper(
      "UPDATE journal SET seq = -4 WHERE seq = 4; UPDATE journal SET seq = 4 WHERE seq = 5; UPDATE journal SET seq = 5 "
      "WHERE seq = -4");
  EXPECT_EQ(seen().first_bad, 4);
}

TEST_F(Verify, InsertedEntryIsFound) {
  tamper("INSERT INTO journal SELECT 6, at, kind, body, hash, hash FROM journal WHERE seq = 5");
  EXPECT_EQ(seen().first_bad, 6);
}

TEST_F(Verify, DamagedPageIsToldNotThrown) {
  {
    opened(f)->stop(at(101)).value();
  }
  const auto size = std::filesystem::file_size(f.ledger());
  {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(f.ledger().c_str(), "r+b"), &std::fclose);
    const std::string junk(size - 4096, '\xff');
    std::fseek(file.get(), 4096, SEEK_SET);
    std::fwrite(junk.data(), 1, junk.size(), file.get());
  }
  const auto v = prove(f.ledger(), {}, {});
  EXPECT_FALSE(v && v->ok);
}

TEST_F(Verify, CanBeStopped) {
  const auto v = prove(f.ledger(), {}, [](std::int64_t, std::int64_t) { return false; });
  ASSERT_TRUE(v);
  EXPECT_FALSE(v->ok);
}

// ---- rebuild -------------------------------------------------------------------------------------------------------

std::string dump(const std::string& path) {
  store s(path, store::mode::read);
  std::string all;
  for (const kept_table& t : kept_tables()) {
    const std::string name(t.name);
    all += "== " + name + '\n';
    const std::string columns = [&] {
      std::string list;
      statement& c = s.prepared("SELECT name FROM pragma_table_info(?)");
      for (c.rows(name); c.step();) list += (list.empty() ? "quote(" : ")||'|'||quote(") + std::string(c.text(0));
      c.reset();
      return list + ")";
    }();
    const std::string sql = "SELECT " + columns + " FROM " + name + " ORDER BY 1";
    statement& row = s.prepared(sql.c_str());
    for (row.rows(); row.step();) all += std::string(row.text(0)) + '\n';
    s.forget_statements();
  }
  return all;
}

RC_GTEST_PROP(Rebuild, EqualsTheLiveProjections, ()) {
  const folder f;
  any_daemon daemon;
  auto w = opened(f);
  for (int i = 0, n = *rc::gen::inRange(1, 12); i < n; ++i) {
    ledger_batch b;
    for (int k = 0, m = *rc::gen::inRange(0, 12); k < m; ++k) b.records.push_back(daemon.next());
    b.heartbeat = wall_from_ms(daemon.now);
    const auto done = w->commit(b);
    RC_ASSERT(done.has_value());
    if (*rc::gen::inRange(0, 6) > 0) continue;
    if (*rc::gen::arbitrary<bool>()) RC_ASSERT(w->stop(wall_from_ms(daemon.now)).has_value());
    w.reset();
    w = opened(f);
  }
  w.reset();
  const std::string live = dump(f.ledger());
  RC_ASSERT(rebuild(f.ledger(), {}).has_value());
  RC_ASSERT(dump(f.ledger()) == live);
  RC_ASSERT(prove(f.ledger(), {}, {})->ok);
}

/** Packing moves resumptions to a later place in the journal; the books must not notice. */
RC_GTEST_PROP(Rebuild, BooksDoNotDependOnHowRecordsWereBatched, ()) {
  const folder one, many;
  any_daemon daemon;
  ledger_batch all{at(0), {line("L0", -1e6), line("L1", -1e6), line("L2", -1e6), line("L3", -1e6)}, {}};
  for (int k = 0, m = *rc::gen::inRange(0, 40); k < m; ++k)
    if (const record r = daemon.next(); !std::holds_alternative<inventory_version>(r)) all.records.push_back(r);
  all.heartbeat = wall_from_ms(daemon.now);
  RC_ASSERT(opened(one)->commit(all).has_value());
  const auto w = opened(many);
  for (const record& r : all.records) RC_ASSERT(w->commit({wall_t{}, {r}, {}}).has_value());
  RC_ASSERT(w->commit({all.heartbeat, {}, {}}).has_value());
  milliseconds down{0};
  const auto sums = [&](const folder& f) {
    std::string text;
    const period p{at(-5), all.heartbeat};
    reading(f)->histories(p, all.heartbeat, {}, [&](const known_target& t, const auto& h) {
      const auto s = availability::measure(h, p);
      down += s.down;
      text += fmt::format("{} {} {} {} {} {} {} {} {} {}\n", t.id, s.up.count(), s.down.count(), s.excluded.count(),
                          s.down_min.count(), s.down_mid.count(), s.down_max.count(), s.unknown.count(), s.outages,
                          s.unconfirmed);
    });
    return text;
  };
  RC_ASSERT(sums(one) == sums(many));
  RC_CLASSIFY(down.count() > 0, "with down time");
}

TEST(Rebuild, RefusesWhileADaemonWrites) {
  const folder f;
  const auto w = opened(f);
  EXPECT_FALSE(rebuild(f.ledger(), {}));
}

TEST(Rebuild, StoppedHalfWayLeavesTheProjectionsAsTheyWere) {
  const folder f;
  {
    commit(*opened(f), 10, {line("L1", 0), up("L1", 1), down("L1", 5, 4)});
  }
  const std::string before = dump(f.ledger());
  EXPECT_FALSE(rebuild(f.ledger(), [](std::int64_t, std::int64_t) { return false; }));
  EXPECT_EQ(dump(f.ledger()), before);
}

TEST(Rebuild, MendsProjectionsThatSomebodyChanged) {
  const folder f;
  {
    commit(*opened(f), 10, {line("L1", 0), up("L1", 1), down("L1", 5, 4)});
  }
  const std::string before = dump(f.ledger());
  {
    store s(f.ledger(), store::mode::write);
    s.execute("DELETE FROM outages; UPDATE states SET state = 'up'");
  }
  EXPECT_EQ(rebuild(f.ledger(), {}).value(), 3);
  EXPECT_EQ(dump(f.ledger()), before);
}

}  // namespace
}  // namespace changtong::ledger
