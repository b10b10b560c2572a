// A mail as RFC 5322 wants it, and what a mail server's answer means.
#include <gmock/gmock.h>

#include <regex>
#include <sstream>

#include "tests/publish/alerts/decoded.h"
#include "tests/publish/alerts/one_message.h"

namespace changtong::alerts {
namespace {

using enum channel_answer::end;
using test::channel_of;
using test::decoded;
using test::one_message;
using test::only;
using test::rendered;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

alert_channel mail_channel() {
  auto c = channel_of(channel_kind::mail, "smtp://mail.county.example:587", "password");
  c.from = "monitor@county.example";
  c.to = {"duty@county.example"};
  return c;
}

/** Lines of the heading, folded ones whole. */
std::vector<std::string> heading(const std::string& mail) {
  std::vector<std::string> out;
  std::istringstream all(mail.substr(0, mail.find("\r\n\r\n")));
  for (std::string line; std::getline(all, line);) {
    if (line.ends_with('\r')) line.pop_back();
    EXPECT_LE(line.size(), 78U) << line;
    if (line.starts_with(' '))
      out.back() += line;
    else
      out.push_back(line);
  }
  return out;
}
std::string field(const std::string& mail, const std::string& name) {
  for (const std::string& line : heading(mail))
    if (line.starts_with(name + ": ")) return line.substr(name.size() + 2);
  return "(none)";
}
std::string subject(const std::string& mail) {
  static const std::regex word(R"(=\?UTF-8\?B\?([^?]*)\?=)");
  std::string out;
  const std::string text = field(mail, "Subject");
  for (std::sregex_iterator i(text.begin(), text.end(), word), end; i != end; ++i) out += decoded((*i)[1].str());
  return out.empty() ? text : out;
}

TEST(MailChannel, IsAWholeMessage) {
  const auto m =
      only<mail_message>(rendered(mail_channel(), one_message(),
                                  {.phones = {}, .mails = {"head@county.example", "duty@county.example"}, .ids = {}}));
  EXPECT_EQ(m.from, "monitor@county.example");
  EXPECT_THAT(m.to, ElementsAre("head@county.example", "duty@county.example"));
  EXPECT_EQ(subject(m.body), "龙河镇汇聚中断，影响 14 条村线");
  EXPECT_EQ(field(m.body, "Date"), "Wed, 15 Nov 2023 06:13:20 +0800");
  EXPECT_EQ(field(m.body, "To"), "head@county.example, duty@county.example");
  EXPECT_EQ(field(m.body, "From"), "=?UTF-8?B?55WF6YCa?= <monitor@county.example>");
  EXPECT_EQ(field(m.body, "MIME-Version"), "1.0");
  EXPECT_EQ(field(m.body, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(field(m.body, "Auto-Submitted"), "auto-generated");
  EXPECT_EQ(field(m.body, "Importance"), "high");
  const std::string text = decoded(m.body.substr(m.body.find("\r\n\r\n")));
  EXPECT_EQ(text,
            "自 06:12:15 起\r\n原因：上级「龙河镇」中断\r\n服务电话 10086\r\n\r\n"
            "https://monitor.county.example/alerts/A20231115-0007\r\n\r\n告警编号：A20231115-0007\r\n");
  EXPECT_EQ(m.body.find('\n'), m.body.find("\r\n") + 1) << "lines end with CR LF";
}

TEST(MailChannel, OneAlertIsOneThreadAndEveryMailHasAnIdOfItsOwn) {
  message later_on = one_message();
  later_on.kind = message_kind::resolved;
  const auto opened = only<mail_message>(rendered(mail_channel())),
             resolved = only<mail_message>(rendered(mail_channel(), later_on)),
             somebody_else = only<mail_message>(
                 rendered(mail_channel(), one_message(), {.phones = {}, .mails = {"b@c.example"}, .ids = {}}));
  EXPECT_EQ(field(opened.body, "References"), "<A20231115-0007@county.example>");
  EXPECT_EQ(field(opened.body, "In-Reply-To"), field(resolved.body, "In-Reply-To"));
  EXPECT_EQ(field(opened.body, "References"), field(resolved.body, "References"));
  EXPECT_THAT(field(opened.body, "Message-ID"),
              testing::MatchesRegex("<A20231115-0007\\.opened\\.1700000000000\\.[0-9a-f]+@county\\.example>"));
  EXPECT_NE(field(opened.body, "Message-ID"), field(resolved.body, "Message-ID"));
  EXPECT_NE(field(opened.body, "Message-ID"), field(somebody_else.body, "Message-ID"));
}

TEST(MailChannel, ATitleOfAnyLengthIsWordsThatEndWithTheirCharacters) {
  message m = one_message();
  m.title.clear();
  for (int i = 0; i < 50; ++i) m.title += i % 7 == 0 ? "a" : "断";
  EXPECT_EQ(subject(only<mail_message>(rendered(mail_channel(), m)).body), m.title);
  m.title = "uplink down";
  EXPECT_EQ(field(only<mail_message>(rendered(mail_channel(), m)).body, "Subject"), "uplink down");
}

TEST(MailChannel, NoNameBecomesALineOfTheHeading) {
  message m = one_message();
  m.title = "a\r\nBcc: everybody@county.example";
  m.id = "A1\r\nX: y";
  auto c = mail_channel();
  c.to = {"x@y.example\r\nBcc: z@y.example", "duty@county.example"};
  const auto out = only<mail_message>(rendered(c, m));
  EXPECT_THAT(out.to, ElementsAre("duty@county.example"));
  for (const std::string& line : heading(out.body)) {
    EXPECT_THAT(line, Not(StartsWith("Bcc")));
    EXPECT_THAT(line, Not(StartsWith("X:")));
  }
}

TEST(MailChannel, ToNobodyIsNoMail) {
  auto c = mail_channel();
  c.to.clear();
  EXPECT_TRUE(rendered(c).empty());
}

TEST(MailChannel, TheDateIsThatOfTheZoneInAnyMonth) {
  const auto date = [](wall_t at) {
    const auto all = outgoing_of(mail_channel(), one_message(), {}, at, test::shanghai());
    return field(only<mail_message>(all).body, "Date");
  };
  EXPECT_EQ(date(wall_from_ms(1'772'294'399'000)), "Sat, 28 Feb 2026 23:59:59 +0800");
  EXPECT_EQ(date(wall_from_ms(1'709'136'000'000)), "Thu, 29 Feb 2024 00:00:00 +0800");
}

TEST(MailChannel, WhatAnAnswerMeans) {
  const auto answer = [](unsigned status, const std::string& body) { return answer_of(mail_channel(), status, body); };
  EXPECT_EQ(answer(250, "250 2.0.0 queued").how, taken);
  EXPECT_EQ(answer(250, "250 ok\n550 5.1.1 who?").text, "250 ok 550 5.1.1 who?");
  EXPECT_EQ(answer(451, "451 4.7.1 greylisted").how, later);
  EXPECT_EQ(answer(451, "451 4.7.1 greylisted").pause, std::chrono::milliseconds{65'000});
  EXPECT_EQ(answer(552, "552 too large").how, refused);
  EXPECT_EQ(answer(535, "535 5.7.8 the password was password").text, "535 5.7.8 the *** was ***");
  EXPECT_EQ(answer(0, "连不上").how, later);
}

TEST(Mail, WithAPageAndFilesItIsMultipart) {
  message m = one_message();
  m.page = "<p>一页</p>";
  m.files = {{.name = "T1.csv", .content_type = "text/csv; charset=utf-8", .content = std::string(300, 'x')}};
  const std::string mail = only<mail_message>(rendered(mail_channel(), m)).body;
  EXPECT_THAT(field(mail, "Content-Type"), StartsWith("multipart/mixed; boundary="));
  std::size_t headings = 0;
  for (std::size_t at = mail.find("Content-Type: "); at != std::string::npos; at = mail.find("Content-Type: ", at + 1))
    ++headings;
  EXPECT_EQ(headings, 5U) << "mixed of alternative of text and page, and a file";
  EXPECT_THAT(mail, HasSubstr("Content-Disposition: attachment; filename=\"T1.csv\""));
  std::istringstream lines(mail);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 79U) << line;
  EXPECT_THAT(mail, EndsWith("--\r\n"));
}

}  // namespace
}  // namespace changtong::alerts
