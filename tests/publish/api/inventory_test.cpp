// Lines are changed over HTTP: what is asked, what is answered, who may, and what is said in the audit log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lines/inventory_on_disk.h"
#include "tests/publish/api/asking.h"

namespace changtong::api {
namespace {

using testing::HasSubstr;

const std::string at = "/api/v1/inventory";

struct InventoryTest : testing::Test, asking {
  InventoryTest() {
    d.desk = &files.table;
    d.people = {{.name = "王工", .token = secret("wang"), .may = {right::reload}},
                {.name = "李工", .token = secret("li"), .may = {right::request, right::import}}};
    peer = "198.51.100.17";  // the log of refusals is one for all tests
    start();
    figures_ready();
  }
  [[nodiscard]] web_response send(const std::string& path, const std::string& body,
                                  std::multimap<std::string, std::string> query = {},
                                  const std::string& token = "wang") const {
    return ask("POST", at + path, std::move(query), {{"authorization", "Bearer " + token}}, body);
  }
  [[nodiscard]] boost::json::value fine(const web_response& answer) const {
    EXPECT_EQ(answer.status, 200) << answer.body;
    return boost::json::parse(answer.body);
  }
  static std::string code(const web_response& answer) {
    return std::string(boost::json::parse(answer.body).at("error").at("code").as_string());
  }
  [[nodiscard]] std::string hash() const { return std::string(json(at).at("hash").as_string()); }

  lines::inventory_folder files;
};

TEST_F(InventoryTest, ALineIsShownAsItIsWritten) {
  const auto all = json(at);
  EXPECT_EQ(all.at("lines"), 2);
  EXPECT_EQ(all.at("writable"), true);
  const auto line = json(at + "/lines/T01").at("line");
  EXPECT_EQ(line.at("category"), "乡镇街");
  EXPECT_FALSE(line.as_object().contains("closed"));
  EXPECT_EQ(ask("GET", at + "/lines/X").status, 404);
}

TEST_F(InventoryTest, APreviewHasTheProblemAtItsField) {
  const auto p = fine(send(
      "/changes/preview",
      R"({"add":[{"id":"V02","category":"村/社区","address":"10.1.1.256"}],"change":[{"编号":"V01","name":"南街","closed":"2026-06-30"}]})"));
  EXPECT_EQ(p.at("added").at(0).at("id"), "V02");
  EXPECT_EQ(p.at("changed").at(0).at("from"), "北街");
  EXPECT_EQ(p.at("closed").at(0).at("closed"), "2026-06-30");
  ASSERT_EQ(p.at("problems").as_array().size(), 1U);
  EXPECT_EQ(p.at("problems").at(0).at("id"), "V02");
  EXPECT_EQ(p.at("problems").at(0).at("field"), "address");
  EXPECT_EQ(files.lines(), lines::two_lines);
}

TEST_F(InventoryTest, AChangeIsAppliedInTheNameOfWhoAsked) {
  const auto done = fine(send("/changes", R"({"hash":")" + hash() + R"(","change":[{"id":"V01","name":"南街"}]})"));
  EXPECT_EQ(done.at("applied"), true);
  EXPECT_EQ(done.at("text"), "专线有变");
  EXPECT_EQ(files.reloaded_by, "王工");
  EXPECT_THAT(files.lines(), HasSubstr("V01,南街,"));
}

TEST_F(InventoryTest, TheTokenThatIsNobodysChangesNoLine) {
  d.token = "a1";
  const auto no = send("/changes", R"({"hash":")" + hash() + R"(","change":[{"id":"V01","name":"南街"}]})", {}, "a1");
  EXPECT_EQ(no.status, 403) << no.body;
  EXPECT_EQ(code(no), "nobody");
  EXPECT_EQ(send("/sheet", "id,name\n", {{"hash", hash()}}, "a1").status, 403);
  EXPECT_EQ(files.lines(), lines::two_lines);
}

TEST_F(InventoryTest, WhatChangedMeanwhileIsInTheAnswer) {
  const std::string before = hash();
  files.write("lines.csv", lines::two_lines + "V09,新,村/社区,10.1.1.9,\n");
  const auto no = send("/changes", R"({"hash":")" + before + R"(","change":[{"id":"V01","name":"南街"}]})");
  EXPECT_EQ(no.status, 409);
  EXPECT_EQ(code(no), "changed_meanwhile");
  const auto told = boost::json::parse(no.body);
  EXPECT_EQ(told.at("meanwhile").at(0).at("id"), "V09");
  EXPECT_EQ(told.at("meanwhile").at(0).at("what"), "added");
  EXPECT_EQ(told.at("hash"), boost::json::value(hash()));
}

TEST_F(InventoryTest, EveryWayToSayNoHasItsCode) {
  const std::string now = hash(), begin = R"({"hash":")" + now + R"(",)";
  EXPECT_EQ(code(send("/changes", begin + R"("change":[{"id":"V01","address":"x"}]})")), "has_problems");
  EXPECT_EQ(code(send("/changes", begin + R"("change":[{"id":"V01","name":"北街"}]})")), "nothing_to_change");
  files.refuses = true;
  const auto refused = send("/changes", begin + R"("change":[{"id":"V01","name":"南街"}]})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(code(refused), "configuration_refused");
  EXPECT_EQ(files.lines(), lines::two_lines);
  d.desk = nullptr;
  start();
  EXPECT_EQ(ask("GET", at).status, 503);
  EXPECT_EQ(send("/changes/preview", R"({"change":[{"id":"V01"}]})").status, 503);
}

TEST_F(InventoryTest, ABodyThatSaysSomethingElseIsRefused) {
  std::string many = R"({"change":[)";
  for (std::size_t i = 0; i <= lines::most_edits; ++i) many += std::string(i == 0 ? "" : ",") + R"({"id":"V01"})";
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"add":[]})"),
        std::string(R"({"add":[1]})"), std::string(R"({"add":[{"id":1}]})"), std::string(R"({"add":[{"idd":"x"}]})"),
        std::string(R"({"change":[{"id":"V01","编号":"V02"}]})"), std::string(R"({"remove":[]})"), many + "]}"})
    EXPECT_EQ(code(send("/changes/preview", body)), "bad_body") << body.substr(0, 60);
  EXPECT_EQ(code(send("/changes", R"({"change":[{"id":"V01","name":"南街"}]})")), "bad_body") << "no hash";
}

