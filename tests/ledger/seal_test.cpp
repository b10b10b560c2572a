// Seals as text: what is signed, what is refused, when a day is due, and what a list of lines proves.
#include <gmock/gmock.h>

#include <chrono>

#include "daemon/host/digest.h"
#include "daemon/ledger/seal.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::HasSubstr;

digest filled(std::uint8_t with) {
  digest d;
  d.fill(with);
  return d;
}

struct Seals : testing::Test {
  signing_key key = signing_key::make(algorithm::ed25519).value();
  std::vector<public_key> keys{key.half()};
  std::vector<std::string> lines;
  std::map<std::int64_t, digest> journal;

  /** Day after day, ten entries each. */
  std::vector<seal> make(int days, const std::function<void(int, seal&)>& change = {}) {
    std::vector<seal> all;
    digest previous{};
    for (int i = 1; i <= days; ++i) {
      seal s;
      s.number = i;
      s.day = "2026-03-" + std::to_string(13 + i);
      s.when = {at(86'400.0 * (i - 1)), at(86'400.0 * i)};
      s.zone = "Asia/Shanghai";
      s.made = at(86'400.0 * i + 1);
      s.seq = 10 * i;
      s.hash = journal[s.seq] = filled(static_cast<std::uint8_t>(i));
      s.previous = previous;
      if (change) change(i, s);
      EXPECT_TRUE(sign(s, key));
      lines.push_back(line_of(s));
      previous = digest_of(lines.back());
      all.push_back(s);
    }
    return all;
  }
  [[nodiscard]] seals_proof judged(std::vector<std::string> trusted = {}) const {
    return check_seals(lines, {keys, std::move(trusted)}, [this](std::int64_t seq) -> std::optional<digest> {
      const auto it = journal.find(seq);
      return it == journal.end() ? std::nullopt : std::optional(it->second);
    });
  }
};

TEST_F(Seals, LineIsWhatTheReadmeSays) {
  seal s = make(1)[0];
  s.key = filled(0xab);
  s.signature = std::string(2, '\x0f');
  EXPECT_EQ(line_of(s),
            R"({"seal":1,"day":"2026-03-14","from":1773417600000,"to":1773504000000,"zone":"Asia/Shanghai",)"
            R"("made":1773504001000,"seq":10,"hash":")" +
                host::hex(bytes_of(filled(1))) + R"(","previous":")" + std::string(64, '0') +
                R"(","algorithm":"Ed25519","key":")" + host::hex(bytes_of(filled(0xab))) + R"(","signature":"0f0f"})");
  EXPECT_EQ(line_of(s), signed_text(s) + R"(,"signature":"0f0f"})");
}

TEST_F(Seals, LineReadsBackAsWhatItWas) {
  make(1);
  EXPECT_EQ(line_of(read_seal(lines[0]).value()), lines[0]);
}

