// What somebody at the centre asks for, a window or what becomes of one: entered under that name, or refused in words.
#include "daemon/run/centre_requests.h"

#include <gmock/gmock.h>

namespace changtong {
namespace {

using testing::HasSubstr;

struct CentreRequests : testing::Test {
  civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  std::vector<author> who;
  std::optional<refused> no;
  window_command last;
  enter_commands enter = [this](std::span<const command> what, const author& by) -> entering {
    who.push_back(by);
    if (no) return *no;
    const auto& w = last = std::get<window_command>(what.front());
    entered done;
    if (w.what != window_command::act::request)
      std::get<window_record>(done.records.emplace_back(window_record{})).id = w.id;
    for (const std::string& t : w.targets)
      done.records.emplace_back(window_record{.at = *w.from, .id = "W1", .target = t, .by = by.name, .text = w.text});
    done.notices.push_back({"late", "晚", "late"});
    return done;
  };
  const std::string wanted =
      R"({"targets":["L1","L2"],"from":"2099-03-14 22:00","to":"2099-03-14 23:00","text":"割接"})";
  wall_t now = wall_from_ms(1'773'500'000'000);
  centre_requests door{zone, enter};
  std::string asked(const std::string& by, const std::string& entry, std::optional<wall_t> until = {}) {
    return door.window({.what = "window", .target = {}, .by = by, .entry = entry, .until = until}, now);
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

TEST_F(CentreRequests, ThatNobodyWaitsForAnyMoreAreNotEntered) {
  EXPECT_THAT(asked("李工", wanted, now - milliseconds{1}), HasSubstr("too_late"));
  EXPECT_TRUE(who.empty());
  EXPECT_TRUE(centre::read_window_requested(asked("李工", wanted, now)));
}

TEST_F(CentreRequests, AreBoundedAnHour) {
  for (std::size_t i = 0; i < centre_requests::most_an_hour; ++i)
    EXPECT_TRUE(centre::read_window_requested(asked("李工", wanted)));
  EXPECT_THAT(asked("李工", wanted), HasSubstr("too_many"));
  now += std::chrono::minutes{61};
  EXPECT_TRUE(centre::read_window_requested(asked("李工", wanted)));
}

TEST_F(CentreRequests, WhatTheBooksStandAgainstIsToldAsTheySayIt) {
  no = refused{.why = refused::reason::conflict, .code = "taken", .text = "编号已用", .text_en = "the id is taken"};
  EXPECT_THAT(asked("李工", wanted), testing::AllOf(HasSubstr("taken"), HasSubstr("编号已用")));
}

centre::node_command approval(const std::string& what = "approve") {
  return {.what = what,
          .target = "W1",
          .by = "李工",
          .centre = "某市",
          .text = "市里同意",
          .version = "0123456789abcdef",
          .order = what + " 1"};
}

TEST_F(CentreRequests, AnApprovalIsOfTheVersionThatWasSeenByWhomTheCentreNames) {
  const auto done = centre::read_window_requested(door.approval(approval(), now));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->id, "W1");
  ASSERT_EQ(who.size(), 1);
  EXPECT_EQ(who[0].name, "李工");
  EXPECT_EQ(who[0].via, "中心 centre 某市: 李工");
  EXPECT_EQ(last.what, window_command::act::approve);
  EXPECT_EQ(last.version, "0123456789abcdef");
  EXPECT_EQ(last.text, "市里同意");
  ASSERT_TRUE(centre::read_window_requested(door.approval(approval("refuse"), now)));
  EXPECT_EQ(last.what, window_command::act::cancel) << "what is refused waits no more";
}

TEST_F(CentreRequests, AnApprovalThatSaysNotAllIsNone) {
  for (const auto member : {&centre::node_command::target, &centre::node_command::by, &centre::node_command::text,
                            &centre::node_command::version, &centre::node_command::order}) {
    centre::node_command less = approval();
    (less.*member).clear();
    EXPECT_THAT(door.approval(less, now), HasSubstr("bad_body"));
  }
  centre::node_command late = approval();
  late.until = now - milliseconds{1};
  EXPECT_THAT(door.approval(late, now), HasSubstr("too_late"));
  EXPECT_TRUE(who.empty());
}

TEST_F(CentreRequests, AnOrderThatComesAgainIsAnsweredAsBeforeAndEnteredOnce) {
  const std::string first = door.approval(approval(), now);
  EXPECT_EQ(door.approval(approval(), now + milliseconds{20'000}), first);
  EXPECT_EQ(who.size(), 1U);
  no = refused{.why = refused::reason::conflict, .code = "already_approved", .text = "已批准", .text_en = "approved"};
  EXPECT_THAT(door.approval(approval(), now + std::chrono::minutes{61}), HasSubstr("已批准")) << "the books say so";
}

TEST_F(CentreRequests, OfWindowsDoNotUseUpTheHourOfApprovals) {
  for (std::size_t i = 0; i < centre_requests::most_an_hour; ++i)
    EXPECT_TRUE(centre::read_window_requested(asked("李工", wanted)));
  for (std::size_t i = 0; i < centre_requests::most_an_hour; ++i) {
    centre::node_command one = approval();
    one.order = std::to_string(i);
    EXPECT_TRUE(centre::read_window_requested(door.approval(one, now))) << i;
  }
  centre::node_command more = approval();
  more.order = "more";
  EXPECT_THAT(door.approval(more, now), HasSubstr("too_many"));
}

TEST_F(CentreRequests, WhatWasRefusedIsAskedAnew) {
  no = refused{.why = refused::reason::conflict, .code = "window_changed", .text = "已改", .text_en = "changed"};
  EXPECT_THAT(door.approval(approval(), now), HasSubstr("window_changed"));
  no.reset();
  EXPECT_TRUE(centre::read_window_requested(door.approval(approval(), now)));
}

}  // namespace
}  // namespace changtong
