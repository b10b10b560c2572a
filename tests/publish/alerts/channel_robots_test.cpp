// Group robots: bodies, bounds, signatures (the handbook's vectors, rules.md 7.1) and what their answers mean.
#include <gmock/gmock.h>
#include <rapidcheck.h>

#include "tests/publish/alerts/one_message.h"

namespace changtong::alerts {
namespace {

using enum channel_answer::end;
using std::chrono::milliseconds;
using test::body_of;
using test::channel_of;
using test::one_message;
using test::only;
using test::rendered;
using test::text_at;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string ding_url = "https://oapi.dingtalk.com/robot/send?access_token=tokentoken";
const std::string wecom_url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=keykeykey";
const std::string feishu_url = "https://open.feishu.cn/open-apis/bot/v2/hook/aa1bb2cc-3ddd";

TEST(WeCom, IsTextThatCallsPeople) {
  const auto out = rendered(channel_of(channel_kind::wecom, wecom_url), one_message(),
                            {.phones = {"13800000000"}, .mails = {}, .ids = {"wang", "li"}});
  EXPECT_EQ(only(out).url.reveal(), wecom_url);
  const auto body = body_of(out);
  EXPECT_EQ(text_at(body, "/msgtype"), "text");
  EXPECT_THAT(text_at(body, "/text/content"),
              AllOf(StartsWith("龙河镇汇聚中断，影响 14 条村线\n自 06:12:15 起\n"),
                    EndsWith("\nhttps://monitor.county.example/alerts/A20231115-0007")));
  EXPECT_EQ(text_at(body, "/text/mentioned_list"), R"(["wang","li"])");
  EXPECT_EQ(text_at(body, "/text/mentioned_mobile_list"), R"(["13800000000"])");
  EXPECT_EQ(text_at(body_of(rendered(channel_of(channel_kind::wecom, wecom_url))), "/text/mentioned_list"), "(none)");
}

message storm(std::size_t lines) {
  message m = one_message();
  m.text.clear();
  for (std::size_t i = 0; i < lines; ++i) m.text += "「第" + std::to_string(i) + "村\"线\"」中断\\\n";
  return m;
}

TEST(WeCom, AStormKeepsItsBoundItsTitleAndItsLink) {
  const auto body = body_of(rendered(channel_of(channel_kind::wecom, wecom_url), storm(300)));
  const std::string content = text_at(body, "/text/content");
  EXPECT_LE(content.size(), 2048U);
  EXPECT_GE(content.size(), 1900U) << "no more is left out than has to be";
  EXPECT_THAT(content, AllOf(StartsWith("龙河镇汇聚中断，影响 14 条村线\n「第0村\"线\"」中断\\\n"),
                             HasSubstr(" 行未列出）\nhttps://monitor")));
}

TEST(DingTalk, SignsAsTheHandbookSays) {
  const auto out = rendered(channel_of(channel_kind::dingtalk, ding_url, "SEC-example"));
  EXPECT_EQ(only(out).url.reveal(),
            ding_url + "&timestamp=1700000000000&sign=Q7aaP99yyzdhi28n7EfYsanxv8lOWozU7g5iKwLmNuI%3D");
  EXPECT_EQ(only(rendered(channel_of(channel_kind::dingtalk, ding_url))).url.reveal(), ding_url);
  EXPECT_THAT(only(rendered(channel_of(channel_kind::dingtalk, "http://relay.county.example/ding", "k"))).url.reveal(),
              StartsWith("http://relay.county.example/ding?timestamp=1700000000000&sign="));
}

TEST(DingTalk, CallsByTelephoneNumberAndNeverAll) {
  const auto body = body_of(rendered(channel_of(channel_kind::dingtalk, ding_url), one_message(),
                                     {.phones = {"13800000000"}, .mails = {}, .ids = {"manager01"}}));
  EXPECT_EQ(text_at(body, "/at/atMobiles"), R"(["13800000000"])");
  EXPECT_EQ(text_at(body, "/at/atUserIds"), R"(["manager01"])");
  EXPECT_EQ(text_at(body, "/at/isAtAll"), "false");
}

TEST(Feishu, SignsInTheBodyWithKeyAndMessageTheOtherWayRound) {
  const auto body = body_of(rendered(channel_of(channel_kind::feishu, feishu_url, "SEC-example")));
  EXPECT_EQ(text_at(body, "/timestamp"), "1700000000");
  EXPECT_EQ(text_at(body, "/sign"), "//FxyFZVZ0Qx41t2C/VNp100ZPMJpTFhBhxjuVZ18B4=");
  EXPECT_EQ(text_at(body, "/msg_type"), "text");
  EXPECT_EQ(text_at(body_of(rendered(channel_of(channel_kind::feishu, feishu_url))), "/sign"), "(none)");
}

TEST(Feishu, OnlyWeCallPeople) {
  message m = one_message();
  m.title = "<at user_id=\"all\">所有人</at> 中断";
  const auto body = body_of(
      rendered(channel_of(channel_kind::feishu, feishu_url), m, {.phones = {}, .mails = {}, .ids = {"ou_1", "ou\"2"}}));
  EXPECT_THAT(text_at(body, "/content/text"),
              AllOf(Not(HasSubstr("<at user_id=\"all\">")), EndsWith("\n<at user_id=\"ou_1\"></at>")));
}

TEST(Robots, ABodyNeverIsLongerThanItMayBe) {
  EXPECT_TRUE(rc::check([] {
    const message m = storm(static_cast<std::size_t>(*rc::gen::inRange(0, 2000)));
    receivers to;
    for (int i = *rc::gen::inRange(0, 200); i > 0; --i) to.ids.push_back("ou_" + std::to_string(100000 + i));
    for (const auto kind : {channel_kind::dingtalk, channel_kind::feishu}) {
      const std::string body = only(rendered(channel_of(kind, "http://h/?t=1", "k"), m, to)).body;
      RC_ASSERT(body.size() <= 20'000U);
      if (m.text.size() > 20'000U) RC_ASSERT(body.size() >= 19'500U);
    }
  }));
}

TEST(Robots, HeadersOfTheChannelGoAlong) {
  auto c = channel_of(channel_kind::wecom, wecom_url);
  c.headers = {{"X-Relay", secret("pass")}};
  ASSERT_EQ(only(rendered(c)).headers.size(), 1U);
  EXPECT_EQ(only(rendered(c)).headers[0].first, "X-Relay");
}

struct answered {
  channel_kind kind;
  unsigned status;
  std::string body;
  channel_answer::end how;
  long pause_s;
};

TEST(Robots, WhatAnAnswerMeans) {
  using enum channel_kind;
  const std::vector<answered> cases{
      {wecom, 200, R"({"errcode":0,"errmsg":"ok"})", taken, 0},
      {wecom, 200, R"({"errcode":45009,"errmsg":"api freq out of limit"})", later, 65},
      {wecom, 200, R"({"errcode":93000,"errmsg":"invalid webhook url"})", refused, 0},
      {wecom, 200, R"({"errcode":-1,"errmsg":"system busy"})", later, 0},
      {dingtalk, 200, R"({"errcode":0,"errmsg":"ok"})", taken, 0},
      {dingtalk, 200, R"({"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"})", later, 600},
      {dingtalk, 200, R"({"errcode":666,"errmsg":"you send too fast"})", later, 600},
      {dingtalk, 302, "", later, 600},
      {dingtalk, 429, "", later, 600},
      {dingtalk, 200, R"({"errcode":310000,"errmsg":"sign not match"})", refused, 0},
      {feishu, 200, R"({"code":0,"msg":"success","data":{}})", taken, 0},
      {feishu, 200, R"({"StatusCode":0,"StatusMessage":"success"})", taken, 0},
      {feishu, 400, R"({"code":11232,"msg":"frequency limited"})", later, 65},
      {feishu, 200, R"({"code":11232,"msg":"frequency limited"})", later, 65},
      {feishu, 400, R"({"code":9499,"msg":"Bad Request"})", refused, 0},
      {feishu, 200, R"({"code":19021,"msg":"sign match fail"})", refused, 0},
      {feishu, 200, R"({"code":19022})", refused, 0},
      {feishu, 200, R"({"code":19024})", refused, 0},
      {feishu, 500, R"({"code":0})", later, 0},
      {wecom, 0, "连不上", later, 0},
      {wecom, 302, "", later, 0},
      {wecom, 403, "<html>no</html>", later, 0},
      {wecom, 404, "", later, 0},
      {wecom, 429, "", later, 65},
      {wecom, 500, "<html>Internal</html>", later, 0},
      {wecom, 502, R"({"errcode":7})", later, 0},
      {wecom, 200, "", later, 0},
      {wecom, 200, "<html>log in first</html>", later, 0},
      {wecom, 200, R"({"errcode":"0"})", later, 0},
      {wecom, 200, "[0]", later, 0},
      {wecom, 200, "{\"errcode\":0", later, 0},
      {wecom, 200, R"({"errcode":0.5})", later, 0},
      {wecom, 200, std::string(10'000, '['), later, 0},
      {wecom, 200, "\xff\xfe garbage", later, 0},
  };
  for (const answered& a : cases) {
    const channel_answer got = answer_of(channel_of(a.kind, wecom_url), a.status, a.body);
    EXPECT_EQ(got.how, a.how) << a.status << " " << a.body;
    EXPECT_EQ(got.pause, milliseconds{1000 * a.pause_s}) << a.status << " " << a.body;
    EXPECT_LE(got.text.size(), 200U);
    EXPECT_FALSE(got.text.empty());
  }
}

TEST(Robots, AnAnswerTellsNoKey) {
  const auto got = answer_of(channel_of(channel_kind::wecom, wecom_url), 200,
                             R"({"errcode":93000,"errmsg":"invalid webhook url, key=keykeykey"})");
  EXPECT_EQ(got.text, "93000 invalid webhook url, key=***");
}

}  // namespace
}  // namespace changtong::alerts
