// A window that somebody at the centre asks for: entered under that name, or refused in words.
#include "daemon/run/centre_requests.h"

#include <gmock/gmock.h>

namespace changtong {
namespace {

using testing::HasSubstr;

struct CentreRequests : testing::Test {
  civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  std::vector<author> who;
  std::optional<refused> no;
  enter_commands enter = [this](std::span<const command> what, const author& by) -> entering {
    who.push_back(by);
    if (no) return *no;
    const auto& w = std::get<window_command>(what.front());
    entered done;
    for (const std::string& t : w.targets)
      done.records.emplace_back(window_record{.at = *w.from, .id = "W1", .target = t, .by = by.name, .text = w.text});
    done.notices.push_back({"late", "晚", "late"});
    return done;
  };
  const std::string wanted =
      R"({"targets":["L1","L2"],"from":"2099-03-14 22:00","to":"2099-03-14 23:00","text":"割接"})";
  std::string asked(const std::string& by, const std::string& entry) {
    return request_window({.what = "window", .target = {}, .by = by, .entry = entry}, zone, enter);
  }
};

TEST_F(CentreRequests, AreEnteredUnderWhomTheCentreNames) {
  const auto done = centre::read_window_requested(asked("李工", wanted));
  ASSERT_TRUE(done);
  EXPECT_EQ(*done, (centre::window_requested{.id = "W1", .targets = 2, .notices = {{"晚", "late"}}}));
  ASSERT_EQ(who.size(), 1);
  EXPECT_EQ(who[0].name, "李工");
  EXPECT_EQ(who[0].source, "centre");
  EXPECT_THAT(who[0].via, HasSubstr("centre"));
}

TEST_F(CentreRequests, OfNobodyOrOfSeveralOrOfNoWindowAreNone) {
  EXPECT_THAT(asked("", wanted), HasSubstr("bad_body"));
  EXPECT_THAT(asked("李工", "{\"entries\":[" + wanted + "," + wanted + "]}"), HasSubstr("bad_body"));
  for (const char* none : {"", "[]", "{\"step\":\"approve\"}", "{\"targets\":7}"})
    EXPECT_THAT(asked("李工", none), HasSubstr("bad_body")) << none;
  EXPECT_TRUE(who.empty());
}

TEST_F(CentreRequests, WhatTheBooksStandAgainstIsToldAsTheySayIt) {
  no = refused{.why = refused::reason::conflict, .code = "taken", .text = "编号已用", .text_en = "the id is taken"};
  EXPECT_THAT(asked("李工", wanted), testing::AllOf(HasSubstr("taken"), HasSubstr("编号已用")));
}

}  // namespace
}  // namespace changtong
