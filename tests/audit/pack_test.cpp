// A pack from the ledger to the verdict, and whoever changes it on the way.
#include <gmock/gmock.h>

#include "tests/audit/pack_room.h"

namespace changtong::audit {
namespace {

using namespace room;
using testing::HasSubstr;

TEST_F(Pack, WhatWasExportedVerifiesWithNothingButTheFile) {
  std::filesystem::remove(f.ledger());
  const auto v = judged(good);
  EXPECT_TRUE(v.ok) << told(v);
  EXPECT_EQ(v.from, origin::not_proven) << "no fingerprint was given";
  EXPECT_TRUE(v.manifest_signed);
  EXPECT_EQ(v.files.size(), listed_names().size());
  EXPECT_EQ(v.sealed_to, "2026-03-17T00:00:00.000+08:00");
  EXPECT_GT(v.entries, v.sealed_entries);
  EXPECT_THAT(v.remarks, testing::Contains(HasSubstr("未封存")));
}

TEST_F(Pack, WithTheFingerprintOfTheReportItsOriginIsProven) {
  EXPECT_EQ(judged(good, {fingerprint}).from, origin::proven);
  EXPECT_EQ(judged(good, {fingerprint.substr(0, 16)}).from, origin::proven) << "the short form of a report";
}

TEST_F(Pack, WhatSomebodyEnteredAsAFormulaIsNoneForASpreadsheetAndOlderPacksHaveItAsItWas) {
  EXPECT_THAT(good.files.at("duty.csv"), HasSubstr(",'=HYPERLINK(A1)"));
  EXPECT_TRUE(judged(good).ok);
  pack older = good;
  older.replace("duty.csv", "'=HYPERLINK", "=HYPERLINK");
  older.list();
  const auto v = judged(older);
  EXPECT_TRUE(v.ok) << told(v);
  older.replace("duty.csv", "=HYPERLINK", "=HYPERLINX");
  older.list();
  EXPECT_FALSE(judged(older).ok);
}

TEST_F(Pack, OneChangedByteInAnyFileIsSeenAndNamed) {
  for (const auto& [name, text] : good.files)
    for (const std::size_t at : {std::size_t{0}, text.size() / 2, text.size() - 1}) {
      pack bad = good;
      bad.files[name][at] = static_cast<char>(bad.files[name][at] ^ 1);
      const auto v = judged(bad);
      EXPECT_FALSE(v.ok) << name << " at " << at;
      EXPECT_TRUE(names(v, name) || (name == "manifest.json" && names(v, "manifest.sig")))
          << name << " at " << at << "\n"
          << told(v);
    }
}

TEST_F(Pack, OneChangedByteIsSeenAlsoWhereTheManifestWasMadeToFit) {
  for (const auto& [name, text] : good.files) {
    if (name.starts_with("manifest")) continue;
    pack bad = good;
    bad.files[name][text.size() / 2] = static_cast<char>(bad.files[name][text.size() / 2] ^ 1);
    bad.list();
    const auto v = judged(bad);
    EXPECT_FALSE(v.ok) << name;
    const std::string named = name == "key.pub" ? "seals.jsonl" : name;
    EXPECT_TRUE(names(v, name) || names(v, named)) << name << "\n" << told(v);
  }
}

TEST_F(Pack, AMissingFileIsNamedWithAndWithoutAManifestThatFits) {
  for (const auto& [name, text] : good.files) {
    if (name == "manifest.sig") continue;
    pack bad = good;
    bad.files.erase(name);
    EXPECT_TRUE(names(judged(bad), name, "缺失")) << name;
    if (name == "manifest.json") continue;
    bad.list();
    EXPECT_TRUE(names(judged(bad), name, "缺失")) << name;
  }
}

TEST_F(Pack, AFileTooManyIsNamed) {
  pack bad = good;
  bad.files["figures/extra.csv"] = "key\r\n";
  EXPECT_TRUE(names(judged(bad), "figures/extra.csv"));
  bad.list();
  EXPECT_TRUE(names(judged(bad), "figures/extra.csv"));
}

TEST_F(Pack, WithoutItsSignatureThePackVerifiesAndSaysThatNobodyVouches) {
  pack plain = good;
  plain.files.erase("manifest.sig");
  const auto v = judged(plain, {fingerprint});
  EXPECT_TRUE(v.ok) << told(v);
  EXPECT_LT(v.sealed_entries, v.entries);
  EXPECT_EQ(v.from, origin::not_proven) << "the seals do not go as far as the entries: anybody may have added the rest";
  EXPECT_FALSE(v.manifest_signed);
  EXPECT_THAT(v.remarks, testing::Contains(HasSubstr("清单未签名")));
}

TEST_F(Pack, AChangedEntryIsNamedByItsNumber) {
  for (std::size_t i = 0; i < good.lines("journal.jsonl").size(); ++i) {
    pack bad = good;
    auto lines = bad.lines("journal.jsonl");
    journal_line l = read_line(lines[i]).value();
    l.body += " ";
    lines[i] = line_of(l);
    bad.set_lines("journal.jsonl", lines);
    bad.list();
    EXPECT_TRUE(names(judged(bad), "journal.jsonl", "被改动过", static_cast<std::int64_t>(i) + 1)) << i + 1;
  }
}

TEST_F(Pack, ADroppedASwappedAndAnInsertedLineAreNamed) {
  const auto lines = good.lines("journal.jsonl");
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    const auto entry = static_cast<std::int64_t>(i) + 1;
    pack bad = good;
    auto changed = lines;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    bad.set_lines("journal.jsonl", changed);
    bad.list();
    EXPECT_TRUE(names(judged(bad), "journal.jsonl", "缺少", entry)) << "dropped " << entry;
    changed = lines;
    std::swap(changed[i], changed[i + 1]);
    bad.set_lines("journal.jsonl", changed);
    bad.list();
    EXPECT_TRUE(names(judged(bad), "journal.jsonl", {}, entry)) << "swapped " << entry;
    changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i) + 1, lines[i]);
    bad.set_lines("journal.jsonl", changed);
    bad.list();
    EXPECT_TRUE(names(judged(bad), "journal.jsonl", {}, entry + 1)) << "inserted after " << entry;
  }
}

