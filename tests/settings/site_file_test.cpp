// Sites in a CSV file of their own: what its cells become, by the same rules as the list, and the list moved there.
#include "daemon/settings/site_list.h"

#include <gmock/gmock.h>

#include "collectors/registry.h"
#include "daemon/settings/table_columns.h"
#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;
using namespace std::chrono_literals;

world sites(std::string csv) {
  world w = with("sites: sites.csv\n");
  w.files["sites.csv"] = std::move(csv);
  return w;
}

/** With the http kind as it is, which knows every key. */
loaded really(const world& w) {
  surroundings s = w.view();
  s.kinds = kinds();
  auto r = load("c.yaml", s);
  if (!r) throw std::runtime_error(to_string(r.error().list.front()));
  return std::move(*r);
}

const target& site_of(const loaded& l, const std::string& id) { return *l.value.targets->find(id); }

TEST(SiteFile, RowsAreSites) {
  const loaded l =
      good(sites("id,name,url,category,unit,accepted,closed,interval,contains\n"
                 "portal,区政府门户网站,https://www.example.gov.cn/,网站,区政府办公室,2024/3/1,,30s,政务公开\n"
                 "edu,,http://edu.example.gov.cn/,education,,,2026-01-01,,\n"));
  const target& portal = site_of(l, "portal");
  EXPECT_EQ(portal.kind, target_kind::site);
  EXPECT_EQ(portal.name, "区政府门户网站");
  EXPECT_EQ(portal.url, "https://www.example.gov.cn/");
  EXPECT_EQ(portal.category, "website") << "by its Chinese name";
  EXPECT_EQ(portal.unit, "区政府办公室");
  EXPECT_EQ(l.value.zone.format(*portal.accepted), "2024-03-01T00:00:00.000+08:00") << "as a spreadsheet saves it";
  EXPECT_EQ(check_of(l.value, "portal").when.interval, 30s);
  EXPECT_EQ(check_of(l.value, "portal").spec, "http:contains=政务公开,interval=30s");
  EXPECT_EQ(site_of(l, "edu").name, "edu");
  EXPECT_EQ(site_of(l, "edu").category, "education");
  EXPECT_TRUE(site_of(l, "edu").closed);
  EXPECT_EQ(l.value.sites_file, "sites.csv");
  EXPECT_NE(describe(l).find("网站清单：sites.csv"), std::string::npos);
}

TEST(SiteFile, IsWhatASpreadsheetSaves) {
  const loaded two = good(sites(
      "\xef\xbb\xbf\"# 网站,由办公室维护\",,,,\r\n编号,名称,网址,周期,\r\nportal,门户,https://a/,60s,\r\n,,,,\r\n"));
  EXPECT_EQ(site_of(two, "portal").name, "门户");
  const loaded gbk = good(sites("id,name,url\nportal,\xc3\xc5\xbb\xa7,https://a/\n"));
  EXPECT_EQ(site_of(gbk, "portal").name, "门户") << "GB18030";
}

TEST(SiteFile, ACellHasSeveralTextsOneALine) {
  const loaded l =
      really(sites("id,url,contains,status,tls,headers\n"
                   "p,https://a/,\"一\n二\",\"200\n301-302\",\"min: 1.0\nverify: no\",\"{ X-Who: changtong }\"\n"));
  const loaded listed =
      really(with("sites: [ { id: p, url: \"https://a/\", contains: [一, 二], status: [200, 301-302], "
                  "tls: { min: 1.0, verify: no }, headers: { X-Who: changtong } } ]\n"));
  EXPECT_EQ(check_of(l.value, "p").spec, check_of(listed.value, "p").spec);
}

TEST(SiteFile, ProblemsStandAtTheirCells) {
  const auto said = [](const std::string& rows) { return errors(sites("id,name,url,interval,contains\n" + rows)); };
  EXPECT_EQ(said("p,,www.example.gov.cn,,\n"),
            "sites.csv:2:4: url 'www.example.gov.cn' is no address of a page: write http:// or https://, a host and a "
            "path\n");
  EXPECT_EQ(said("p,,https://a/,60,\n"),
            "sites.csv:2:15: interval '60' has no unit: write 60s for seconds, or ms, m, h\n");
  EXPECT_EQ(said("p,,,,\n"), "sites.csv:2:4: a site: 'url' has no value: write url: https://www.example.gov.cn/\n");
  EXPECT_EQ(said("V1,,https://a/,,\n"),
            "sites.csv:2:1: duplicate id 'V1': line 2 of lines.csv has it already; choose another\n");
  EXPECT_EQ(said("p,,https://a/\n"),
            "sites.csv:2:1: this row has 3 fields and the headings have 5: put a field that holds commas in quotes\n");
  EXPECT_EQ(errors(sites("id,name\np,门户\n")), "sites.csv:1:1: the heading 'url' (网址) is missing\n");
  EXPECT_EQ(errors(sites("id,url,timout\np,https://a/,15s\n")),
            "sites.csv:1:8: unknown heading 'timout': did you mean 'timeout'?\n");
  EXPECT_EQ(errors(sites("id,url,tls\np,https://a/,old\n")),
            "sites.csv:2:14: tls is written {min: 1.2, legacy_renegotiation: no, verify: yes}, not a text\n");
  EXPECT_EQ(errors(sites("")), "sites.csv:1:1: no headings: begin with id,name,url (编号,名称,网址)\n");
  EXPECT_EQ(errors(with("sites: sites.csv\n")), "c.yaml:3:8: sites: cannot read 'sites.csv': no such file\n");
}

