// Packs made by version 0.3.0 (tests/audit/data, from one small replay: outages, one of them over a crash, a window).
#include <gmock/gmock.h>

#include "daemon/host/digest.h"
#include "tests/audit/pack_room.h"

namespace changtong::audit {
namespace {

using namespace room;
using testing::HasSubstr;

constexpr const char* print = "3349f2e9ce6291bf67622a9dd25887cdacc2648461ec76392972e3ebb850fa3c";

std::string data(const std::string& name) { return CHANGTONG_SOURCE_DIR "/tests/audit/data/" + name; }

pack_proof judged(const std::string& path, bool named) {
  verify_request r{.path = path, .fingerprints = {}, .software = "0.4.0"};
  if (named) r.fingerprints.push_back(host::from_hex(print).value());
  const auto v = verify_pack(r, {});
  EXPECT_TRUE(v) << (v ? "" : v.error().text);
  return *v;
}

TEST(OlderPack, ASignedOneOfVersion030IsProven) {
  const auto v = judged(data("signed-0.3.0.zip"), true);
  EXPECT_TRUE(v.ok) << told(v);
  EXPECT_EQ(v.from, origin::proven);
  EXPECT_EQ(in_words(v.rules), "1") << "its starts say nothing";
  EXPECT_THAT(v.remarks, testing::Contains(testing::AllOf(HasSubstr("README.html"), HasSubstr("未逐字比较"))));
  const desk::folder f;
  const auto [code, words] = script(f, data("signed-0.3.0.zip"), print);
  EXPECT_EQ(code, 0) << words;
  EXPECT_THAT(words, testing::AllOf(HasSubstr("来源已证明"), HasSubstr("rules: 1")));
}

TEST(OlderPack, AnUnsignedOneIsConsistentAndNotProvenWhateverFingerprintIsNamed) {
  for (const bool named : {false, true}) {
    const auto v = judged(data("unsigned-0.3.0.zip"), named);
    EXPECT_TRUE(v.ok) << told(v);
    EXPECT_EQ(v.from, origin::not_proven);
  }
  const desk::folder f;
  EXPECT_EQ(script(f, data("unsigned-0.3.0.zip")).first, 0);
  EXPECT_EQ(script(f, data("unsigned-0.3.0.zip"), print).first, 1);
  EXPECT_THAT(script(f, data("unsigned-0.3.0.zip"), print).second, HasSubstr("来源未证明"));
}

TEST(OlderPack, NothingThatAForgerWithoutTheKeyMadeOfItIsProven) {
  const desk::folder f;
  const std::string made = "python3 " CHANGTONG_SOURCE_DIR "/tests/scenarios/verify_pack_test.py --keep '" +
                           f.path.string() + "' > '" + (f.path / "out.txt").string() + "' 2>&1";
  ASSERT_EQ(std::system(made.c_str()), 0);
  int forged = 0;
  for (const auto& e : std::filesystem::directory_iterator(f.path)) {
    if (e.path().extension() != ".zip" || e.path().stem() == "genuine") continue;
    EXPECT_NE(judged(e.path().string(), true).from, origin::proven) << e.path();
    ++forged;
  }
  EXPECT_GE(forged, 20);
}

TEST(OlderPack, AFigureOfItIsCheckedAsEver) {
  const desk::folder f;
  pack p = pack::read(data("unsigned-0.3.0.zip"));
  p.replace("figures/availability_by_line.csv", "L1,90350,450,448,750.5,1053", "L1,90350,450,448,450,452");
  p.list(nullptr, older_format);
  const std::string path = (f.path / "bad.zip").string();
  p.write(path);
  EXPECT_TRUE(names(judged(path, false), "figures/availability_by_line.csv", "down_mid_s"))
      << told(judged(path, false));
  EXPECT_THAT(script(f, path).second, HasSubstr("down_mid_s"));
}

TEST(OlderPack, ColumnsThatCameLaterAreNotMissedAndOthersAre) {
  const auto found = [](std::string_view stated, columns wanted) {
    return compare_text("figures/outages.csv", stated, "target,began,later\r\nL1,1,x\r\n", wanted).size();
  };
  EXPECT_EQ(found("target,began\r\nL1,1\r\n", columns::first_ones), 0U);
  EXPECT_EQ(found("target,began\r\nL1,1\r\n", columns::all), 1U);
  EXPECT_EQ(found("target,later\r\nL1,x\r\n", columns::first_ones), 1U) << "not the first ones";
  EXPECT_EQ(found("target,began\r\nL1,2\r\n", columns::first_ones), 2U) << "another row, and this one is missing";
  EXPECT_EQ(found("target,began\r\n", columns::first_ones), 1U) << "a row is missing";
}

}  // namespace
}  // namespace changtong::audit
