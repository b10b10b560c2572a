// Whose pack is it? A genuine signed pack in the hands of somebody who has no key, and both verifiers with the genuine
// fingerprint.
#include <gmock/gmock.h>

#include <functional>

#include "daemon/host/digest.h"
#include "tests/audit/pack_room.h"

namespace changtong::audit {
namespace {

using namespace room;
using testing::HasSubstr;

struct Origin : Pack {
  /** Keeps the first `seals` seals and what they cover; an unsigned manifest that fits. */
  [[nodiscard]] pack cut_at_seal(std::size_t seals) const {
    pack p = good;
    auto all = p.lines("seals.jsonl");
    all.resize(seals);
    p.set_lines("seals.jsonl", all);
    const ledger::seal last = ledger::read_seal(all.back()).value();
    auto entries = p.lines("journal.jsonl");
    entries.resize(static_cast<std::size_t>(last.seq));
    p.set_lines("journal.jsonl", entries);
    p.rehash();
    return with_head(p, [&](pack_head& h) { h.heartbeat = seals < 3 ? last.made : h.heartbeat; });
  }
  /** Another head, everything that follows from it made to fit, nothing signed. */
  [[nodiscard]] pack with_head(pack p, const std::function<void(pack_head&)>& change) const {
    pack_head h = read_head(p.files.at("head.json")).value();
    change(h);
    p.files["head.json"] = head_text(h);
    p.recompute(scratch());
    p.list();
    return p;
  }
  [[nodiscard]] std::pair<int, std::string> judged_in_python(const pack& p, const std::string& print = {}) const {
    const std::string path = (f.path / "python.zip").string();
    p.write(path);
    return script(f, path, print);
  }
  [[nodiscard]] std::string hex() const { return host::hex(fingerprint); }