TEST(SiteFile, APathInItIsSeenFromItsFolder) {
  world w = with("sites: web/sites.csv\n");
  w.files["web/sites.csv"] = "id,url,ca\np,https://a/,own.pem\n";
  EXPECT_EQ(check_of(good(w).value, "p").spec, "http:ca=web/own.pem");
}

TEST(SiteFile, WithoutLinesItMayBeAllThereIs) {
  world w = sites("id,url\np,https://a/\n");
  w.files["c.yaml"] = "sites: sites.csv\nanchors: [198.51.100.1, 198.51.100.2]\n";
  EXPECT_NE(good(w).value.targets->find("p"), nullptr);
  w.files["sites.csv"] = "id,url\n";
  EXPECT_EQ(errors(w), "sites.csv:1:1: the inventory is empty: there is no line and no site to watch\n");
}

TEST(SiteFile, AListMovesThereAsItIs) {
  const std::string yaml =
      "sites:\n"
      "  - { id: p, name: =门户, url: \"https://a/\", contains: [一, \"二, 三\"], status: [200, 301], closed: "
      "2026-01-01 }\n"
      "  - { id: q, url: \"https://b/\", tls: { min: 1.0, verify: no }, headers: { \"X-Who\": \"a: \\\"b\\\" #c\" }, "
      "empty: allow, down_after: 2 }\n";
  const world listed = with(yaml);
  const auto csv = site_list_as_csv(listed.files.at("c.yaml"));
  ASSERT_TRUE(csv);
  EXPECT_TRUE(
      csv->starts_with("\xef\xbb\xbf编号,名称,网址,停用日期,几次算断,须有文字,状态码,允许空页,加密放宽,附加报头\r\n"))
      << *csv;
  const loaded before = really(listed), after = really(sites(*csv));
  const auto told = compare(before.value, after.value);
  ASSERT_EQ(told.size(), 1U) << to_string(told[1].text);
  EXPECT_EQ(told[0].subject, "sites");
}

TEST(SiteFile, WhereThereIsNothingToMoveItSaysWhatToDoInstead) {
  const auto moved = site_list_as_csv("sites: mine.csv\n");
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().text,
            "网站已在文件 mine.csv 里（sites: mine.csv），不用再导出：直接改它，或在控制台“网站”页里改");
  for (const char* none : {"inventory: lines.csv\n", "sites: []\n", "sites:\n"}) {
    const auto csv = site_list_as_csv(none);
    ASSERT_FALSE(csv) << none;
    EXPECT_TRUE(csv.error().text.starts_with("配置里没有网站，没有可导出的：要从文件开始")) << csv.error().text;
  }
}

TEST(SiteFile, FaultsNameTheColumnAsPeopleCallItWithTheKeyBesideIt) {
  const auto told = [](const std::string& heading, const std::string& cell) {
    const world w = sites("id,url," + heading + "\nportal,https://a/," + cell + "\n");
    surroundings s = w.view();
    s.kinds = kinds();
    const auto r = load("c.yaml", s);
    return r ? std::string("it holds") : words_of(r.error().list.front()).cn;
  };
  using testing::StartsWith;
  EXPECT_EQ(told("interval", "1"), told("周期", "1")) << "whichever heading the file has";
  EXPECT_THAT(told("interval", "9d"), StartsWith("周期（interval） "));
  EXPECT_THAT(told("timeout", "3h"), StartsWith("时限（timeout） 3h 超出范围"));
  EXPECT_THAT(told("down_after", "0"), StartsWith("几次算断（down_after） '0' 超出范围"));
  EXPECT_THAT(told("accepted", "昨天"), StartsWith("开通日期（accepted） "));
  EXPECT_THAT(told("tls", "min: 9"), StartsWith("加密放宽（tls.min） 应为 1.0"));
  EXPECT_THAT(told("redirects", "x"), StartsWith("最多重定向（redirects）"));
  EXPECT_THAT(told("status", "99999"), StartsWith("状态码（status）"));
  EXPECT_THAT(told("empty", "maybe"), StartsWith("允许空页（empty） 应为 allow 或 refuse"));
  EXPECT_THAT(told("headers", "Host: x"), StartsWith("http: 报头")) << "it says which header";
  const auto none = load("c.yaml", sites("编号,网址\nportal,\n").view());
  EXPECT_EQ(words_of(none.error().list.front()).cn, "网站的 网址（url） 没有值：请写 https://www.example.gov.cn/");
}

TEST(SiteFile, AFormSaysTheNameAlone) {
  const auto& of = reading::columns_of_sites();
  EXPECT_EQ(of.without_keys({"周期（interval） 9d 超出范围", "x"}).cn, "周期 9d 超出范围");
  EXPECT_EQ(of.in_their_words({"intervals 9d", "x"}).cn, "intervals 9d") << "no key of ours";
}

}  // namespace
}  // namespace changtong
