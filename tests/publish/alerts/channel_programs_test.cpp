// Channels that programs read: gateways of SMS and voice, webhooks, Alertmanager, syslog.
#include <gmock/gmock.h>

#include "daemon/publish/alerts/channel_text.h"
#include "tests/publish/alerts/one_message.h"

namespace changtong::alerts {
namespace {

using enum channel_answer::end;
using test::body_of;
using test::channel_of;
using test::one_message;
using test::only;
using test::rendered;
using test::text_at;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

alert_channel gateway(const std::string& body, const std::string& type = "application/json") {
  auto c = channel_of(channel_kind::sms, "https://sms.example/send");
  c.body = body;
  c.content_type = type;
  return c;
}

TEST(GatewayChannel, OneRequestANumber) {
  auto c = gateway(R"({"phone":"${phone}","sign":"【县政务外网】","text":"${title}：${text}","ref":"${id}"})");
  c.to = {"13900000000", "13800000000"};
  const auto out = rendered(c, one_message(), {.phones = {"13800000000"}, .mails = {}, .ids = {}});
  ASSERT_EQ(out.size(), 2U);
  const auto& first = std::get<http_message>(out[0]);
  EXPECT_EQ(first.url.reveal(), "https://sms.example/send");
  const auto body = boost::json::parse(first.body);
  EXPECT_EQ(text_at(body, "/phone"), "13800000000");
  EXPECT_EQ(text_at(body, "/text"),
            "龙河镇汇聚中断，影响 14 条村线：自 06:12:15 起；原因：上级「龙河镇」中断；服务电话 10086");
  EXPECT_EQ(text_at(body, "/ref"), "A20231115-0007");
  EXPECT_EQ(text_at(boost::json::parse(std::get<http_message>(out[1]).body), "/phone"), "13900000000");
  EXPECT_TRUE(rendered(gateway("{}")).empty()) << "to nobody";
}

TEST(GatewayChannel, WhatIsFilledInCannotLeaveItsPlace) {
  message m = one_message();
  m.title = R"(a"b\c&d=e<f>${phone})";
  const receivers to{.phones = {"13800000000"}, .mails = {}, .ids = {}};
  EXPECT_EQ(text_at(body_of(rendered(gateway(R"({"t":"${title}"})"), m, to)), "/t"), m.title);
  EXPECT_EQ(only(rendered(gateway("p=${phone}&t=${title}", "application/x-www-form-urlencoded"), m, to)).body,
            "p=13800000000&t=a%22b%5Cc%26d%3De%3Cf%3E%24%7Bphone%7D");
  EXPECT_EQ(only(rendered(gateway("<t>${title}</t>", "text/xml"), m, to)).body,
            "<t>a&quot;b\\c&amp;d=e&lt;f&gt;${phone}</t>");
  EXPECT_EQ(only(rendered(gateway("${other} $ {", "text/plain"), m, to)).body, "${other} $ {");
}

TEST(GatewayChannel, AGatewayThatAsksForTheTextAloneGetsTheTitleAtItsHead) {
  const receivers to{.phones = {"13800000000"}, .mails = {}, .ids = {}};
  EXPECT_EQ(only(rendered(gateway("${text}", "text/plain"), one_message(), to)).body,
            "龙河镇汇聚中断，影响 14 条村线：自 06:12:15 起；原因：上级「龙河镇」中断；服务电话 10086");
}

TEST(GatewayChannel, ATelephoneIsToldNoCommand) {
  message m = one_message();
  m.command = "changtong ack A20231115-0007";
  m.text = "自 06:12:15 起\n接手：" + m.command + "\n附注：一\n";
  const receivers to{.phones = {"13800000000"}, .mails = {}, .ids = {}};
  EXPECT_EQ(only(rendered(gateway("${text}", "text/plain"), m, to)).body,
            "龙河镇汇聚中断，影响 14 条村线：自 06:12:15 起；附注：一");
  EXPECT_EQ(only(rendered(gateway("${title} ${text}", "text/plain"), m, to)).body,
            "龙河镇汇聚中断，影响 14 条村线 自 06:12:15 起；附注：一");
  m.text = "接手：" + m.command;
  EXPECT_EQ(only(rendered(gateway("${text}${title}", "text/plain"), m, to)).body, "龙河镇汇聚中断，影响 14 条村线");
}

TEST(GatewayChannel, AnSmsStaysShort) {
  message m = one_message();
  m.text.clear();
  for (int i = 0; i < 300; ++i) m.text += "第" + std::to_string(i) + "村中断\n";
  const receivers to{.phones = {"13800000000"}, .mails = {}, .ids = {}};
  const std::string text = only(rendered(gateway("${text}", "text/plain"), m, to)).body;
  EXPECT_LE(text.size(), 800U);
  EXPECT_THAT(text, EndsWith("行未列出）"));
}

TEST(GatewayChannel, TwoHundredIsNotYetTaken) {
  auto c = gateway("{}");
  EXPECT_EQ(answer_of(c, 200, "anything").how, taken);
  c.expect = "\"Code\":\"OK\"";
  EXPECT_EQ(answer_of(c, 200, R"({"Code":"OK"})").how, taken);
  EXPECT_EQ(answer_of(c, 200, R"({"Code":"isv.BUSINESS_LIMIT_CONTROL"})").how, later);
  EXPECT_EQ(answer_of(c, 200, R"({"Code":"isv.BUSINESS_LIMIT_CONTROL"})").pause, std::chrono::milliseconds{65'000});
  EXPECT_EQ(answer_of(c, 200, R"({"Code":"isp.RAM"})").how, later);
  EXPECT_EQ(answer_of(c, 401, "").how, later);
  EXPECT_EQ(answer_of(c, 503, "").how, later);
}

TEST(WebhookChannel, IsTheMessageSignedWithItsTime) {
  const auto out = only(rendered(channel_of(channel_kind::webhook, "https://hook.example/in", "secret-key")));
  EXPECT_EQ(out.url.reveal(), "https://hook.example/in");
  const auto body = boost::json::parse(out.body);
  EXPECT_EQ(text_at(body, "/id"), "A20231115-0007");
  EXPECT_EQ(text_at(body, "/began"), "2023-11-15T06:12:14.750+08:00");
  ASSERT_EQ(out.headers.size(), 2U);
  EXPECT_EQ(out.headers[0].first, "X-Changtong-Timestamp");
  EXPECT_EQ(out.headers[0].second.reveal(), "1700000000");
  EXPECT_EQ(out.headers[1].first, "X-Changtong-Signature");
  EXPECT_EQ(out.headers[1].second.reveal(),
            "sha256=" + hex_digits(hmac_sha256("secret-key", "1700000000." + out.body)));
  EXPECT_TRUE(only(rendered(channel_of(channel_kind::webhook, "https://hook.example/in"))).headers.empty());
}

TEST(WebhookChannel, WhatAnAnswerMeans) {
  const auto c = channel_of(channel_kind::webhook, "https://hook.example/in");
  for (const unsigned good : {200U, 201U, 202U, 204U}) EXPECT_EQ(answer_of(c, good, "").how, taken);
  for (const unsigned bad : {400U, 413U, 415U, 422U}) EXPECT_EQ(answer_of(c, bad, "").how, refused);
  for (const unsigned elsewhere : {300U, 302U, 308U, 401U, 403U, 404U, 407U})
    EXPECT_EQ(answer_of(c, elsewhere, "").how, later) << "a relay or a filter said that, and may be mended";
  for (const unsigned not_now : {0U, 408U, 425U, 429U, 500U, 502U, 503U, 504U})
    EXPECT_EQ(answer_of(c, not_now, "").how, later);
  EXPECT_EQ(answer_of(c, 429, "").pause, std::chrono::milliseconds{65'000});
  EXPECT_EQ(answer_of(c, 500, "<html>oops</html>").text, "HTTP 500");
  EXPECT_EQ(answer_of(c, 400, "bad\nbody").text, "HTTP 400 bad body");
}

TEST(AlertmanagerChannel, OneAlertWhoseLabelsStay) {
  const auto c = channel_of(channel_kind::alertmanager, "http://127.0.0.1:9093");
  const auto out = rendered(c);
  EXPECT_EQ(only(out).url.reveal(), "http://127.0.0.1:9093/api/v2/alerts");
  const auto opened = body_of(out);
  EXPECT_EQ(text_at(opened, "/0/labels"),
            R"({"alertname":"ChangtongAlert","alert":"A20231115-0007","cause":"upstream"})");
  EXPECT_EQ(text_at(opened, "/0/startsAt"), "2023-11-15T06:12:14.750+08:00");
  EXPECT_EQ(text_at(opened, "/0/endsAt"), "2024-11-15T06:13:20.000+08:00") << "open until it is said to be over";
  EXPECT_EQ(text_at(opened, "/0/annotations/summary"), "龙河镇汇聚中断，影响 14 条村线");
  EXPECT_EQ(text_at(opened, "/0/annotations/lines"), "L001 L002");
  EXPECT_EQ(text_at(opened, "/0/generatorURL"), "https://monitor.county.example/alerts/A20231115-0007");

  message m = one_message();
  m.kind = message_kind::resolved;
  m.severity = 3;
  m.lines = {"L001"};
  EXPECT_EQ(text_at(body_of(rendered(c, m)), "/0/endsAt"), "2024-11-15T06:13:20.000+08:00")
      << "a part of it is not all";
  m.over = true;
  const auto over = body_of(rendered(c, m));
  EXPECT_EQ(text_at(over, "/0/labels"), text_at(opened, "/0/labels"));
  EXPECT_EQ(text_at(over, "/0/endsAt"), "2023-11-15T06:13:20.000+08:00");
}

TEST(AlertmanagerChannel, KnowsItsPlaceBehindAPath) {
  for (const char* url : {"http://am.example/alertmanager", "http://am.example/alertmanager/",
                          "http://am.example/alertmanager/api/v2/alerts"})
    EXPECT_EQ(only(rendered(channel_of(channel_kind::alertmanager, url))).url.reveal(),
              "http://am.example/alertmanager/api/v2/alerts");
}

TEST(SyslogChannel, IsALineOfRfc5424) {
  const auto c = channel_of(channel_kind::syslog, "udp://log.county.example");
  EXPECT_EQ(only<syslog_message>(rendered(c)).line,
            "<130>1 2023-11-15T06:13:20.000+08:00 - changtong - opened [alert@32473 id=\"A20231115-0007\" "
            "cause=\"upstream\" began=\"2023-11-15T06:12:14.750+08:00\" count=\"2\" over=\"false\"] "
            "\xEF\xBB\xBF龙河镇汇聚中断，影响 14 条村线；自 06:12:15 起；原因：上级「龙河镇」中断；服务电话 10086；"
            "https://monitor.county.example/alerts/A20231115-0007");
  message m = one_message();
  m.severity = 3;
  EXPECT_THAT(only<syslog_message>(rendered(c, m)).line, StartsWith("<132>1 "));
  m.kind = message_kind::resolved;
  EXPECT_THAT(only<syslog_message>(rendered(c, m)).line, StartsWith("<133>1 "));
  m.id = "a]\"\\\nb";
  EXPECT_THAT(only<syslog_message>(rendered(c, m)).line, HasSubstr(R"(id="a\]\"\\ b")"));
}

TEST(SyslogChannel, ALineHasItsBound) {
  message m = one_message();
  m.text.clear();
  for (int i = 0; i < 3000; ++i) m.text += "第" + std::to_string(i) + "村中断\n";
  for (const auto& [url, most] : {std::pair{"udp://h", 2048U}, {"tcp://h", 8192U}, {"tls://h", 8192U}}) {
    const std::string line = only<syslog_message>(rendered(channel_of(channel_kind::syslog, url), m)).line;
    EXPECT_LE(line.size(), most);
    EXPECT_GE(line.size(), most - 150) << "no more is left out than has to be";
    EXPECT_THAT(line, AllOf(HasSubstr("行未列出）"), testing::Not(HasSubstr("\n"))));
  }
}

TEST(SyslogChannel, ASentLineIsTaken) {
  EXPECT_EQ(answer_of(channel_of(channel_kind::syslog, "udp://h"), 200, "").how, taken);
  EXPECT_EQ(answer_of(channel_of(channel_kind::syslog, "udp://h"), 0, "连接被拒绝").how, later);
}

}  // namespace
}  // namespace changtong::alerts