TEST_F(Pack, ATailCutOffIsNamedWhereItIsMissing) {
  pack bad = good;
  auto lines = bad.lines("journal.jsonl");
  lines.pop_back();
  bad.set_lines("journal.jsonl", lines);
  bad.list();
  EXPECT_TRUE(names(judged(bad), "journal.jsonl", "应有", static_cast<std::int64_t>(lines.size()) + 1));
}

/** An entry that a cheat would rather not have: the first outage. */
std::size_t first_outage(const std::vector<std::string>& lines) {
  const auto it = std::ranges::find_if(lines, [](const std::string& l) { return l.find(R"(\"down\")") != l.npos; });
  return static_cast<std::size_t>(it - lines.begin());
}

TEST_F(Pack, ARewrittenJournalWithHashesFiguresAndManifestMadeToFitBreaksTheSeals) {
  pack bad = good;
  auto lines = bad.lines("journal.jsonl");
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(first_outage(lines)));
  bad.set_lines("journal.jsonl", lines);
  bad.rehash();
  bad.recompute(scratch());
  bad.list();
  const auto v = judged(bad);
  EXPECT_FALSE(v.ok);
  EXPECT_TRUE(names(v, "journal.jsonl", "封存之后被改写", 1)) << told(v);
}

TEST_F(Pack, SealsTakenAwayLeaveDaysThatShouldBeSealed) {
  pack bad = good;
  auto seals = bad.lines("seals.jsonl");
  seals.pop_back();
  bad.set_lines("seals.jsonl", seals);
  bad.recompute(scratch());
  bad.list();
  EXPECT_TRUE(names(judged(bad), "seals.jsonl", "2026-03-16 已过而未封存"));
}

TEST_F(Pack, WhoSignsEverythingWithAKeyOfHisOwnIsConsistentAndNotProven) {
  pack forged = good;
  auto lines = forged.lines("journal.jsonl");
  const std::size_t outage = first_outage(lines);
  journal_line l = read_line(lines[outage]).value();
  l.body.replace(l.body.find("timeout"), 7, "refused");
  lines[outage] = line_of(l);
  forged.set_lines("journal.jsonl", lines);
  const auto key = ledger::signing_key::make(ledger::algorithm::ed25519).value();
  forged.rehash();
  forged.reseal(key);
  forged.recompute(scratch());
  forged.list(&key);

  const auto v = judged(forged);
  EXPECT_TRUE(v.ok) << told(v);
  EXPECT_EQ(v.from, origin::not_proven);
  const auto with_fingerprint = judged(forged, {fingerprint});
  EXPECT_FALSE(with_fingerprint.ok);
  EXPECT_EQ(with_fingerprint.from, origin::other_key);
  EXPECT_TRUE(names(with_fingerprint, "seals.jsonl", ledger::short_form(key.half().fingerprint())))
      << told(with_fingerprint);
  EXPECT_TRUE(names(with_fingerprint, "manifest.sig", ledger::short_form(key.half().fingerprint())));
}