TEST_F(InventoryTest, ASheetIsPreviewedAsTheCommandLinePrintsItAndApplied) {
  const std::string sheet =
      "编号,名称,类别,IP地址,开通日期\nT01,城关镇,乡镇街,10.1.1.1,\nV02,东街,行政村,10.1.1.3,2024年3月1日\n";
  const auto p = fine(send("/sheet/preview", sheet));
  EXPECT_EQ(p.at("unchanged"), 1);
  EXPECT_EQ(p.at("confirm").at(0).at("word"), "行政村");
  EXPECT_EQ(p.at("confirm").at(0).at("name"), "村/社区");
  EXPECT_EQ(p.at("preview").at("added").at(0).at("line").at("accepted"), "2024-03-01");
  const std::string now(p.at("hash").as_string());
  EXPECT_EQ(code(send("/sheet", sheet)), "bad_body") << "no hash";
  EXPECT_EQ(code(send("/sheet", sheet, {{"hash", now}})), "to_confirm");
  EXPECT_EQ(code(send("/sheet", sheet, {{"hash", now}, {"nonsense", "1"}})), "bad_parameter");
  EXPECT_EQ(code(send("/sheet", sheet, {{"hash", now}, {"confirm", "maybe"}})), "bad_parameter");
  EXPECT_EQ(code(send("/sheet/preview", sheet, {{"close_missing", "soon"}})), "bad_body");
  EXPECT_EQ(code(send("/sheet/preview", "")), "bad_body");
  const auto done = fine(send("/sheet", sheet, {{"hash", now}, {"confirm", "1"}}));
  EXPECT_EQ(done.at("remark"), "");
  EXPECT_THAT(files.lines(), HasSubstr("V02,东街,村/社区,10.1.1.3,"));
  EXPECT_EQ(code(send("/sheet", sheet, {{"hash", now}, {"confirm", "1"}})), "changed_meanwhile");
}

TEST_F(InventoryTest, AProblemOfASheetHasItsRow) {
  const auto p = fine(send("/sheet/preview", "编号,类别,IP地址,开通日期\nV02,村,10.1.1.3,24/3/1\n"));
  const auto& problem = p.at("preview").at("problems").at(0);
  EXPECT_EQ(problem.at("row"), 2);
  EXPECT_EQ(problem.at("heading"), "开通日期");
}

