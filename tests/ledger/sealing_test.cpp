// When the writer seals, what stands in the file beside the ledger, and that nothing about seals holds up the books.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "daemon/core/civil.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/seal.h"
#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::ElementsAre;

constexpr double day = 86'400;

struct Sealing : testing::Test {
  folder f;

  [[nodiscard]] std::string file() const { return seals_file_of(f.ledger()); }
  [[nodiscard]] std::string filed() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write_file(const std::string& text) const { std::ofstream(file(), std::ios::binary) << text; }
  [[nodiscard]] std::vector<seal> seals() const {
    std::vector<seal> all;
    for (const std::string& line : lines_in(filed())) all.push_back(read_seal(line).value());
    return all;
  }
  [[nodiscard]] std::vector<std::string> days() const {
    std::vector<std::string> all;
    for (const seal& s : seals()) all.push_back(s.day);
    return all;
  }
  [[nodiscard]] proof proven() const { return prove(f.ledger(), {}, {}).value(); }
  static void settle(writer& w, double heartbeat, double decided, std::vector<record> records = {}) {
    ledger_batch b = batch(heartbeat, std::move(records));
    b.decided = at(decided);
    ASSERT_TRUE(w.commit(b));
  }
};

TEST_F(Sealing, DayIsSealedWithTheFirstCommitThatSaysItIsSettled) {
  const auto w = opened(f);
  settle(*w, 10, 10, {line("L1", 0), up("L1", 1)});
  settle(*w, day - 1, day - 1);
  EXPECT_THAT(days(), ElementsAre());
  settle(*w, day + 1, day - 5);  // a run that began five seconds before midnight is pending
  EXPECT_THAT(days(), ElementsAre());
  settle(*w, day + 2, day + 2, {down("L1", day - 5, day - 6)});
  EXPECT_THAT(days(), ElementsAre("2026-03-14"));
  const seal s = seals()[0];
  EXPECT_EQ(s.seq, 3) << "what settled the day belongs to its seal";
  EXPECT_EQ(s.made, at(day + 2));
  EXPECT_EQ(s.when, (period{at(0), at(day)}));
  EXPECT_TRUE(proven().ok) << proven().text;
}

TEST_F(Sealing, PendingRunDelaysItByAnHourAtMost) {
  const auto w = opened(f);
  settle(*w, 10, 10, {line("L1", 0), up("L1", 1)});
  settle(*w, day + 3599, day - 5);
  EXPECT_THAT(days(), ElementsAre());
  settle(*w, day + 3600, day - 5);
  EXPECT_THAT(days(), ElementsAre("2026-03-14"));
}

TEST_F(Sealing, WhereNobodySaysWhatIsSettledTheHourDecides) {
  const auto w = opened(f);
  commit(*w, 10, {line("L1", 0), up("L1", 1)});
  commit(*w, day + 3599);
  EXPECT_THAT(days(), ElementsAre());
  commit(*w, day + 3600);
  EXPECT_THAT(days(), ElementsAre("2026-03-14"));
}

TEST_F(Sealing, DaysWithoutAMonitorAreSealedWhenItIsBack) {
  commit(*opened(f), 10, {line("L1", 0), up("L1", 1)});
  {
    const auto w = opened(f);
    EXPECT_THAT(days(), ElementsAre());
    commit(*w, 3 * day + 100, {stopped_watching(10)});
    EXPECT_THAT(days(), ElementsAre("2026-03-14", "2026-03-15"));
    commit(*w, 3 * day + 3600);
  }
  EXPECT_THAT(days(), ElementsAre("2026-03-14", "2026-03-15", "2026-03-16"));
  EXPECT_TRUE(proven().ok) << proven().text;
  EXPECT_EQ(proven().seals, 3);
}

/** Whoever enters something by hand does not know which key the daemon is configured with. */
TEST_F(Sealing, APersonsEntryLeavesTheSealingToTheNextRun) {
  commit(*opened(f), 2 * day + 3700, {line("L1", 0), up("L1", 1)});
  {
    store s(f.ledger(), store::mode::write);
    s.execute("DROP TABLE seals");  // as a ledger from before seals: two days wait
  }
  for (const char* beside : {".key", ".pub", ".seals"}) std::filesystem::remove(f.ledger() + beside);
  const duty_record duty{at(2 * day + 4000), "2026-03-15", "王工", "cli", "王工", ""};
  ASSERT_TRUE(writer::open(f.ledger(), 0, {.sealing = false}).value()->commit({{}, {duty}, {}}));
  EXPECT_FALSE(std::filesystem::exists(f.ledger() + ".key"));
  commit(*opened(f), 2 * day + 3800);
  EXPECT_THAT(days(), ElementsAre("2026-03-14", "2026-03-15"));
}

TEST_F(Sealing, CleanStopSealsToo) {
  const auto w = opened(f);
  commit(*w, 10, {line("L1", 0), up("L1", 1)});
  ASSERT_TRUE(w->stop(at(day + 3600)));
  EXPECT_THAT(days(), ElementsAre("2026-03-14"));
  EXPECT_EQ(seals()[0].seq, 3) << "the stop belongs to it";
}