TEST_F(Pack, AForeignSignatureOfTheManifestIsNoSignature) {
  pack forged = good;
  const auto key = ledger::signing_key::make(ledger::algorithm::ed25519).value();
  forged.list(&key);
  EXPECT_TRUE(names(judged(forged), "manifest.sig", "不在 key.pub"));
  forged.files["key.pub"] += key.half().pem();
  forged.list(&key);
  EXPECT_TRUE(judged(forged).ok) << "two keys, and nobody named the true one";
  EXPECT_TRUE(names(judged(forged, {fingerprint}), "manifest.sig", ledger::short_form(key.half().fingerprint())));
}

TEST_F(Pack, EntriesAfterTheLastSealAreVouchedForByTheManifestAlone) {
  pack bad = good;
  auto lines = bad.lines("journal.jsonl");
  lines.pop_back();  // an outage of today
  bad.set_lines("journal.jsonl", lines);
  bad.rehash();
  bad.recompute(scratch());
  const pack unsigned_one = [&] {
    pack p = bad;
    p.list();
    return p;
  }();
  bad.files["manifest.json"] = unsigned_one.files.at("manifest.json");
  EXPECT_TRUE(names(judged(bad), "manifest.sig", "签名与清单不符"));
  const auto v = judged(unsigned_one, {fingerprint});
  EXPECT_TRUE(v.ok) << told(v);
  EXPECT_EQ(v.from, origin::not_proven) << "every entry that is left is sealed";
  EXPECT_THAT(v.remarks, testing::Contains(HasSubstr("清单未签名")));
}

TEST_F(Pack, NoFigureCanBeChangedWithoutRowAndFieldBeingNamed) {
  pack bad = good;
  bad.replace("figures/availability_by_line.csv", "L2,265549", "L2,266549");
  bad.list();
  auto v = judged(bad);
  EXPECT_TRUE(names(v, "figures/availability_by_line.csv", "行 L2 的 up_s")) << told(v);
  EXPECT_TRUE(names(v, "figures/availability_by_line.csv", "所列为 266549")) << told(v);

  bad = good;
  bad.replace("figures/availability.json", R"("key":"L2","up_ms":)", R"("key":"L2","up_ms":1)");
  bad.list();
  v = judged(bad);
  EXPECT_TRUE(names(v, "figures/availability.json", "milliseconds.line[L2].up_ms")) << told(v);

  bad = good;
  bad.replace("windows.csv", ",approved,", ",revised,");
  bad.list();
  v = judged(bad);
  EXPECT_TRUE(names(v, "windows.csv", "state")) << told(v);
}

TEST_F(Pack, ARowLeftOutAndARowPutInAreNamed) {
  pack bad = good;
  auto rows = bad.lines("figures/outages.csv");
  const std::string outage = rows[1];
  rows.erase(rows.begin() + 1);
  bad.set_lines("figures/outages.csv", rows);
  bad.list();
  EXPECT_TRUE(names(judged(bad), "figures/outages.csv", "缺少行 L2 2026-03-17"));
  rows.insert(rows.begin() + 1, {outage, "L9" + outage.substr(2)});
  bad.set_lines("figures/outages.csv", rows);
  bad.list();
  EXPECT_TRUE(names(judged(bad), "figures/outages.csv", "行 L9 2026-03-17"));
}

TEST_F(Pack, ACellOfTheWorkbookIsNamed) {
  pack bad = good;
  auto inside = zip_reader::over(bad.files["figures.xlsx"]);
  pack workbook;
  for (const zip_member& m : inside->members()) workbook.files[m.name] = inside->text(m, 1 << 20).value();
  pack changed = workbook;
  changed.replace("xl/worksheets/sheet1.xml", "0.99438", "0.99538");
  const std::string path = (f.path / "workbook.zip").string();
  const auto put = [&](const pack& p) {
    p.write(path);
    std::ifstream file(path, std::ios::binary);
    bad.files["figures.xlsx"] = {std::istreambuf_iterator<char>(file), {}};
    bad.list();
    return judged(bad);
  };
  EXPECT_TRUE(put(workbook).ok) << "packed another way, the same cells";
  EXPECT_TRUE(names(put(changed), "figures.xlsx", "sheet1!")) << told(judged(bad));
  changed = workbook;
  changed.files["xl/styles.xml"] += " ";
  EXPECT_TRUE(names(put(changed), "figures.xlsx", "styles.xml"))
      << "a format can show another number than the cell has";
}