TEST_F(Seals, OnlyTheVeryBytesAreASeal) {
  make(1);
  const std::string& line = lines[0];
  for (const std::string& other :
       {line + " ", " " + line, line.substr(1), line.substr(0, line.size() - 1), std::string(), std::string("{}"),
        std::string("[]"), std::string("null"), "{\"more\":1," + line.substr(1), std::string(10'000, '{')})
    EXPECT_FALSE(read_seal(other)) << other;
}

TEST_F(Seals, GoodListProvesAllOfIt) {
  make(5);
  const auto v = judged();
  EXPECT_EQ(v.line, 0U) << v.text.en;
  EXPECT_EQ(v.good.size(), 5U);
}

TEST_F(Seals, EveryChangedByteIsFoundInItsLine) {
  make(3);
  for (std::size_t i = 0; i < lines[1].size(); ++i) {
    const auto whole = lines;
    lines[1][i] = static_cast<char>(lines[1][i] ^ 1);
    const auto v = judged();
    EXPECT_EQ(v.line, 2U) << i << ": " << v.text.en;
    lines = whole;
  }
}

TEST_F(Seals, DroppedSwappedAndDoubledLinesAreFound) {
  make(4);
  const auto whole = lines;
  lines.erase(lines.begin() + 1);
  EXPECT_EQ(judged().line, 2U);
  lines = whole;
  lines.erase(lines.begin());
  EXPECT_EQ(judged().line, 1U);
  lines = whole;
  std::swap(lines[1], lines[2]);
  EXPECT_EQ(judged().line, 2U);
  lines = whole;
  lines.insert(lines.begin() + 2, lines[1]);
  EXPECT_EQ(judged().line, 3U);
}

TEST_F(Seals, RewrittenEntryIsPlacedBetweenTwoSeals) {
  make(3);
  journal[20] = filled(99);
  const auto v = judged();
  EXPECT_EQ(v.line, 2U);
  EXPECT_EQ(v.entry, 11);
  EXPECT_EQ(v.day, "2026-03-15");
  EXPECT_THAT(v.text.en, HasSubstr("entries 11 to 20"));
}

TEST_F(Seals, CutTailIsNamedByTheEntryThatIsGone) {
  make(3);
  journal.erase(30);
  const auto v = judged();
  EXPECT_EQ(v.line, 3U);
  EXPECT_EQ(v.entry, 30);
  EXPECT_THAT(v.text.en, HasSubstr("entry 30 is gone"));
}

TEST_F(Seals, ForgerWithAnotherKeyIsFound) {
  make(2);
  seal s = read_seal(lines[1]).value();
  s.hash = journal[20] = filled(99);
  const auto forger = signing_key::make(algorithm::ed25519).value();
  ASSERT_TRUE(sign(s, forger));
  lines[1] = line_of(s);
  EXPECT_THAT(judged().text.en, HasSubstr("its key is not among the public keys"));
  s.key = key.half().fingerprint();  // he may write our name under it
  lines[1] = line_of(s);
  EXPECT_THAT(judged().text.en, HasSubstr("the signature does not match"));
}

TEST_F(Seals, ReplacedKeyIsGoodUnlessOneKeyAloneIsTrusted) {
  make(2);
  const std::string first(bytes_of(key.half().fingerprint()));
  key = signing_key::make(algorithm::sm2).value();
  keys.push_back(key.half());
  seal s = read_seal(lines[1]).value();
  s.number = 3;
  s.when = {s.when.to, s.when.to + std::chrono::hours{24}};
  s.made = s.when.to;
  s.previous = digest_of(lines[1]);
  ASSERT_TRUE(sign(s, key));
  lines.push_back(line_of(s));
  EXPECT_EQ(judged().line, 0U);
  EXPECT_EQ(judged({first}).line, 3U);
  EXPECT_THAT(judged({first}).text.en, HasSubstr("another key"));
  EXPECT_EQ(judged({first.substr(0, 16), std::string(bytes_of(key.half().fingerprint()))}).line, 0U);
}

TEST_F(Seals, KeyMayNotServeUnderAnotherAlgorithmsName) {
  make(1);
  seal s = read_seal(lines[0]).value();
  s.by = algorithm::sm2;
  lines[0] = line_of(s);
  EXPECT_EQ(judged().line, 1U);
}

TEST_F(Seals, ForgetfulSignerIsFound) {
  struct {
    const char* says;
    std::function<void(seal&)> change;
  } const faults[] = {
      {"days are missing", [](seal& s) { s.when.from += milliseconds{1}; }},
      {"contradicts itself", [](seal& s) { s.made = s.when.to - milliseconds{1}; }},
      {"contradicts itself", [](seal& s) { s.when.to = s.when.from; }},
      {"contradicts itself", [](seal& s) { s.seq = 9; }},
      {"number is 7", [](seal& s) { s.number = 7; }},
      {"does not follow", [](seal& s) { s.previous = {}; }},
  };
  for (const auto& fault : faults) {
    lines.clear();
    make(2, [&](int i, seal& s) {
      if (i == 2) fault.change(s);
    });
    EXPECT_EQ(judged().line, 2U) << fault.says;
    EXPECT_THAT(judged().text.en, HasSubstr(fault.says));
  }
}

TEST(Due, ADayIsSealedOnceSettledAndAnHourAfterItsEndAtTheLatest) {
  const wall_t end = at(86'400);
  EXPECT_FALSE(due(end, end - milliseconds{1}, wall_max)) << "it is not over";
  EXPECT_TRUE(due(end, end, end));
  EXPECT_FALSE(due(end, end + milliseconds{1}, end - milliseconds{1})) << "a run that began in it is pending";
  EXPECT_FALSE(due(end, end + std::chrono::hours{1} - milliseconds{1}, wall_min)) << "nobody said that it is settled";
  EXPECT_TRUE(due(end, end + std::chrono::hours{1}, wall_min));
}

TEST(SealLines, UnfinishedLineComesAsItIs) {
  EXPECT_THAT(lines_in(""), testing::IsEmpty());
  EXPECT_THAT(lines_in("a\nb\n"), testing::ElementsAre("a", "b"));
  EXPECT_THAT(lines_in("a\n\nb"), testing::ElementsAre("a", "", "b"));
}

}  // namespace
}  // namespace changtong::ledger
