#include "daemon/lines/desk.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lines/inventory_on_disk.h"

namespace changtong::lines {
namespace {

using column = sheets::line_columns::column;
const auto& of_lines = reading::columns_of_lines();
const auto& of_sites = reading::columns_of_sites();
using reason = refusal::reason;
using testing::HasSubstr;

struct DeskTest : testing::Test, inventory_folder {
  static std::vector<sheets::row_edit> renamed(const std::string& to) {
    sheets::row_edit e;
    e.cells[column::id] = "T01", e.cells[column::name] = to;
    return {e};
  }
  [[nodiscard]] std::string hash() { return table.look(of_lines).value().hash; }
};

TEST_F(DeskTest, SaysWhatThereIs) {
  const auto s = table.look(of_lines).value();
  EXPECT_EQ(s.count, 2U);
  EXPECT_EQ(s.hash.size(), 64U);
  EXPECT_FALSE(s.read_only);
  EXPECT_FALSE(s.categories.empty());
  EXPECT_EQ((*table.row(of_lines, "V01").value().what)[column::category], "村/社区");
  EXPECT_FALSE(table.row(of_lines, "X").value().what);
}

TEST_F(DeskTest, AChangeIsWrittenKeptLoadedAndNothingElseIsTouched) {
  std::filesystem::permissions(folder + "/lines.csv", std::filesystem::perms(0640));
  const auto p = table.preview(of_lines, renamed("城关")).value();
  EXPECT_EQ(lines(), two_lines) << "a preview writes nothing";
  const auto done = table.apply(of_lines, renamed("城关"), p.hash, "王工");
  ASSERT_TRUE(done) << done.error().text.en;
  EXPECT_EQ(reloaded_by, "王工");
  EXPECT_EQ(done->text.en, "lines changed");
  EXPECT_THAT(lines(), testing::StartsWith("# 手工维护\n"));
  EXPECT_THAT(lines(), HasSubstr("T01,城关,乡镇街,10.1.1.1,CT-1\n"));
  EXPECT_EQ(std::filesystem::status(folder + "/lines.csv").permissions(), std::filesystem::perms(0640));
  ASSERT_EQ(others().size(), 1U);
  EXPECT_EQ(read(others()[0]), two_lines);
  EXPECT_EQ(done->hash, hash());
  EXPECT_TRUE(table.apply(of_lines, renamed("城关镇"), done->hash, "王工"))
      << "the next one begins there, within the same second";
}

TEST_F(DeskTest, WhatChangedByHandMeanwhileIsToldAndNotOverwritten) {
  const std::string before = hash();
  std::string by_hand = two_lines;
  by_hand.replace(by_hand.find("北街"), std::string("北街").size(), "南街");
  write("lines.csv", by_hand);
  const auto done = table.apply(of_lines, renamed("城关"), before, "王工");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().why, reason::changed);
  EXPECT_TRUE(done.error().told);
  ASSERT_EQ(done.error().meanwhile.size(), 1U);
  EXPECT_EQ(done.error().meanwhile[0].id, "V01");
  EXPECT_EQ(done.error().meanwhile[0].to, "南街");
  EXPECT_EQ(lines(), by_hand);
  EXPECT_TRUE(table.apply(of_lines, renamed("城关"), done.error().hash, "王工"));
  EXPECT_THAT(lines(), HasSubstr("南街"));
}

TEST_F(DeskTest, OfATextThatNobodyLookedAtNothingIsKnown) {
  const auto done = table.apply(of_lines, renamed("城关"), std::string(64, '0'), "王工");
  EXPECT_EQ(done.error().why, reason::changed);
  EXPECT_FALSE(done.error().told);
}

TEST_F(DeskTest, WhatTheDaemonRefusesIsPutBack) {
  refuses = true;
  const auto done = table.apply(of_lines, renamed("城关"), hash(), "王工");
  EXPECT_EQ(done.error().why, reason::configuration);
  EXPECT_THAT(done.error().text.en, HasSubstr("the port is taken"));
  EXPECT_EQ(lines(), two_lines);
  EXPECT_TRUE(others().empty());
}

TEST_F(DeskTest, WhatDoesNotHoldIsNotWritten) {
  auto edits = renamed("城关");
  edits[0].cells[column::address] = "10.1.1.256";
  const auto p = table.preview(of_lines, edits).value();
  ASSERT_EQ(p.what.problems.size(), 1U);
  EXPECT_EQ(p.what.problems[0].field, column::address);
  EXPECT_EQ(table.apply(of_lines, edits, p.hash, "王工").error().why, reason::problems);
  EXPECT_EQ(table.apply(of_lines, renamed("城关镇"), p.hash, "王工").error().why, reason::nothing);
  EXPECT_EQ(lines(), two_lines);
  EXPECT_EQ(reloaded_by, "");
}

TEST_F(DeskTest, AConfigurationThatDoesNotHoldIsMendedFirst) {
  const std::string now = hash();
  write("changtong.yaml", "ledger: ledger.db\ninventory: lines.csv\nnonsense: 1\n");
  EXPECT_EQ(table.look(of_lines).error().why, reason::configuration);
  EXPECT_EQ(table.apply(of_lines, renamed("城关"), now, "王工").error().why, reason::configuration);
  write("changtong.yaml", "ledger: ledger.db\nsites:\n  - { id: portal, url: \"https://www.example.gov.cn/\" }\n");
  EXPECT_EQ(table.look(of_lines).error().why, reason::no_inventory);
  EXPECT_EQ(table.look(of_lines).error().text.cn.find("export sites"), std::string::npos)
      << "of lines it says how to have some";
}

/** A configuration whose sites stand in a file. */
struct SiteDeskTest : DeskTest {
  SiteDeskTest() {
    write("changtong.yaml", "ledger: ledger.db\ninventory: lines.csv\nsites: sites.csv\n");
    write("sites.csv", one_site);
  }
  static std::vector<sheets::row_edit> edit(bool fresh, std::vector<std::pair<std::string_view, std::string>> cells) {
    sheets::row_edit e{.fresh = fresh};
    for (auto& [name, text] : cells) e.cells[of_sites.named(name).value()] = std::move(text);
    return {e};
  }
  const std::string one_site = "编号,名称,网址,附加报头\nportal,门户,https://www.example.gov.cn/,X-Key: abc\n";
};

TEST_F(SiteDeskTest, ASiteIsAddedChangedAndClosedAsALineIs) {
  const auto now = table.look(of_sites).value();
  EXPECT_EQ(now.file, folder + "/sites.csv");
  EXPECT_EQ(now.count, 1U);
  const auto fresh = edit(true, {{"id", "edu"}, {"url", "http://edu.example.gov.cn/"}, {"contains", "一\n二"}});
  const auto p = table.preview(of_sites, fresh).value();
  ASSERT_TRUE(p.what.problems.empty()) << p.what.problems[0].text.en;
  ASSERT_EQ(p.what.added.size(), 1U);
  const auto added = table.apply(of_sites, fresh, now.hash, "王工");
  ASSERT_TRUE(added) << added.error().text.en;
  EXPECT_EQ(read("sites.csv"),
            "编号,名称,网址,附加报头,须有文字\nportal,门户,https://www.example.gov.cn/,X-Key: abc,\n"
            "edu,,http://edu.example.gov.cn/,,\"一\n二\"\n");
  EXPECT_EQ(lines(), two_lines);
  const auto closing = edit(false, {{"id", "edu"}, {"closed", "2026-06-30"}});
  const auto closed = table.preview(of_sites, closing).value().what;
  EXPECT_EQ(closed.closed.at(0).day, "2026-06-30");
  EXPECT_EQ(closed.warnings.at(0).id, "edu") << "that day is over";
  EXPECT_TRUE(table.apply(of_sites, closing, added->hash, "王工"));
  EXPECT_EQ(table.apply(of_sites, closing, added->hash, "王工").error().why, reason::changed);
}

TEST_F(SiteDeskTest, WhatIsKeptBackIsSentToNobodyElse) {
  for (const auto& [field, to] :
       {std::pair{"url", "https://attacker.example/"}, {"tls", "verify: no"}, {"ca", "mine.pem"}}) {
    const auto p = table.preview(of_sites, edit(false, {{"id", "portal"}, {field, to}})).value();
    ASSERT_FALSE(p.what.problems.empty()) << field << ": whoever is not shown the headers would have them sent there";
    EXPECT_NE(p.what.problems[0].text.cn.find("sites.csv"), std::string::npos) << "where it can be changed";
  }
}

TEST_F(SiteDeskTest, AProblemStandsAtItsField) {
  write("sites.csv", "编号,名称,网址\nportal,门户,https://www.example.gov.cn/\n");
  const auto p = table.preview(of_sites, edit(false, {{"id", "portal"}, {"url", "www.example.gov.cn"}})).value();
  ASSERT_EQ(p.what.problems.size(), 1U);
  EXPECT_EQ(p.what.problems[0].id, "portal");
  EXPECT_EQ(p.what.problems[0].field, of_sites.named("url"));
  const auto twice = table.preview(of_sites, edit(true, {{"id", "T01"}, {"url", "https://a/"}})).value();
  ASSERT_EQ(twice.what.problems.size(), 1U) << "an id of a line";
  EXPECT_EQ(twice.what.problems[0].field, of_sites.id);
}

TEST_F(SiteDeskTest, WhatTheDaemonRefusesIsPutBack) {
  refuses = true;
  const auto hash = table.look(of_sites).value().hash;
  const auto done = table.apply(of_sites, edit(false, {{"id", "portal"}, {"name", "新"}}), hash, "王工");
  EXPECT_EQ(done.error().why, reason::configuration);
  EXPECT_EQ(read("sites.csv"), one_site);
  EXPECT_EQ(others(), std::vector<std::string>{"sites.csv"}) << "no copy stays";
}

TEST_F(SiteDeskTest, WhatIsKeptBackIsNotToldEither) {
  const auto before = table.look(of_sites).value().hash;
  write("sites.csv", "编号,名称,网址,附加报头\nportal,门户,https://www.example.gov.cn/,X-Key: secret\n");
  const auto done = table.apply(of_sites, edit(false, {{"id", "portal"}, {"name", "新"}}), before, "王工");
  ASSERT_EQ(done.error().meanwhile.size(), 1U);
  EXPECT_EQ(done.error().meanwhile[0].field, of_sites.named("headers"));
  EXPECT_EQ(done.error().meanwhile[0].from + done.error().meanwhile[0].to, "");
}

TEST_F(SiteDeskTest, ListedSitesAreReadOnlyWithTheWayOut) {
  write("changtong.yaml", "ledger: ledger.db\ninventory: lines.csv\nsites: [ { id: p, url: \"https://a/\" } ]\n");
  const auto listed = table.look(of_sites);
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().why, reason::no_inventory);
  EXPECT_THAT(listed.error().text.en, HasSubstr("changtong export sites --config " + folder + "/changtong.yaml"));
  write("changtong.yaml", "ledger: ledger.db\ninventory: lines.csv\n");
  EXPECT_THAT(table.look(of_sites).error().text.en, HasSubstr("sites: sites.csv"));
}