TEST_F(Pack, AClosingThatItsEntriesDoNotGiveIsSaid) {
  pack bad = good;
  auto lines = bad.lines("journal.jsonl");
  for (std::string& text : lines) {
    journal_line l = read_line(text).value();
    const std::size_t at = l.body.find(R"("sheet":")");
    if (l.kind != "closed") continue;
    l.body[at + 9] = l.body[at + 9] == '0' ? '1' : '0';
    text = line_of(l);
  }
  bad.set_lines("journal.jsonl", lines);
  const auto key = ledger::signing_key::make(ledger::algorithm::ed25519).value();
  bad.rehash();
  bad.reseal(key);
  bad.recompute(scratch());
  bad.list(&key);
  EXPECT_TRUE(names(judged(bad), "closings.json", "与账目不符")) << told(judged(bad));
}

TEST_F(Pack, AHeartbeatMovedIsSeen) {
  for (const char* moved :
       {R"("heartbeat":"2026-03-16T00:00:00.000+08:00")", R"("heartbeat":"2026-03-19T00:00:00.000+08:00")"}) {
    pack bad = good;
    bad.replace("head.json", R"("heartbeat":"2026-03-17T02:30:00.000+08:00")", moved);
    bad.recompute(scratch());
    bad.list();
    const auto v = judged(bad);
    EXPECT_FALSE(v.ok) << moved;
    EXPECT_TRUE(names(v, "head.json") || names(v, "seals.jsonl")) << told(v);
  }
}

TEST_F(Pack, ThePageOfAnotherVersionIsNotComparedAndSaysSo) {
  pack other = good;
  other.replace("README.html", "审计证据包", "審計證據包");
  other.list();
  EXPECT_TRUE(names(judged(other), "README.html"));
  other.replace("head.json", R"("software":"0.1.0")", R"("software":"0.2.0")");
  other.list();
  const auto v = judged(other);
  EXPECT_TRUE(v.ok) << told(v);
  EXPECT_THAT(v.remarks, testing::Contains(HasSubstr("未逐字比较")));
}

TEST_F(Pack, ThePageWorksItsFormulasWithThePacksOwnNumbers) {
  const auto says = [&](std::string_view words) {
    return good.files.at("README.html").find(words) != std::string::npos;
  };
  EXPECT_TRUE(says("以线路 <b>L2</b>"));
  EXPECT_TRUE(says("265549 / (265549 + 1500) = 99.43830 %"));
  EXPECT_TRUE(says("verify_pack.py"));
  EXPECT_TRUE(says(ledger::short_form(ledger::read_seal(good.lines("seals.jsonl")[0]).value().key)));
}

TEST_F(Pack, TheListOfWindowsSaysWhoWhenAndWhatIsOutOfTheBooks) {
  const auto rows = good.lines("windows.csv");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(
      rows[2],
      "10,W1,L2,2026-03-14T01:56:40.000+08:00,2026-03-14T05:33:20.000+08:00,2026-03-14T05:50:00.000+08:00,approved,"
      "王工,,王工,王工,false,2026-03-14T05:33:20.000+08:00,2026-03-14T05:50:00.000+08:00\r");
  EXPECT_TRUE(rows[3].ends_with("approved,王工,,,王工,true,,\r")) << "approved when it had begun: " << rows[3];
}

TEST_F(Pack, AFileThatIsNotThereIsAProblemAndNoVerdict) {
  EXPECT_FALSE(verify_pack({(f.path / "none.zip").string(), {}, "0.1.0"}, {}));
}

TEST_F(Pack, WhatIsNoZipIsNotVerified) {
  const std::string path = (f.path / "text.zip").string();
  std::ofstream(path) << "not a pack";
  const auto v = verify_pack({path, {}, "0.1.0"}, {});
  ASSERT_TRUE(v);
  EXPECT_FALSE(v->ok);
  EXPECT_TRUE(names(*v, path));
}

TEST_F(Pack, StoppingAVerificationIsNoVerdict) {
  EXPECT_FALSE(verify_pack({(f.path / "pack.zip").string(), {}, "0.1.0"}, [](const char*, double) { return false; }));
}

}  // namespace
}  // namespace changtong::audit
