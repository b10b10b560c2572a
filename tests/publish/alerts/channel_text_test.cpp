// A message's words within a bound, and answers without secrets.
#include "daemon/publish/alerts/channel_text.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "daemon/core/utf8.h"
#include "tests/publish/alerts/one_message.h"

namespace changtong::alerts {
namespace {

TEST(Fitted, WholeLinesStayAndTheRestIsCounted) {
  const std::string text = "甲甲甲甲甲甲甲甲甲甲\n乙乙乙乙乙乙乙乙乙乙\n丙丙丙丙丙丙丙丙丙丙\n丁丁丁丁丁丁丁丁丁丁\n";
  EXPECT_EQ(fitted(text, text.size()), text);
  EXPECT_EQ(fitted(text, 31 + 31 + 41), "甲甲甲甲甲甲甲甲甲甲\n（篇幅所限，另有 3 行未列出）");
  EXPECT_EQ(fitted(text, 31 + 31 + 42), "甲甲甲甲甲甲甲甲甲甲\n乙乙乙乙乙乙乙乙乙乙\n（篇幅所限，另有 2 行未列出）");
}

TEST(Fitted, ALineThatIsTooLongEndsWithAWholeCharacter) {
  EXPECT_EQ(fitted("甲乙丙丁", 10), "甲乙…");
  EXPECT_EQ(fitted("甲乙丙丁", 11), "甲乙…");
  EXPECT_EQ(fitted("甲乙丙丁", 3), "…");
  EXPECT_EQ(fitted("甲乙丙丁", 2), "");
  EXPECT_EQ(fitted("", 0), "");
}

std::string any_text() {
  const auto lines = *rc::gen::inRange(0, 60);
  std::string text;
  for (int i = 0; i < lines; ++i) {
    const auto letters = *rc::gen::inRange(0, 40);
    for (int k = 0; k < letters; ++k)
      text += *rc::gen::element<std::string>("村", "线", "a", "é", "𠮷", " ", "\"", "\\");
    text += '\n';
  }
  return text;
}

bool is_utf8(std::string_view text) {
  for (std::size_t size = 0; !text.empty(); text.remove_prefix(size))
    if (size = utf8_length(text); size == 0) return false;
  return true;
}

TEST(Fitted, AnyTextFitsAnyBoundInWholeCharacters) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = any_text();
    const auto most = static_cast<std::size_t>(*rc::gen::inRange(0, 3000));
    const std::string out = fitted(text, most);
    RC_ASSERT(out.size() <= most);
    RC_ASSERT(is_utf8(out));
    if (text.size() <= most) RC_ASSERT(out == text);
  }));
}

TEST(WholeText, OfWhatDoesNotFitTheTextGoesFirst) {
  EXPECT_TRUE(rc::check([] {
    message m = test::one_message();
    m.text = any_text();
    const auto most = static_cast<std::size_t>(*rc::gen::inRange(0, 3000));
    const std::string out = whole_text(m, most);
    RC_ASSERT(out.size() <= most);
    RC_ASSERT(is_utf8(out));
    if (most >= 200) RC_ASSERT(out.starts_with(m.title) && out.ends_with(m.link));
  }));
}

TEST(WholeText, IsTitleTextAndLinkALineEach) {
  message m = test::one_message();
  EXPECT_EQ(whole_text(m, 2048), m.title + "\n" + m.text + m.link);
  m.text += "详情 " + m.link + "\n";
  EXPECT_EQ(whole_text(m, 2048) + "\n", m.title + "\n" + m.text) << "a link that is there is not said twice";
  m.link.clear();
  m.text.clear();
  EXPECT_EQ(whole_text(m, 2048), m.title);
}

TEST(OneLine, LineEndsBecomeMarks) {
  EXPECT_EQ(one_line("一\n二。\n三\t四\n"), "一；二。三 四");
  EXPECT_EQ(one_line("\n\n"), "");
}

TEST(EachOnce, KeepsOrderAndLeavesOutWhatCouldNotStand) {
  EXPECT_EQ(each_once({"a", "b", "a", "", "x\ny", "138 0000 0000"}, {"b", "c<"}, 9),
            (std::vector<std::string>{"a", "b", "13800000000"}));
  EXPECT_EQ(each_once({"a", "b"}, {"c"}, 2), (std::vector<std::string>{"a", "b"}));
}

TEST(WithoutSecrets, NothingOfTheChannelIsInWhatItSaid) {
  auto c = test::channel_of(channel_kind::wecom, "https://u:passw0rd@host.example/hook/693a91f6-7xxx?key=q1w2e3r4&a=b",
                            "SEC-example");
  c.headers = {{"Authorization", secret("Bearer abcdef")}};
  EXPECT_EQ(without_secrets(c, "693a91f6-7xxx q1w2e3r4 SEC-example passw0rd Bearer abcdef hook host.example b"),
            "*** *** *** *** *** hook host.example b");
}

TEST(WithoutSecrets, IsOneShortLineOfUtf8) {
  const auto c = test::channel_of(channel_kind::webhook, "http://127.0.0.1/");
  EXPECT_EQ(without_secrets(c, "a\r\n\tb\xff\xe4\xb8z\x7f"), "a b???z ");
  const std::string long_one = without_secrets(c, std::string(201, 'x') + "汉");
  EXPECT_EQ(long_one, std::string(200, 'x'));
  std::string chinese;
  for (int i = 0; i < 100; ++i) chinese += "汉";
  EXPECT_EQ(without_secrets(c, chinese).size(), 198U);
}

TEST(Signing, IsThatOfTheStandards) {
  // RFC 4231, test case 2; RFC 4648, 10.
  EXPECT_EQ(hex_digits(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(percent_encoded("a/+=~ 断"), "a%2F%2B%3D~%20%E6%96%AD");
}

}  // namespace
}  // namespace changtong::alerts