/** 0 where all of it is said; in a process that may not write there, as root may everywhere. */
int looks_at_a_read_only_folder(desk& table, const std::vector<sheets::row_edit>& edits) {
  const auto now = table.look(of_lines);
  if (!now || !now->read_only) return 1;
  if (now->read_only->en.find("ln -s") == std::string::npos) return 2;
  const auto done = table.apply(of_lines, edits, now->hash, "王工");
  return !done && done.error().why == reason::read_only ? 0 : 3;
}

TEST_F(DeskTest, AReadOnlyFolderIsSaidWithItsRemedy) {
  std::filesystem::permissions(folder, std::filesystem::perms(0555));
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(4);
    ::_exit(looks_at_a_read_only_folder(table, renamed("城关")));
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  std::filesystem::permissions(folder, std::filesystem::perms(0755));
  EXPECT_EQ(lines(), two_lines);
}

TEST_F(DeskTest, ALinkIsFollowedAndStays) {
  std::filesystem::create_directory(folder + "/data");
  std::filesystem::rename(folder + "/lines.csv", folder + "/data/lines.csv");
  std::filesystem::create_symlink("data/lines.csv", folder + "/lines.csv");
  ASSERT_TRUE(table.apply(of_lines, renamed("城关"), hash(), "王工"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder + "/lines.csv"));
  EXPECT_THAT(read("data/lines.csv"), HasSubstr("T01,城关,"));
}

