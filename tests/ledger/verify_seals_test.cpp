// An attacker with a database tool at the seals: their rows, their file and the keys. He lacks the private key.
#include <gmock/gmock.h>

#include <fstream>

#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/seal.h"
#include "tests/ledger/attacked.h"

namespace changtong::ledger {
namespace {

using namespace attacked;
using testing::HasSubstr;

// ---- seals: rows and file
// --------------------------------------------------------------------------------------------

TEST_F(Audit, DroppedSealRowIsFound) {
  tamper("DELETE FROM seals WHERE number = 2");
  EXPECT_EQ(seen().bad_seal, 2U);
}

TEST_F(Audit, DroppedLastSealRowIsFoundByTheFile) {
  tamper("DELETE FROM seals WHERE number = 4");
  const proof p = seen();
  EXPECT_FALSE(p.ok);
  EXPECT_EQ(p.bad_seal, 4U);
  EXPECT_EQ(p.bad_day, "2026-03-17");
  EXPECT_THAT(p.text, HasSubstr("the ledger lacks the seal"));
}

TEST_F(Audit, AllSealsGoneWithTheirFileAreDaysWithoutSeal) {
  tamper("DELETE FROM seals");
  std::filesystem::remove(file());
  const proof p = seen();
  EXPECT_FALSE(p.ok);
  EXPECT_EQ(p.bad_day, "2026-03-14");
}

TEST_F(Audit, LastSealsGoneWithTheirLinesAreDaysWithoutSeal) {
  tamper("DELETE FROM seals WHERE number > 2");
  auto lines = filed();
  lines.resize(2);
  write_file(lines);
  EXPECT_EQ(seen().bad_day, "2026-03-16");
}

TEST_F(Audit, SwappedRowsAndSwappedLinesAreFound) {
  auto lines = filed();
  std::swap(lines[1], lines[2]);
  write_file(lines);
  EXPECT_EQ(seen().bad_seal, 2U);
  tamper(
      "UPDATE seals SET number = -2 WHERE number = 2; UPDATE seals SET number = 2 WHERE number = 3; UPDATE seals SET "
      "number = 3 WHERE number = -2");
  EXPECT_EQ(seen().bad_seal, 2U);
}

TEST_F(Audit, AddedLineOfAForgerIsFound) {
  auto lines = filed();
  seal s = read_seal(lines[3]).value();
  s.number = 5;
  s.when = {s.when.to, s.when.to + std::chrono::hours{24}};
  s.made = s.when.to;
  s.previous = digest_of(lines[3]);
  ASSERT_TRUE(sign(s, signing_key::make(algorithm::ed25519).value()));
  lines.push_back(line_of(s));
  write_file(lines);
  EXPECT_EQ(seen().bad_seal, 5U);
  lines.back() = "{}";
  write_file(lines);
  EXPECT_EQ(seen().bad_seal, 5U);
}

TEST_F(Audit, SecondSealOfADayByTheHolderOfTheKeyIsNamedAsWhatItIs) {
  auto lines = filed();
  seal s = read_seal(lines[3]).value();
  s.made += milliseconds{1};
  ASSERT_TRUE(sign(s, signing_key::load(key_file_of(f.ledger())).value()));
  lines[3] = line_of(s);
  write_file(lines);
  const proof p = seen();
  EXPECT_FALSE(p.ok);
  EXPECT_THAT(p.text, HasSubstr("sealed twice"));
}

TEST_F(Audit, LostFileIsAFailureAndAnOlderCopyARemark) {
  auto lines = filed();
  std::filesystem::remove(file());
  EXPECT_FALSE(seen().ok);
  lines.resize(2);
  write_file(lines);
  const proof p = seen();
  EXPECT_TRUE(p.ok) << p.text;
  EXPECT_THAT(p.remarks, testing::Contains(HasSubstr("lacks the last 2 lines")));
}

TEST_F(Audit, CopyKeptElsewhereProvesACutThatTheOwnFileHides) {
  const auto copy = filed();
  cut_after(7);
  auto own = copy;
  own.resize(2);
  write_file(own);
  tamper(fmt::format("UPDATE head SET signature = NULL, heartbeat = {}", ms_of(at(2 * day + 3600))));
  ASSERT_TRUE(rebuild(f.ledger(), {}));
  EXPECT_THAT(seen().text, HasSubstr("unsigned although a key sealed")) << "all else was cut at the same place";
  const std::string elsewhere = (f.path / "copy.seals").string();
  {
    std::ofstream out(elsewhere);
    for (const auto& l : copy) out << l << '\n';
  }
  const proof p = seen({.seals_file = elsewhere});
  EXPECT_FALSE(p.ok);
  EXPECT_THAT(p.text, HasSubstr("entry 9 is gone"));
  EXPECT_EQ(p.first_bad, 9);
}

// ---- keys
// --------------------------------------------------------------------------------------------------------------

TEST_F(Audit, LedgerSignedAnewByAStrangerIsConsistentButNotOurs) {
  const std::string ours(bytes_of(seen().keys[0].fingerprint));
  EXPECT_TRUE(seen({.fingerprints = {ours}}).ok);
  EXPECT_TRUE(seen({.fingerprints = {ours.substr(0, 16)}}).ok);
  EXPECT_THAT(seen({.fingerprints = {ours}}).remarks, testing::IsEmpty());
  tampering.reset();
  std::filesystem::remove_all(f.path);
  std::filesystem::create_directory(f.path);
  SetUp();  // another key
  EXPECT_TRUE(seen().ok);
  const proof p = seen({.fingerprints = {ours}});
  EXPECT_FALSE(p.ok);
  EXPECT_THAT(p.text, HasSubstr("signed with another key"));
}

TEST_F(Audit, WithoutThePublicKeyNothingIsProven) {
  const std::string kept = (f.path / "kept.pub").string();
  std::filesystem::rename(public_file_of(f.ledger()), kept);
  EXPECT_FALSE(seen().ok);
  EXPECT_THAT(seen().text, HasSubstr("--key"));
  EXPECT_TRUE(seen({.public_file = kept}).ok);
}

TEST_F(Audit, LedgerFromBeforeSealsSaysThatNothingIsSealed) {
  tamper("DROP TABLE seals");
  std::filesystem::remove(file());
  EXPECT_FALSE(seen().ok);
  EXPECT_EQ(seen().bad_day, "2026-03-14");
  tampering.reset();
  commit(*opened(f), 4 * day + 3800);
  EXPECT_TRUE(seen().ok) << "the next run seals what lies behind: " << seen().text;
  EXPECT_EQ(seen().seals, 4);
}

}  // namespace
}  // namespace changtong::ledger