TEST_F(InventoryTest, WhoMayNotReloadChangesNothing) {
  for (const char* path : {"/changes", "/changes/preview", "/sheet", "/sheet/preview"})
    EXPECT_EQ(send(path, "{}", {}, "li").status, 403) << path;
  EXPECT_EQ(files.lines(), lines::two_lines);
}

/** Sites stand in a file; the second has a secret in it. */
struct SitesTest : InventoryTest {
  SitesTest() {
    files.write("changtong.yaml", "ledger: ledger.db\ninventory: lines.csv\nsites: sites.csv\n");
    files.write("sites.csv", two_sites);
  }
  [[nodiscard]] std::string begin() const {
    return R"({"hash":")" + std::string(json(at + "/sites").at("hash").as_string()) + R"(",)";
  }
  const std::string two_sites =
      "编号,名称,网址,附加报头\nportal,门户,https://a.gov.cn/,\nedu,教育,https://b.gov.cn/,X-Key: s3cret\n";
};

TEST_F(SitesTest, ASiteIsShownAsItIsWrittenButForWhatIsSecret) {
  const auto all = json(at + "/sites");
  EXPECT_EQ(all.at("sites"), 2);
  EXPECT_EQ(all.at("writable"), true);
  const auto edu = json(at + "/sites/edu").at("site");
  EXPECT_EQ(edu.at("name"), "教育");
  EXPECT_FALSE(edu.as_object().contains("headers"));
  EXPECT_EQ(code(ask("GET", at + "/sites/X")), "unknown_site");
}

TEST_F(SitesTest, ASiteIsAddedChangedAndClosed) {
  const std::string body =
      R"("add":[{"id":"new","网址":"https://c.gov.cn/"}],"change":[{"id":"portal","interval":"30s"},{"id":"edu","closed":"2026-06-30"}]})";
  const auto p = fine(send("/sites/changes/preview", "{" + body));
  EXPECT_EQ(p.at("added").at(0).at("site").at("url"), "https://c.gov.cn/");
  EXPECT_EQ(p.at("changed").at(0).at("field"), "interval");
  EXPECT_EQ(p.at("closed").at(0).at("id"), "edu");
  EXPECT_TRUE(p.at("problems").as_array().empty());
  EXPECT_EQ(files.read("sites.csv"), two_sites);
  EXPECT_EQ(fine(send("/sites/changes", begin() + body)).at("applied"), true);
  EXPECT_EQ(files.reloaded_by, "王工");
  EXPECT_THAT(files.read("sites.csv"), HasSubstr("X-Key: s3cret"));
  EXPECT_EQ(files.lines(), lines::two_lines);
}

TEST_F(SitesTest, EveryWayToSayNoIsAsForLines) {
  EXPECT_EQ(code(send("/sites/changes", begin() + R"("change":[{"id":"edu","url":"x"}]})")), "has_problems");
  EXPECT_EQ(code(send("/sites/changes", begin() + R"("change":[{"id":"edu","headers":"X: y"}]})")), "bad_body");
  EXPECT_EQ(code(send("/sites/changes", begin() + R"("change":[{"id":"edu","address":"10.1.1.1"}]})")), "bad_body");
  const std::string before = begin();
  files.write("sites.csv", two_sites + "hand,手,https://d.gov.cn/,\n");
  const auto no = send("/sites/changes", before + R"("change":[{"id":"edu","name":"新"}]})");
  EXPECT_EQ(code(no), "changed_meanwhile");
  EXPECT_EQ(boost::json::parse(no.body).at("meanwhile").at(0).at("id"), "hand");
  for (const char* path : {"/sites/changes", "/sites/changes/preview"})
    EXPECT_EQ(send(path, "{}", {}, "li").status, 403) << path;
  files.write("changtong.yaml", "ledger: ledger.db\ninventory: lines.csv\nsites: [ { id: p, url: \"https://a/\" } ]\n");
  const auto listed = ask("GET", at + "/sites");
  EXPECT_EQ(listed.status, 409);
  EXPECT_EQ(code(listed), "no_inventory");
  EXPECT_THAT(listed.body, HasSubstr("changtong export sites"));
}

}  // namespace
}  // namespace changtong::api