TEST_F(DeskTest, ASheetIsPreviewedConfirmedAndApplied) {
  const std::string sheet = "编号,名称,类别,IP地址\nT01,城关镇,乡镇街,10.1.1.1\nV02,东街,行政村,10.1.1.3\n";
  const auto p = table.preview(sheet, {}).value();
  ASSERT_TRUE(p.what.problems.empty()) << p.what.problems[0].text.en;
  EXPECT_EQ(p.what.added.size(), 1U);
  EXPECT_EQ(p.what.unchanged, 1U);
  ASSERT_EQ(p.what.to_confirm.size(), 1U);
  EXPECT_EQ(table.apply(sheet, {}, false, p.hash, "王工").error().why, reason::to_confirm);
  const auto done = table.apply(sheet, {}, true, p.hash, "王工");
  ASSERT_TRUE(done) << done.error().text.en;
  EXPECT_FALSE(done->remark);
  EXPECT_THAT(lines(), HasSubstr("V02,东街,村/社区,10.1.1.3,\n"));
  EXPECT_THAT(read("import-words.yaml"), HasSubstr("\"行政村\": village"));
  EXPECT_EQ(table.apply(sheet, {}, true, p.hash, "王工").error().why, reason::changed);
  EXPECT_EQ(table.apply(sheet, {}, true, done->hash, "王工").error().why, reason::nothing);
}

TEST_F(DeskTest, AnythingMayBeSentForASheet) {
  for (const std::string& bytes :
       {std::string("\x89PNG"), std::string("PK\3\4"), std::string(1, '\0'), std::string("x")}) {
    const auto p = table.preview(bytes, {});
    ASSERT_TRUE(p);
    EXPECT_FALSE(p->what.problems.empty());
    EXPECT_EQ(table.apply(bytes, {}, true, p->hash, "王工").error().why, reason::problems);
  }
}

}  // namespace
}  // namespace changtong::lines