TEST_F(Sealing, EmptyLedgerHasNothingToSeal) {
  const auto w = opened(f);
  commit(*w, 10 * day);
  EXPECT_EQ(w->seals().count, 0);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(Sealing, ClockGoneMadSealsAYearAtATimeAndHoldsUpNothing) {
  const auto w = opened(f);
  commit(*w, 10, {line("L1", 0)});
  commit(*w, 500 * day);
  EXPECT_EQ(w->seals().count, 400);
  commit(*w, 500 * day + 1);
  EXPECT_EQ(w->seals().count, 499);
  EXPECT_TRUE(proven().ok) << proven().text;
}

TEST_F(Sealing, CleanStopAndTheEndOfAReplaySealWhatACommitLeft) {
  {
    const auto w = opened(f);
    commit(*w, 10, {line("L1", 0)});
    ASSERT_TRUE(w->stop(at(1500 * day)));
  }
  EXPECT_EQ(proven().seals, 1499);
  EXPECT_TRUE(proven().ok) << proven().text;
  const auto w = opened(f);
  commit(*w, 2500 * day);
  EXPECT_EQ(w->seals().count, 1899);
  ASSERT_TRUE(w->seal_the_rest());
  EXPECT_EQ(w->seals().count, 2499);
  EXPECT_TRUE(proven().ok) << proven().text;
}

/** Where clocks change, a day has 23 or 25 hours; the seals know, and leave no hole. */
TEST_F(Sealing, DaysOfAZoneWithSummerTimeAreCivilDays) {
  const auto berlin = civil_zone::named("Europe/Berlin").value();
  const wall_t first = berlin.parse("2026-03-28")->from;
  const auto w = opened(f);
  ASSERT_TRUE(w->commit({first, {policy_version{first, "Europe/Berlin", "{}", "test"}}, {}}));
  ASSERT_TRUE(w->commit({first + std::chrono::hours{95}, {}, {}}));
  EXPECT_THAT(days(), ElementsAre("2026-03-28", "2026-03-29", "2026-03-30"));
  EXPECT_EQ(seals()[1].when.length(), std::chrono::hours{23});
  EXPECT_EQ(seals()[1].zone, "Europe/Berlin");
  EXPECT_TRUE(proven().ok) << proven().text;
}

TEST_F(Sealing, AnotherZoneGoesOnFromWhereTheLastSealEnded) {
  const auto w = opened(f);
  commit(*w, 10, {policy_version{at(0), "Asia/Shanghai", "{}", "test"}});
  commit(*w, day + 3600);
  commit(*w, day + 3601, {policy_version{at(day + 3601), "Asia/Urumqi", "{}", "test"}});
  commit(*w, 3 * day + 7200 + 3600);
  const auto all = seals();
  ASSERT_EQ(all.size(), 4U) << "two hours of the next day are a day of their own";
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_EQ(all[i].when.from, all[i - 1].when.to);
  EXPECT_TRUE(proven().ok) << proven().text;
}

TEST_F(Sealing, JournalDoesNotDependOnTheKey) {
  const folder other;
  for (const folder* one : std::initializer_list<const folder*>{&f, &other}) {
    const auto w = opened(*one);
    commit(*w, 10, {line("L1", 0), up("L1", 1)});
    commit(*w, 3 * day);
    commit(*w, 3 * day + 1, {down("L1", 3 * day, 3 * day - 1)});
  }
  const auto hash_in = [](const folder& one) {
    return read_seal(lines_in(host::read_plain_file(seals_file_of(one.ledger()), 1 << 20).value()).at(1))->hash;
  };
  EXPECT_EQ(hash_in(f), hash_in(other));
}

TEST_F(Sealing, FilesHaveTheModesThatTheirSecrecyNeeds) {
  const auto w = opened(f);
  commit(*w, 10, {line("L1", 0)});
  commit(*w, 2 * day);
  const auto mode = [](const std::string& path) {
    struct stat about{};
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777 : 0U;
  };
  EXPECT_EQ(mode(key_file_of(f.ledger())), 0600U);
  EXPECT_EQ(mode(public_file_of(f.ledger())), 0644U);
  EXPECT_EQ(mode(file()), 0640U);
}

TEST_F(Sealing, SM2SealsWhereTheConfigurationSaysSo) {
  const auto w = writer::open(f.ledger(), 0, {.key_file = (f.path / "own.key").string(), .kind = algorithm::sm2});
  ASSERT_TRUE(w);
  commit(**w, 10, {line("L1", 0)});
  commit(**w, 2 * day);
  ASSERT_EQ(seals().size(), 1U);
  EXPECT_EQ(seals()[0].by, algorithm::sm2);
  EXPECT_TRUE(proven().ok) << proven().text;
  EXPECT_TRUE(std::filesystem::exists(f.path / "own.key"));
  EXPECT_FALSE(std::filesystem::exists(key_file_of(f.ledger())));
}

// ---- the file and what can happen to it ----------------------------------------------------------------------------

struct SealsFile : Sealing {
  void SetUp() override {
    const auto w = opened(f);
    commit(*w, 10, {line("L1", 0), up("L1", 1)});
    for (int i = 1; i <= 3; ++i) commit(*w, i * day + 3600, {down("L1", i * day - 100, i * day - 101)});
  }
};

TEST_F(SealsFile, CrashAnywhereInAppendingIsMendedAtTheNextStart) {
  const std::string whole = filed();
  const std::size_t last = whole.rfind('\n', whole.size() - 2) + 1;
  for (const std::size_t left : {whole.size() - 1, whole.size() - 100, last + 1, last, last / 2}) {
    write_file(whole.substr(0, left));
    EXPECT_TRUE(proven().ok) << left << ": " << proven().text;
    EXPECT_FALSE(proven().remarks.empty());
    const auto w = opened(f);
    EXPECT_EQ(filed(), whole) << left;
    EXPECT_EQ(w->seals().failures, 0U);
  }
}

TEST_F(SealsFile, FileThatContradictsTheLedgerIsLeftAsItIsAndCounted) {
  std::string changed = filed();
  changed[20] ^= 1;
  write_file(changed);
  const auto w = opened(f);
  EXPECT_EQ(w->seals().failures, 1U);
  EXPECT_EQ(filed(), changed);
  commit(*w, 4 * day + 3600);
  EXPECT_EQ(w->seals().count, 4) << "the books and their seals go on";
  EXPECT_EQ(w->seals().failures, 2U);
  EXPECT_EQ(filed(), changed) << "evidence is not written over";
  EXPECT_FALSE(proven().ok);
}

TEST_F(SealsFile, LostFileIsCountedAndWrittenAnew) {
  const std::string whole = filed();
  std::filesystem::remove(file());
  EXPECT_FALSE(proven().ok);
  const auto w = opened(f);
  EXPECT_EQ(w->seals().failures, 1U);
  EXPECT_EQ(filed(), whole);
}

TEST_F(SealsFile, FileThatCannotBeWrittenIsTriedAgainAfterAMinute) {
  const std::string whole = filed();
  std::filesystem::remove(file());
  std::filesystem::create_directory(file());
  const auto w = opened(f);
  EXPECT_EQ(w->seals().failures, 1U);
  commit(*w, 3 * day + 3659);
  EXPECT_EQ(w->seals().failures, 1U) << "not with every commit";
  std::filesystem::remove(file());
  commit(*w, 3 * day + 3660);
  EXPECT_EQ(filed(), whole);
}

TEST_F(Sealing, KeyThatCannotBeReadStopsSealingAndNothingElse) {
  std::ofstream(key_file_of(f.ledger())) << "not a key";
  auto w = opened(f);
  EXPECT_EQ(w->seals().failures, 1U);
  commit(*w, 10, {line("L1", 0)});
  commit(*w, 2 * day);
  EXPECT_EQ(w->seals().count, 0);
  EXPECT_GE(w->seals().failures, 2U);
  EXPECT_FALSE(proven().ok) << "a day has passed without a seal";
  EXPECT_EQ(proven().bad_day, "2026-03-14");
  std::filesystem::remove(key_file_of(f.ledger()));
  commit(*w, 2 * day + 60);
  EXPECT_EQ(w->seals().count, 1) << "made up for once there is a key";
  EXPECT_EQ(w->seals().trouble, "");
  EXPECT_TRUE(proven().ok) << proven().text;
}

TEST_F(Sealing, ReplacedKeyKeepsTheOldOneBelievableAndIsNamed) {
  {
    const auto w = opened(f);
    commit(*w, 10, {line("L1", 0)});
    commit(*w, day + 3600);
  }
  std::filesystem::remove(key_file_of(f.ledger()));
  {
    commit(*opened(f), 2 * day + 3600);
  }
  const proof p = proven();
  EXPECT_TRUE(p.ok) << p.text;
  ASSERT_EQ(p.keys.size(), 2U);
  EXPECT_EQ(p.keys[0].day, "2026-03-14");
  EXPECT_EQ(p.keys[1].day, "2026-03-15");
  EXPECT_THAT(p.remarks, testing::Contains(testing::HasSubstr("the key was replaced")));
}

TEST_F(Sealing, PrivateKeyIsInNoOtherFileAndNoMessage) {
  testing::internal::CaptureStderr();
  {
    const auto w = opened(f);
    commit(*w, 10, {line("L1", 0)});
    commit(*w, 2 * day);
  }
  const std::string key = host::read_plain_file(key_file_of(f.ledger()), 1 << 14).value();
  const std::string secret = key.substr(key.find('\n') + 1, 64);
  const std::string said = testing::internal::GetCapturedStderr() + proven().text;
  EXPECT_EQ(said.find(secret), std::string::npos);
  for (const auto& entry : std::filesystem::directory_iterator(f.path))
    if (entry.path() != key_file_of(f.ledger())) {
      const std::string text = host::read_plain_file(entry.path(), 64 << 20).value();
      EXPECT_EQ(text.find(secret), std::string::npos) << entry.path();
    }
}

}  // namespace
}  // namespace changtong::ledger
