// Each website of the district speaks in its own manner, and what it says can be read by who reads as browsers do.
#include "daemon/simulate/site_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "collectors/wire/page_text.h"

namespace changtong::simulate {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const district_site& site_of(site_manner m) {
  static const district d = make_district(1, 1);
  return *std::ranges::find(d.sites, m, &district_site::manner);
}

std::string head_of(const std::string& answer, std::string_view end = "\r\n\r\n") {
  return answer.substr(0, answer.find(end) + end.size());
}
std::string text_of(const std::string& answer, std::string_view end = "\r\n\r\n") {
  return wire::page_text(std::string_view(answer).substr(answer.find(end) + end.size()), "text/html");
}

TEST(SitePages, ModernOneSaysItsLengthAndFailsWith500) {
  const district_site& site = site_of(site_manner::modern);
  const std::string good = site_answer(site, false, {}), bad = site_answer(site, true, {});
  EXPECT_THAT(good, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(head_of(good), HasSubstr("Content-Length: " + std::to_string(good.size() - head_of(good).size())));
  EXPECT_THAT(text_of(good), HasSubstr("<head><meta charset=\"utf-8\"><title>" + site.name + "</title>"));
  EXPECT_THAT(bad, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(text_of(bad), HasSubstr("服务器内部错误"));
}

TEST(SitePages, GbkOneIsReadByWhatThePageItselfSaysOfItsEncoding) {
  const district_site& site = site_of(site_manner::gbk);
  const std::string good = site_answer(site, false, {});
  EXPECT_THAT(head_of(good), HasSubstr("Content-Type: text/html\r\n"));
  EXPECT_THAT(good, HasSubstr("<meta charset=gb2312>"));
  EXPECT_THAT(good, Not(HasSubstr("政务公开"))) << "that would be UTF-8";
  EXPECT_THAT(text_of(good), HasSubstr("<title>" + site.name + "</title>"));
  EXPECT_THAT(text_of(good), HasSubstr("<li>政务公开</li><li>办事服务</li>"));
  EXPECT_THAT(text_of(good), HasSubstr("<p>这是演示用的网站，" + make_district(1, 1).name + "是虚构的区县。</p>"));
}

TEST(SitePages, GbkOneFailsInWordsOnly) {
  const district_site& site = site_of(site_manner::gbk);
  const std::string bad = site_answer(site, true, {});
  EXPECT_THAT(bad, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(text_of(bad), HasSubstr("政务公开")) << "so that it is the forbidden text that is called";
  EXPECT_THAT(text_of(bad), HasSubstr("数据库连接失败"));
  EXPECT_THAT(text_of(site_answer(site, false, {})), Not(HasSubstr("数据库")));
}

TEST(SitePages, OldOneSendsItsVisitorOnWithACookieAsOftenAsItIsAskedWithout) {
  const district_site& site = site_of(site_manner::old);
  for (const std::string_view others : {"", "lang=zh; JSESSIONID=0"}) {
    const std::string answer = site_answer(site, false, {.cookies = others});
    EXPECT_THAT(answer, StartsWith("HTTP/1.0 302\n"));
    EXPECT_THAT(answer, HasSubstr("\nSet-Cookie: JSESSIONID=5F3A9C0E71D24B68; path=/\nLocation: /xxgk/index.htm\n\n"));
  }
}

TEST(SitePages, OldOneHasBareLineFeedsNoReasonNoLength) {
  const district_site& site = site_of(site_manner::old);
  const std::string answer = site_answer(site, false, {.cookies = "lang=zh; JSESSIONID=5F3A9C0E71D24B68"});
  EXPECT_THAT(answer, StartsWith("HTTP/1.0 200\nContent-type: text/html\n\n<!DOCTYPE"));
  EXPECT_THAT(answer, Not(HasSubstr("\r")));
  EXPECT_THAT(answer, EndsWith("</html>\n"));
  EXPECT_THAT(text_of(answer, "\n\n"), HasSubstr("<title>" + site.name + "</title>"));
}

TEST(SitePages, OldOneFailsForNewVisitorsOnly) {
  const district_site& site = site_of(site_manner::old);
  EXPECT_THAT(site_answer(site, true, {}), StartsWith("HTTP/1.0 500\n"));
  EXPECT_THAT(site_answer(site, true, {.cookies = "JSESSIONID=5F3A9C0E71D24B68"}), StartsWith("HTTP/1.0 200\n"));
}

TEST(SitePages, OnlyTheOldOneKnowsItsVisitors) {
  constexpr std::string_view cookie = "JSESSIONID=5F3A9C0E71D24B68";
  EXPECT_TRUE(has_entered(site_of(site_manner::old), cookie));
  EXPECT_FALSE(has_entered(site_of(site_manner::old), "JSESSIONID=5F3A"));
  EXPECT_FALSE(has_entered(site_of(site_manner::modern), cookie));
  EXPECT_FALSE(has_entered(site_of(site_manner::gbk), cookie));
}

TEST(SitePages, HeadIsAnsweredWithoutAPage) {
  for (const site_manner m : {site_manner::modern, site_manner::gbk, site_manner::old})
    for (const bool failing : {false, true}) {
      const std::string answer = site_answer(site_of(m), failing, {.head_only = true});
      EXPECT_THAT(answer, EndsWith(m == site_manner::old ? "\n\n" : "\r\n\r\n"));
      EXPECT_THAT(answer, Not(HasSubstr("<")));
    }
}

}  // namespace
}  // namespace changtong::simulate
