#include "collectors/wire/reply_head.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace changtong::wire {
namespace {

reply_head read(std::initializer_list<std::string_view> lines) {
  reply_head h;
  for (const auto line : lines) h.line(line);
  return h;
}
using fault = reply_head::fault;

TEST(ReplyHead, SaysWhatIsNeeded) {
  const auto h = read({"HTTP/1.1 302 Found\r\n", "LOCATION: /a b \r\n", "content-type:text/html\r\n", "\r\n"});
  EXPECT_TRUE(h.whole());
  EXPECT_EQ(h.status(), 302U);
  EXPECT_EQ(h.http(), 11);
  EXPECT_EQ(h.location(), "/a b");
  EXPECT_EQ(h.content_type(), "text/html");
  EXPECT_EQ(h.wrong(), fault::none);
}

TEST(ReplyHead, FirstRefreshOfTheLastAnswerCounts) {
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\n", "REFRESH: 0; url=/a\r\n", "Refresh: 0; url=/b\r\n", "\r\n"}).refresh(),
            "0; url=/a");
  EXPECT_EQ(read({"HTTP/1.1 103 Early\r\n", "Refresh: 0; url=/a\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "\r\n"}).refresh(),
            "");
}

TEST(ReplyHead, WhatOddServersSendIsRead) {
  EXPECT_EQ(read({"HTTP/1.1 200\r\n", "\n"}).status(), 200U);
  EXPECT_EQ(read({"HTTP/2 204 \r\n", "\r\n"}).http(), 20);
  EXPECT_EQ(read({"HTTP/1.0 200 OK\n", "no colon here\n", "\n"}).http(), 10);
  EXPECT_TRUE(read({"ICY 200 OK\r\n", "\r\n"}).whole());
}

TEST(ReplyHead, InterimAnswersAreNotTheAnswer) {
  reply_head h = read({"HTTP/1.1 103 Early\r\n", "Location: /x\r\n", "Content-Length: 5\r\n", "\r\n"});
  EXPECT_FALSE(h.whole());
  for (const char* line : {"HTTP/1.1 200 OK\r\n", "Content-Length: 7\r\n", "\r\n"}) h.line(line);
  EXPECT_TRUE(h.whole());
  EXPECT_EQ(h.location(), "");
  EXPECT_EQ(h.wrong(), fault::none);
  reply_head endless;
  for (int i = 0; i < 65; ++i)
    for (const char* line : {"HTTP/1.1 103 Early Hints\r\n", "\r\n"}) endless.line(line);
  EXPECT_EQ(endless.wrong(), fault::endless_interim);
}

TEST(ReplyHead, LengthsThatDifferAreRefusedUnlessChunksOverruleThem) {
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\n", "Content-Length: 2\r\n", "Content-Length: 5\r\n", "\r\n"}).wrong(),
            fault::lengths_differ);
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\n", "Content-Length: 2\r\n", "Content-Length: 2\r\n", "\r\n"}).wrong(),
            fault::none);
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\n", "Content-Length: 2\r\n", "Content-Length: 5\r\n",
                  "Transfer-Encoding: chunked\r\n", "\r\n"})
                .wrong(),
            fault::none);
}

TEST(ReplyHead, AListOfLengthsIsOneIfAllAgree) {
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\n", "Content-Length: 2, 2\r\n", "\r\n"}).wrong(), fault::none);
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\n", "Content-Length: 2, 5\r\n", "\r\n"}).wrong(), fault::lengths_differ);
}

TEST(ReplyHead, AFoldedFieldIsOne) {
  EXPECT_EQ(read({"HTTP/1.1 302 F\r\n", "Location:\r\n", "\t/there\r\n", "\r\n"}).location(), "/there");
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\n", " folded at once\r\n", "Location: /x\r\n", "\r\n"}).location(), "/x");
}

TEST(ReplyHead, AFieldThatIsNamedLikeAStatusLineIsAField) {
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\n", "HTTP/x: 1\r\n", "\r\n"}).status(), 200U);
}

TEST(ReplyHead, OnlyChunksOverruleALength) {
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\n", "Transfer-Encoding: identity\r\n", "Content-Length: 2\r\n",
                  "Content-Length: 5\r\n", "\r\n"})
                .wrong(),
            fault::lengths_differ);
}

TEST(ReplyHead, TwoPlacesToGoAreOneTooMany) {
  EXPECT_EQ(read({"HTTP/1.1 302 F\r\n", "Location: /a\r\n", "Location: /b\r\n", "\r\n"}).wrong(),
            fault::locations_differ);
  EXPECT_EQ(read({"HTTP/1.1 302 F\r\n", "Location: /a\r\n", "Location: /a\r\n", "\r\n"}).wrong(), fault::none);
}

TEST(ReplyHead, TrailersAreNotRead) {
  auto h = read({"HTTP/1.1 200 OK\r\n", "\r\n", "Location: /evil\r\n", "HTTP/1.1 500 No\r\n"});
  EXPECT_EQ(h.location(), "");
  EXPECT_EQ(h.status(), 200U);
}

TEST(ReplyHead, IsBounded) {
  reply_head h = read({"HTTP/1.1 200 OK\r\n"});
  for (int i = 0; i < 13; ++i) h.line("X: " + std::string(8000, 'x') + "\r\n");
  EXPECT_EQ(h.wrong(), fault::too_long);
}

TEST(ReplyHead, TrailersAreBoundedThoughTheyAreNotRead) {
  reply_head h = read({"HTTP/1.1 200 OK\r\n", "\r\n"});
  EXPECT_FALSE(h.trailing());
  for (int i = 0; i < 13; ++i) h.line("X: " + std::string(8000, 'x') + "\r\n");
  EXPECT_TRUE(h.trailing());
  EXPECT_EQ(h.wrong(), fault::too_long);
}

TEST(ReplyHead, MoreThanTwoLayersOfPackingAreRefused) {
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\n", "Content-Encoding: gzip, gzip\r\n", "\r\n"}).wrong(), fault::none);
  EXPECT_EQ(
      read({"HTTP/1.1 200 OK\r\n", "Content-Encoding: gzip, gzip\r\n", "Content-Encoding: gzip\r\n", "\r\n"}).wrong(),
      fault::many_codings);
}

TEST(ReplyHead, CodingsThatNobodyKnowsAreTold) {
  EXPECT_TRUE(known_codings("gzip"));
  EXPECT_TRUE(known_codings(" GZIP , deflate"));
  EXPECT_TRUE(known_codings(""));
  EXPECT_FALSE(known_codings("utf-8"));
  EXPECT_FALSE(known_codings("gzip, utf-8"));
}

}  // namespace
}  // namespace changtong::wire
