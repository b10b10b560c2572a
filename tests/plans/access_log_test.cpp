// Access logs as servers write them: what is a view, who is a robot, where a visit ends.
#include "daemon/plans/access_log.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "daemon/core/civil.h"

namespace changtong::plans {
namespace {

const civil_zone shanghai = civil_zone::named("Asia/Shanghai").value();
const period year = shanghai.parse_period("2026").value();
const char* const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

std::string line(const std::string& time, const std::string& request = "GET /index.html HTTP/1.1", int status = 200,
                 const std::string& agent = firefox, const std::string& address = "198.51.100.7") {
  return fmt::format(R"({} - - [{} +0800] "{}" {} 2326 "https://www.example.gov.cn/" "{}")", address, time, request,
                     status, agent);
}
access_counts counted(const std::vector<std::string>& lines) {
  access_tally c(year);
  for (const auto& l : lines) c.add(l);
  return c.counts();
}

TEST(AccessLog, ACombinedLineIsRead) {
  access a;
  bool agent = false;
  const std::string kept = line("10/Oct/2026:13:55:36", "GET /a/b.html?x=1 HTTP/2.0");  // `a` looks into it
  ASSERT_TRUE(read_combined(kept, a, agent));
  EXPECT_EQ(a.address, "198.51.100.7");
  EXPECT_EQ(a.path, "/a/b.html");
  EXPECT_EQ(a.agent, firefox);
  EXPECT_TRUE(agent);
  EXPECT_EQ(shanghai.format_short(a.at), "2026-10-10 13:55:36");
  ASSERT_TRUE(read_combined(R"(::1 - 王 [01/Jan/2026:00:00:00 -0330] "HEAD / HTTP/1.0" 404 0)", a, agent));
  EXPECT_FALSE(agent) << "the common format";
  EXPECT_EQ(shanghai.format_short(a.at), "2026-01-01 11:30:00");
}

TEST(AccessLog, AQuoteInsideTheAgentDoesNotEndIt) {
  access a;
  bool agent = false;
  const std::string kept = line("10/Oct/2026:13:55:36", "GET / HTTP/1.1", 200, R"(a \" b)");
  ASSERT_TRUE(read_combined(kept, a, agent));
  EXPECT_EQ(a.agent, R"(a \" b)");
}

TEST(AccessLog, WhatIsNoLineOfALogIsUnreadable) {
  access a;
  bool agent = false;
  for (const char* bad : {"", "x", "1.2.3.4 - - 10/Oct/2026", R"(1.2.3.4 - - [10/Oct/2026:13:55:36 +0800] GET / 200)",
                          R"(1.2.3.4 - - [31/Feb/2026:13:55:36 +0800] "GET / HTTP/1.1" 200 1)",
                          R"(1.2.3.4 - - [10/Okt/2026:13:55:36 +0800] "GET / HTTP/1.1" 200 1)",
                          R"(1.2.3.4 - - [10/Oct/2026:25:55:36 +0800] "GET / HTTP/1.1" 200 1)",
                          R"(1.2.3.4 - - [10/Oct/2026:13:55:36 +0800] "GET / HTTP/1.1" ok 1)",
                          R"(1.2.3.4 - - [10/Oct/2026:13:55:36 +0800] "-" 400 0)"})
    EXPECT_FALSE(read_combined(bad, a, agent)) << bad;
  EXPECT_EQ(counted({"x", "y"}).unreadable, 2);
  EXPECT_EQ(counted({std::string(most_log_line + 1, 'a')}).unreadable, 1);
}

TEST(AccessLog, OnlyPagesThatWereReallyGivenAreViews) {
  const auto c = counted({line("10/Oct/2026:10:00:00"), line("10/Oct/2026:10:00:01", "GET / HTTP/1.1", 304),
                          line("10/Oct/2026:10:00:02", "GET /logo.png HTTP/1.1"),
                          line("10/Oct/2026:10:00:03", "GET /style.css?v=2 HTTP/1.1"),
                          line("10/Oct/2026:10:00:04", "GET /missing.html HTTP/1.1", 404),
                          line("10/Oct/2026:10:00:05", "GET /moved HTTP/1.1", 301),
                          line("10/Oct/2026:10:00:06", "POST /search.do HTTP/1.1"), line("10/Oct/2025:10:00:07"),
                          line("01/Jan/2027:00:00:00")});
  EXPECT_EQ(c.views, 2);
  EXPECT_EQ(c.visits, 1);
  EXPECT_EQ(c.no_page, 2);
  EXPECT_EQ(c.other_status, 2);
  EXPECT_EQ(c.other_method, 1);
  EXPECT_EQ(c.outside_period, 2);
  EXPECT_EQ(c.lines, 9);
  EXPECT_EQ(c.first, "2026-10-10T02:00:00Z");
  EXPECT_EQ(c.last, "2026-10-10T02:00:01Z");
}

TEST(AccessLog, PagesAreToldByTheirNames) {
  for (const char* page :
       {"/", "/a/", "/index.html", "/INDEX.HTM", "/x.shtml", "/zwgk/list.jsp", "/search.do", "/plain", "/v1.2/"})
    EXPECT_TRUE(is_page(page)) << page;
  for (const char* other : {"/a.png", "/b.min.js", "/c.pdf", "/.well-known/x.json", "/f.woff2"})
    EXPECT_FALSE(is_page(other)) << other;
}

TEST(AccessLog, RobotsThatSaySoAreNotCounted) {
  for (const char* robot : {"Mozilla/5.0 (compatible; Baiduspider/2.0)", "Googlebot/2.1", "curl/8.0",
                            "python-requests/2", "360Spider", "-", ""})
    EXPECT_TRUE(is_robot_agent(robot)) << robot;
  EXPECT_FALSE(is_robot_agent(firefox));
  const auto c = counted({line("10/Oct/2026:10:00:00", "GET / HTTP/1.1", 200, "Sogou web spider/4.0")});
  EXPECT_EQ(c.views, 0);
  EXPECT_EQ(c.robots, 1);
}

TEST(AccessLog, WhoAskedForRobotsTxtIsARobotAlsoForWhatItReadBefore) {
  const auto c = counted({line("10/Oct/2026:10:00:00"), line("10/Oct/2026:10:00:05"),
                          line("10/Oct/2026:10:00:09", "GET /robots.txt HTTP/1.1", 404), line("10/Oct/2026:10:00:12"),
                          line("10/Oct/2026:10:00:13", "GET / HTTP/1.1", 200, firefox, "198.51.100.8")});
  EXPECT_EQ(c.views, 1) << "only the other address";
  EXPECT_EQ(c.visits, 1);
  EXPECT_EQ(c.robots, 4);
}

TEST(AccessLog, AVisitEndsAfterThirtyMinutesOfSilence) {
  EXPECT_EQ(counted({line("10/Oct/2026:10:00:00"), line("10/Oct/2026:10:30:00"), line("10/Oct/2026:11:00:00")}).visits,
            1);
  EXPECT_EQ(counted({line("10/Oct/2026:10:00:00"), line("10/Oct/2026:10:30:01")}).visits, 2);
  EXPECT_EQ(
      counted({line("10/Oct/2026:10:00:00"), line("10/Oct/2026:10:00:00", "GET / HTTP/1.1", 200, "another browser")})
          .visits,
      2);
}

TEST(AccessLog, IisNamesItsColumns) {
  const auto c = counted({"#Software: Microsoft Internet Information Services 10.0",
                          "#Fields: date time s-ip cs-method cs-uri-stem c-ip cs(User-Agent) sc-status",
                          "2026-10-10 01:00:00 10.0.0.1 GET /zwgk/index.aspx 198.51.100.7 Mozilla/5.0+(Windows) 200\r",
                          "2026-10-10 01:00:01 10.0.0.1 GET /a.png 198.51.100.7 Mozilla/5.0+(Windows) 200",
                          "2026-10-10 01:00:02 10.0.0.1 GET / 198.51.100.9 Baiduspider/2.0 200",
                          "2026-10-10 01:00:02 10.0.0.1 GET /"});
  EXPECT_EQ(c.views, 1);
  EXPECT_EQ(c.robots, 1);
  EXPECT_EQ(c.no_page, 1);
  EXPECT_EQ(c.unreadable, 1) << "a row that lacks columns";
  EXPECT_EQ(c.lines, 4) << "comments are no requests";
}

TEST(AccessLog, TheColumnsOfOneFileAreNotThoseOfTheNext) {
  access_tally c(year);
  c.add("#Fields: date time cs-method cs-uri-stem c-ip sc-status");
  c.begin_file();
  c.add(line("10/Oct/2026:10:00:00"));
  EXPECT_EQ(c.counts().views, 1);
}

RC_GTEST_PROP(AccessLog, ViewsAreVisitsOrMoreAndEveryLineHasOneFate, ()) {
  access_tally c(year);
  const auto n = *rc::gen::inRange(0, 60);
  for (int k = 0; k < n; ++k) {
    const auto minute = *rc::gen::inRange(0, 60);
    const auto path = *rc::gen::element<std::string>("/", "/a.png", "/robots.txt", "/x.html");
    const auto who = *rc::gen::inRange(1, 5);
    c.add(line(fmt::format("10/Oct/2026:10:{:02}:00", minute), "GET " + path + " HTTP/1.1", *rc::gen::element(200, 404),
               firefox, fmt::format("198.51.100.{}", who)));
  }
  const auto a = c.counts();
  RC_ASSERT(a.visits <= a.views);
  RC_ASSERT((a.views == 0) == (a.visits == 0));
  RC_ASSERT(a.views + a.robots + a.other_method + a.other_status + a.no_page + a.outside_period + a.unreadable ==
            a.lines);
}

}  // namespace
}  // namespace changtong::plans