  /** Consistent, and nobody says that it is ours, whatever fingerprint is named. */
  void expect_not_proven(const pack& p, const std::string& what) const {
    EXPECT_TRUE(judged(p).ok) << what << "\n" << told(judged(p));
    const auto v = judged(p, {fingerprint});
    EXPECT_NE(v.from, origin::proven) << what;
    const auto [plain, words] = judged_in_python(p);
    EXPECT_EQ(plain, 0) << what << ": " << words;
    EXPECT_THAT(words, HasSubstr("来源未证明")) << what;
    const auto [named, told_it] = judged_in_python(p, hex());
    EXPECT_EQ(named, 1) << what << ": " << told_it;
    EXPECT_THAT(told_it, testing::Not(HasSubstr("来源已证明"))) << what;
  }
  void expect_refused(const pack& p, const std::string& what) const {
    EXPECT_FALSE(judged(p).ok) << what;
    EXPECT_FALSE(judged(p, {fingerprint}).ok) << what;
    EXPECT_EQ(judged_in_python(p).first, 1) << what << ": " << judged_in_python(p).second;
    EXPECT_EQ(judged_in_python(p, hex()).first, 1) << what;
  }
};

TEST_F(Origin, ASignedPackIsProvenByBothVerifiers) {
  EXPECT_EQ(judged(good, {fingerprint}).from, origin::proven);
  const auto [code, words] = judged_in_python(good, hex());
  EXPECT_EQ(code, 0) << words;
  EXPECT_THAT(words, HasSubstr("来源已证明"));
}

TEST_F(Origin, WithoutItsSignatureNoPackIsProven) {
  pack p = good;
  p.files.erase("manifest.sig");
  expect_not_proven(p, "stripped");
}

TEST_F(Origin, CutAtAnySealEveryEntryIsSealedAndNothingIsProven) {
  for (const std::size_t seals : {1U, 2U, 3U}) {
    const pack p = cut_at_seal(seals);
    const auto v = judged(p, {fingerprint});
    EXPECT_EQ(v.sealed_entries, v.entries) << "every entry is sealed, and yet some are missing";
    expect_not_proven(p, "cut at seal " + std::to_string(seals));
  }
}

TEST_F(Origin, ARaisedHeartbeatIsNotProven) {
  const auto hour_later = [](pack_head& h) {
    h.heartbeat += std::chrono::hours{2};
    h.exported += std::chrono::hours{3};
  };
  expect_not_proven(with_head(good, hour_later), "raised heartbeat");
  pack cut = cut_at_seal(3);
  expect_not_proven(with_head(cut, hour_later), "cut and raised");
}

TEST_F(Origin, AMovedExportInstantIsNotProvenAndOneBeforeTheHeartbeatIsRefused) {
  expect_not_proven(with_head(good, [](pack_head& h) { h.exported += std::chrono::hours{1}; }), "exported later");
  expect_refused(with_head(good, [](pack_head& h) { h.exported = h.heartbeat - milliseconds{1}; }), "exported earlier");
}

TEST_F(Origin, AnotherPeriodIsNotProven) {
  expect_not_proven(with_head(good, [](pack_head& h) { h.when.to = desk::at(2 * day); }), "a shorter period");
}

TEST_F(Origin, AnEditedPageIsRefusedAndAsAnotherVersionsNotProven) {
  pack p = good;
  p.replace("README.html", "265549", "267049");
  p.list();
  EXPECT_TRUE(names(judged(p), "README.html"));
  p.replace("head.json", R"("software":"0.1.0")", R"("software":"9.9.9")");
  p.list();
  expect_not_proven(p, "the page of another version");
  EXPECT_THAT(judged(p).remarks, testing::Contains(HasSubstr("未逐字比较")));
}

TEST_F(Origin, WhatSealsProveAndWhatAnUnsignedManifestOnlySaysIsSaidApart) {
  pack p = good;
  p.files.erase("manifest.sig");
  const auto v = judged(p, {fingerprint});
  EXPECT_THAT(v.remarks, testing::Contains(testing::AllOf(
                             HasSubstr(fmt::format("entries 1 to {}", v.sealed_entries)), HasSubstr("heartbeat"),
                             HasSubstr("exported"), HasSubstr("period"), HasSubstr("figures"), HasSubstr("pages"))));
  EXPECT_THAT(judged_in_python(p).second,
              testing::AllOf(HasSubstr(fmt::format("entries 1 to {}", v.sealed_entries)), HasSubstr("heartbeat"),
                             HasSubstr("exported"), HasSubstr("period"), HasSubstr("figures"), HasSubstr("pages")));
}

TEST_F(Origin, EditedFiguresAreRefusedByBothVerifiers) {
  const auto edited = [&](const std::string& file, std::string_view was, std::string_view is) {
    pack p = good;
    p.replace(file, was, is);
    p.list();
    expect_refused(p, file);
  };
  edited("figures/availability_by_line.csv", "L2,265549", "L2,266549");
  for (const char* by : {"category", "carrier", "town", "day", "month"}) {
    const std::string file = std::string("figures/availability_by_") + by + ".csv";
    pack p = good;
    std::string& text = p.files.at(file);
    std::size_t end = text.find(",R1 = ");
    while (text[end - 1] == ',') end = text.find(",R1 = ", end + 1);  // no outage, no mean
    text[end - 1] = text[end - 1] == '9' ? '8' : '9';
    p.list();
    expect_refused(p, file);
  }
  edited("figures/availability.json", R"("unconfirmed":1)", R"("unconfirmed":0)");
  edited("figures/outages.csv", "timeout", "refused");
}

TEST_F(Origin, ReorderedEntriesAreRefused) {
  pack p = good;
  auto lines = p.lines("journal.jsonl");
  std::swap(lines[5], lines[6]);
  p.set_lines("journal.jsonl", lines);
  p.list();
  expect_refused(p, "swapped lines");
  p.rehash();
  p.list();
  expect_refused(p, "swapped and hashed anew");
}

TEST_F(Origin, AKeyOfOnesOwnIsNeverTheNamedOne) {
  const auto key = ledger::signing_key::make(ledger::algorithm::ed25519).value();
  pack all = good;
  all.reseal(key);
  all.recompute(scratch());
  all.list(&key);
  EXPECT_EQ(judged(all, {fingerprint}).from, origin::other_key);
  EXPECT_EQ(judged_in_python(all, hex()).first, 1);
  pack list_alone = good;
  list_alone.files["key.pub"] += key.half().pem();
  list_alone.list(&key);
  EXPECT_EQ(judged(list_alone, {fingerprint}).from, origin::other_key);
  EXPECT_EQ(judged_in_python(list_alone, hex()).first, 1);
  pack nothing = good;
  nothing.files["key.pub"].clear();
  nothing.files["seals.jsonl"].clear();
  nothing.list();
  EXPECT_FALSE(judged(nothing, {fingerprint}).ok);
  EXPECT_EQ(judged_in_python(nothing, hex()).first, 1);
}

TEST_F(Origin, TheSignatureOfAnotherGenuinePackIsNoSignature) {
  export_request other = request_for(f);
  other.when.to = desk::at(2 * day);
  ASSERT_TRUE(export_pack(other, {}));
  pack p = good;
  p.files["manifest.sig"] = pack::read(other.out).files.at("manifest.sig");
  expect_refused(p, "another signature");
}

}  // namespace
}  // namespace changtong::audit
