// Of a pair the books of both are shown; where they cannot be had, this node's, and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/publish/api/status_page.h"
#include "tests/publish/api/asking.h"

namespace changtong::api {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> viewed{"/api/v1/outages", "/api/v1/availability", "/api/v1/lines/T01"};

/** The other node saw V001 down where this one saw all up. */
struct PairViews : testing::Test, asking {
  std::shared_ptr<fake_books> together;
  bool readable = true;
  std::vector<std::string> observers{"甲机", "乙机"}, shown{};
  differences found{};
  std::size_t limit_asked = 0;

  /** Its threads read what stands above. */
  void end() {
    all.clear();
    made.reset();
  }
  ~PairViews() override { end(); }
  void pair() {
    end();
    district other;
    other.publish();
    other.cut("V001", other.now - milliseconds{3'600'000}, cause::timeout);
    together = other.books;
    d.merged = [this]() -> result<merged_view> {
      if (!readable) return said("副本被锁住", "the copy is locked");
      return merged_view{.books = std::make_unique<fake_reader>(together),
                         .observers = observers,
                         .shown = shown,
                         .differ = [this](period, wall_t, std::string_view, std::size_t limit) {
                           limit_asked = limit;
                           return found;
                         }};
    };
    start();
    figures_ready();
  }
};

TEST_F(PairViews, ANodeThatIsAloneSaysNothingOfViews) {
  for (const std::string& path : viewed) {
    EXPECT_THAT(ask("GET", path).body, Not(HasSubstr("view"))) << path;
    EXPECT_EQ(ask("GET", path).body, ask("GET", path, {{"view", "own"}}).body) << path;
    EXPECT_EQ(ask("GET", path, {{"view", "merged"}}).status, 400) << "there is no other node: " << path;
  }
  EXPECT_FALSE(json("/api/v1/summary").as_object().contains("pair"));
  EXPECT_EQ(ask("GET", "/api/v1/differences").status, 404);
}

TEST_F(PairViews, OfAPairBothBooksAreShownAndTheOwnOnesForWhoAsks) {
  shown = {"丙机"};
  pair();
  for (const std::string& path : viewed) {
    const auto both = json(path);
    EXPECT_EQ(both.at("view"), "merged") << path;
    EXPECT_EQ(both.at("observers"), (boost::json::array{"甲机", "乙机"})) << path;
    EXPECT_EQ(both.at("observers_shown"), (boost::json::array{"丙机"})) << path;
    EXPECT_FALSE(both.as_object().contains("view_problem")) << path;
    const auto own = json(path, {{"view", "own"}});
    EXPECT_EQ(own.at("view"), "own") << path;
    EXPECT_FALSE(own.as_object().contains("observers")) << path;
    EXPECT_FALSE(own.as_object().contains("view_problem")) << "it was asked for: " << path;
    EXPECT_EQ(ask("GET", path, {{"view", "theirs"}}).status, 400);
  }
  EXPECT_EQ(json("/api/v1/outages").at("outages").as_array().size(), 1u);
  EXPECT_TRUE(json("/api/v1/outages", {{"view", "own"}}).at("outages").as_array().empty());
  const auto down = [&](const std::string& view) {
    const auto answer = json("/api/v1/availability", {{"by", "line"}, {"view", view}});
    for (const auto& row : answer.at("rows").as_array())
      if (row.at("key") == "V001") return row.at("down_s").to_number<double>();
    return -1.0;
  };
  EXPECT_GT(down(""), 3'000);
  EXPECT_EQ(down("own"), 0);
}

TEST_F(PairViews, ALinesPageHasTheOutagesOfBothAndTheStateOfHere) {
  pair();
  const auto line = json("/api/v1/lines/V001");
  EXPECT_EQ(line.at("state"), "up") << "what this node sees now";
  ASSERT_EQ(line.at("outages").as_array().size(), 1u);
  EXPECT_EQ(line.at("open_outage").at("target"), "V001");
  EXPECT_EQ(line.at("open_outage").at("own"), boost::json::array{}) << "it did not see it";
  EXPECT_TRUE(json("/api/v1/lines/V001", {{"view", "own"}}).at("outages").as_array().empty());
}

TEST_F(PairViews, AnOutageThatBothSawNamesTheOneOfHere) {
  d.cut("V001", d.now - milliseconds{3'599'000}, cause::timeout);
  pair();
  const auto outages = json("/api/v1/outages").at("outages").as_array();
  ASSERT_EQ(outages.size(), 1u);
  EXPECT_EQ(outages[0].at("id"), "V001@2026-03-14T09:00:00.000+08:00");
  EXPECT_EQ(outages[0].at("own"), boost::json::array{"V001@2026-03-14T09:00:01.000+08:00"});
}

TEST_F(PairViews, WhatCannotBeLaidTogetherIsOfThisNodeWithTheReason) {
  readable = false;
  pair();
  for (const std::string& path : viewed) {
    const auto own = json(path);
    EXPECT_EQ(own.at("view"), "own") << path;
    EXPECT_EQ(own.at("view_problem").at("text"), "副本被锁住") << path;
    EXPECT_FALSE(own.as_object().contains("observers")) << path;
    EXPECT_EQ(ask("GET", path, {{"view", "merged"}}).status, 503) << path;
  }
  const auto summary = json("/api/v1/summary").at("pair");
  EXPECT_EQ(summary.at("view"), "own");
  EXPECT_EQ(summary.at("view_problem").at("text_en"), "the copy is locked");
  EXPECT_THAT(ask("GET", "/status").body, HasSubstr("本机所见，暂不能合并：副本被锁住"));
}

TEST_F(PairViews, ADamagedCopyIsNoReasonToShowNothing) {
  pair();
  together->broken = true;
  const auto own = json("/api/v1/outages", {{"limit", "7"}});
  EXPECT_EQ(own.at("view"), "own");
  EXPECT_THAT(boost::json::serialize(own.at("view_problem")), HasSubstr("malformed"));
}

TEST_F(PairViews, ClocksThatAreApartMakeItThisNodesAlone) {
  observers = {"甲机"}, shown = {"乙机"};
  pair();
  const auto own = json("/api/v1/availability");
  EXPECT_EQ(own.at("view"), "own");
  EXPECT_THAT(boost::json::serialize(own.at("view_problem")), HasSubstr("时钟相差超过 1 秒"));
  EXPECT_EQ(json("/api/v1/availability", {{"view", "merged"}}).at("observers"), boost::json::array{"甲机"})
      << "who asks for it has it, as the rule has it";
  end();
  observers = {"甲机"}, shown = {};
  pair();
  EXPECT_THAT(boost::json::serialize(json("/api/v1/availability").at("view_problem")), HasSubstr("还没有另一台的副本"));
}

TEST_F(PairViews, TodayIsOfBothAndTheSummarySaysSoAndHowFarTheCopiesAreBehind) {
  d.peer.shipped_ms = ms_of(d.now) - 1'500;
  d.peer.unshipped = 3;
  d.peer.clock_offset_ms = -120;
  pair();
  const auto summary = json("/api/v1/summary");
  const auto pair = summary.at("pair");
  EXPECT_EQ(pair.at("view"), "merged");
  EXPECT_EQ(pair.at("observers"), (boost::json::array{"甲机", "乙机"}));
  EXPECT_EQ(pair.at("as_of"), "2026-03-14T09:59:59.200+08:00") << "as far as the books go";
  EXPECT_EQ(pair.at("shipped"), "2026-03-14T09:59:58.500+08:00");
  EXPECT_EQ(pair.at("received"), nullptr);
  EXPECT_EQ(pair.at("unshipped"), 3);
  EXPECT_EQ(pair.at("clock_offset_s"), -0.12);
  EXPECT_EQ(pair.at("forked"), false);
  EXPECT_EQ(summary.at("total").at("today").at("outages"), 1) << "the other one saw it";
  EXPECT_EQ(summary.at("outages_open"), 0) << "states are what this node sees";
  EXPECT_THAT(ask("GET", "/status").body, HasSubstr("两台合并（甲机、乙机）"));
}

TEST(PairPage, FiguresThatAreMinutesOldSayOfWhenTheyAre) {
  const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  summary s;
  s.now = s.heartbeat = zone.parse_instant("2026-03-14 10:00").value();
  s.pair.emplace();
  s.pair->view = {.of = shown_view::kind::merged, .observers = {"甲机", "乙机"}};
  EXPECT_THAT(status_page(s, zone, false), Not(HasSubstr("算到"))) << "there are none yet";
  s.pair->as_of = s.now - milliseconds{30'000};
  EXPECT_THAT(status_page(s, zone, false), Not(HasSubstr("算到")));
  s.pair->as_of = s.now - milliseconds{300'000};
  EXPECT_THAT(status_page(s, zone, false), HasSubstr("两台合并（甲机、乙机），算到 2026-03-14 09:55:00"));
}

TEST_F(PairViews, WhereTheyDifferIsListedWithWhatEachSaw) {
  pair();
  difference one;
  one.target = "V001";
  one.when = {d.now - milliseconds{3'600'000}, d.now - milliseconds{60'000}};
  one.up = {{.observer = "甲机", .path = "10.0.0.1 10.0.1.1"}};
  one.down = {{.observer = "乙机", .why = cause::timeout, .began = one.when.from, .path = "10.0.0.1 *"}};
  found = {.count = 2, .latest = {one}};
  const auto all = json("/api/v1/differences", {{"limit", "1"}});
  EXPECT_EQ(limit_asked, 1u);
  EXPECT_EQ(all.at("view"), "merged");
  EXPECT_EQ(all.at("count"), 2);
  ASSERT_EQ(all.at("differences").as_array().size(), 1u);
  const auto& d0 = all.at("differences").at(0);
  EXPECT_EQ(d0.at("name"), "城关镇<北街>社区");
  EXPECT_EQ(d0.at("open"), false);
  EXPECT_EQ(d0.at("up").at(0).at("observer"), "甲机");
  EXPECT_EQ(d0.at("down").at(0).at("cause"), "timeout");
  EXPECT_EQ(d0.at("down").at(0).at("began"), "2026-03-14T09:00:00.000+08:00");
  readable = false;
  EXPECT_EQ(json("/api/v1/differences", {{"limit", "2"}}).at("view"), "own");
}

}  // namespace
}  // namespace changtong::api
