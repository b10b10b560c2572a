// Packs from ledgers of any kind, and exports that cannot be.
#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <sqlite3.h>

#include "daemon/host/digest.h"
#include "tests/audit/pack_room.h"
#include "tests/ledger/any_daemon.h"

namespace changtong::audit {
namespace {

using namespace room;
using testing::HasSubstr;

std::vector<std::string> files_in(const std::filesystem::path& p) {
  std::vector<std::string> all;
  for (const auto& e : std::filesystem::directory_iterator(p)) all.push_back(e.path().filename());
  return all;
}

struct Export : testing::Test {
  desk::folder f;
  void SetUp() override { fill(f); }
  [[nodiscard]] std::string refused(const export_request& r, const progress_fn& p = {}) const {
    const auto done = export_pack(r, p);
    return done ? "" : done.error().text;
  }
};

TEST(AnyDaemon, WhateverADaemonWroteItsPackVerifies) {
  rc::check([] {
    const desk::folder f;
    const auto w = desk::opened(f);
    desk::any_daemon daemon;
    desk::commit(*w, 0, {desk::line("L0", 0)});
    const int commits = *rc::gen::inRange(1, 30);
    for (int c = 0; c < commits; ++c) {
      std::vector<record> records;
      for (int n = *rc::gen::inRange(0, 8); n > 0; --n) records.push_back(daemon.next());
      daemon.now += *rc::gen::element<std::int64_t>(0, 0, 0, 90'000'000);
      const ledger_batch b{wall_from_ms(daemon.now), records, {}};
      RC_ASSERT(w->commit(b).has_value());
    }
    export_request r = request_for(f);
    r.when = {desk::at(*rc::gen::inRange(-100, 100)), desk::at(*rc::gen::inRange(101, 500'000))};
    r.now = wall_from_ms(daemon.now + *rc::gen::inRange(0, 1000));
    const auto done = export_pack(r, {});
    RC_ASSERT(done.has_value());
    const auto v = verify_pack({r.out, {host::from_hex(done->fingerprint).value()}, r.software}, {});
    RC_ASSERT(v.has_value());
    if (!v->ok) RC_FAIL(told(*v));
    RC_ASSERT(v->from == origin::proven);
  });
}

TEST(AnyDaemon, TheIndependentVerifierComputesTheSameFigures) {
  int left = 25;  // each starts a Python of its own
  rc::check([&left] {
    if (left-- <= 0) return;
    const desk::folder f;
    const auto w = desk::opened(f);
    desk::any_daemon daemon;
    desk::commit(*w, 0, {desk::line("L0", 0)});
    for (int c = *rc::gen::inRange(1, 20); c > 0; --c) {
      std::vector<record> records;
      for (int n = *rc::gen::inRange(0, 8); n > 0; --n) records.push_back(daemon.next());
      daemon.now += *rc::gen::element<std::int64_t>(0, 0, 90'000'000);
      RC_ASSERT(w->commit({wall_from_ms(daemon.now), records, {}}).has_value());
    }
    export_request r = request_for(f);
    r.when = {desk::at(*rc::gen::inRange(-100, 100)), desk::at(*rc::gen::inRange(101, 500'000))};
    r.now = wall_from_ms(daemon.now + *rc::gen::inRange(0, 1000));
    RC_ASSERT(export_pack(r, {}).has_value());
    if (const auto [code, words] = script(f, r.out); code != 0) RC_FAIL(words);
  });
}

TEST_F(Export, AClockALittleBehindTheLabelsCutsTheScopeAtTheHeartbeat) {
  export_request r = request_for(f);
  r.now = desk::at(3 * day + 9000 - 60);
  ASSERT_TRUE(export_pack(r, {})) << "a step that the daemon has adopted";
  EXPECT_TRUE(verify_pack({r.out, {}, "0.1.0"}, {})->ok);
}

TEST_F(Export, AClockBeforeTheHeartbeatIsSaidAndNothingIsExported) {
  export_request r = request_for(f);
  r.now = desk::at(3 * day);
  EXPECT_THAT(refused(r), HasSubstr("时钟"));
  EXPECT_FALSE(std::filesystem::exists(r.out));
}

TEST_F(Export, TheSameRequestGivesTheSameBytes) {
  const auto bytes = [&] {
    EXPECT_TRUE(export_pack(request_for(f), {}));
    std::ifstream file(request_for(f).out, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  EXPECT_EQ(bytes(), bytes());
}

TEST_F(Export, AFileThatIsThereStaysUnlessForced) {
  export_request r = request_for(f);
  std::ofstream(r.out) << "precious";
  r.overwrite = false;
  EXPECT_THAT(refused(r), HasSubstr("--force"));
  EXPECT_EQ(std::filesystem::file_size(r.out), 8U);
}

TEST_F(Export, StoppedAtAnyStepItLeavesNothingBehind) {
  int steps = 0;
  ASSERT_TRUE(export_pack(request_for(f), [&](const char*, double) { return ++steps > 0; }));
  std::filesystem::remove(request_for(f).out);
  const auto before = files_in(f.path);  // SQLite keeps two of its own beside a ledger that was read
  for (int stop = 1; stop <= steps; ++stop) {
    int step = 0;
    EXPECT_NE(refused(request_for(f), [&](const char*, double) { return ++step < stop; }), "") << stop;
    EXPECT_THAT(files_in(f.path), testing::UnorderedElementsAreArray(before)) << stop;
  }
}

TEST_F(Export, AJournalThatIsNotWholeIsNotExported) {
  sqlite3* by_hand = nullptr;
  ASSERT_EQ(sqlite3_open(f.ledger().c_str(), &by_hand), SQLITE_OK);
  const char* change = "DROP TRIGGER journal_is_append_only_update; UPDATE journal SET at = at + 1 WHERE seq = 5";
  ASSERT_EQ(sqlite3_exec(by_hand, change, nullptr, nullptr, nullptr), SQLITE_OK);
  ASSERT_EQ(sqlite3_close(by_hand), SQLITE_OK);
  EXPECT_THAT(refused(request_for(f)), testing::AllOf(HasSubstr("第 5 条"), HasSubstr("ledger verify")));
  EXPECT_FALSE(std::filesystem::exists(request_for(f).out));
}

TEST_F(Export, WhoCannotReadThePrivateKeyExportsUnsigned) {
  std::filesystem::remove(f.ledger() + ".key");
  const auto done = export_pack(request_for(f), {});
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->is_signed);
  EXPECT_THAT(done->remarks, testing::Contains(HasSubstr("清单未签名")));
  const auto v = verify_pack({request_for(f).out, {host::from_hex(done->fingerprint).value()}, "0.1.0"}, {});
  EXPECT_TRUE(v->ok) << told(*v);
  EXPECT_LT(v->sealed_entries, v->entries);
  EXPECT_EQ(v->from, origin::not_proven) << "what is not sealed yet anybody may have added";
}

TEST_F(Export, AKeyThatSealedNothingHereDoesNotSign) {
  export_request r = request_for(f);
  r.key = (f.path / "other.key").string();
  ASSERT_TRUE(ledger::signing_key::make(ledger::algorithm::ed25519)->save(r.key));
  const auto done = export_pack(r, {});
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->is_signed);
}

TEST_F(Export, SealsThatAreLostAreSaidAtOnce) {
  std::filesystem::remove(f.ledger() + ".seals");
  const auto done = export_pack(request_for(f), {});
  ASSERT_TRUE(done);
  EXPECT_THAT(done->remarks, testing::Contains(HasSubstr("核验将不通过")));
}

TEST_F(Export, AnEmptyOrEndlessPeriodIsRefused) {
  export_request r = request_for(f);
  r.when.to = r.when.from;
  EXPECT_NE(refused(r), "");
  r.when = {wall_min, wall_max};
  EXPECT_NE(refused(r), "");
}

TEST_F(Export, AFolderThatIsNotThereIsNamed) {
  export_request r = request_for(f);
  r.out = (f.path / "none" / "pack.zip").string();
  EXPECT_THAT(refused(r), HasSubstr("none"));
}

TEST_F(Export, TheIndependentVerifierAgrees) {
  const auto done = export_pack(request_for(f), {});
  ASSERT_TRUE(done);
  const std::string path = request_for(f).out, bad = (f.path / "bad.zip").string();
  EXPECT_EQ(script(f, path).first, 0) << script(f, path).second;
  EXPECT_THAT(script(f, path).second, HasSubstr("来源未证明"));
  EXPECT_THAT(script(f, path, done->fingerprint.substr(0, 32)).second, HasSubstr("来源已证明"));
  EXPECT_EQ(script(f, path, std::string(64, 'a')).first, 1);
  const pack good = pack::read(path);
  const auto told_of = [&](pack p) {
    p.write(bad);
    const auto [code, text] = script(f, bad);
    EXPECT_EQ(code, 1);
    return text;
  };
  pack p = good;
  p.replace("journal.jsonl", "timeout", "refused");
  EXPECT_THAT(told_of(p), HasSubstr("journal.jsonl"));
  p.list();
  EXPECT_THAT(told_of(p), HasSubstr("entry 7 was changed"));
  p.rehash();
  p.list();
  EXPECT_THAT(told_of(p), HasSubstr("rewritten after 2026-03-14"));
  p = good;
  p.replace("seals.jsonl", "\"made\":1", "\"made\":2");
  p.list();
  EXPECT_THAT(told_of(p), HasSubstr("signature does not match"));
  p = good;
  p.files.erase("duty.csv");
  EXPECT_THAT(told_of(p), HasSubstr("duty.csv"));
}

}  // namespace
}  // namespace changtong::audit
