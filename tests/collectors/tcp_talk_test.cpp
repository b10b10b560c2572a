#include "collectors/tcp_talk.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

using match = tcp_talk::match;

TEST(TcpTalk, FindsWhatIsExpectedAcrossPieces) {
  const tcp_script script{.send = {}, .expect = "OK READY"};
  tcp_talk talk(script);
  EXPECT_TRUE(talk.heard_nothing());
  EXPECT_EQ(talk.hear("* OK"), match::waits);
  EXPECT_EQ(talk.hear(" RE"), match::waits);
  EXPECT_EQ(talk.hear("ADY\r\n"), match::expected);
}

TEST(TcpTalk, LooksAtSoManyBytesAndNoMore) {
  const tcp_script script{.send = {}, .expect = "ab"};
  tcp_talk last(script), beyond(script);
  EXPECT_EQ(last.hear(std::string(tcp_talk::most_heard - 2, 'x') + "ab"), match::expected);
  EXPECT_EQ(beyond.hear(std::string(tcp_talk::most_heard - 1, 'x') + "ab"), match::other);
}

TEST(TcpTalk, IsToldInPieces) {
  const tcp_script script{.send = "PING\r\n", .expect = "x"};
  tcp_talk talk(script);
  talk.sent(4);
  EXPECT_EQ(talk.unsent(), "\r\n");
  talk.sent(2);
  EXPECT_TRUE(talk.unsent().empty());
}

TEST(TcpTalk, EscapesAreReadAndWritten) {
  EXPECT_EQ(unescaped(R"(a\r\n\t\\\x41\x7e)").value(), "a\r\n\t\\A~");
  EXPECT_EQ(unescaped(R"(\0)").value(), std::string(1, '\0'));
  for (const char* bad : {"\\", "\\q", "\\x4", "\\x4g", "a\\"}) EXPECT_FALSE(unescaped(bad)) << bad;
  EXPECT_EQ(escaped(std::string("a\0\r\n\\\x1b[2J\xff", 10), 80), R"(a\0\r\n\\\x1b[2J\xff)");
  EXPECT_EQ(escaped("服务忙", 80), "服务忙");
  EXPECT_EQ(escaped("a\u202eb", 80), R"(a\xe2\x80\xaeb)") << "what turns the direction of writing is shown as bytes";
  EXPECT_EQ(escaped("服务忙", 4), "服…");
}

}  // namespace
}  // namespace changtong
