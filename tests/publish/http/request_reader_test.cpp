// One text, one reading: what two programs could take for two different requests is none.
#include "daemon/publish/http/request_reader.h"

#include <gmock/gmock.h>

namespace changtong::http {
namespace {

using testing::HasSubstr;

constexpr std::size_t most_header = 16 * 1024;
constexpr std::uint64_t most_body = 1024 * 1024;

struct seen {
  int status = 0;  ///< 0: it waits for more; 200: a whole request
  std::string method, authorization, body, why;
  std::size_t fields = 0;
  std::string rest;
};

/** All at once where `step` is 0, otherwise so many bytes at a time. */
seen read(std::string_view text, std::size_t step = 0) {
  request_reader reader(most_header, most_body);
  std::string pending;
  seen out;
  while (!reader.whole() && !reader.refused()) {
    const std::size_t taken = reader.take(pending);
    pending.erase(0, taken);
    if (taken > 0 || reader.whole() || reader.refused()) continue;
    if (text.empty()) return out;
    const std::size_t n = step == 0 ? text.size() : std::min(step, text.size());
    pending += text.substr(0, n);
    text.remove_prefix(n);
  }
  if (reader.refused()) {
    out.status = reader.refused()->status;
    out.why = reader.refused()->why.cn;
    return out;
  }
  out.status = 200;
  out.method = reader.head().method_string();
  out.authorization = reader.head()["authorization"];
  out.body = reader.take_body();
  out.fields = static_cast<std::size_t>(std::distance(reader.head().begin(), reader.head().end()));
  out.rest = pending + std::string(text);
  return out;
}

std::string post(std::string_view fields, std::string_view body) {
  return "POST /api/v1/reload HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" + std::string(body);
}
const std::string chunked = "Transfer-Encoding: chunked\r\n";

TEST(RequestReader, ReadsAWholeRequestByteByByteAsAtOnce) {
  const std::string text = post("Content-Length: 5\r\n", "hello") + "GET / HTTP/1.1\r\n";
  for (const std::size_t step : {std::size_t{0}, std::size_t{1}, std::size_t{7}}) {
    const seen s = read(text, step);
    EXPECT_EQ(s.status, 200) << step;
    EXPECT_EQ(s.body, "hello");
    EXPECT_EQ(s.rest, "GET / HTTP/1.1\r\n") << "the next request is left alone";
  }
}

TEST(RequestReader, ATrailerIsNoHeader) {
  const std::string text =
      post(chunked, "5\r\nhello\r\n0\r\nAuthorization: Bearer stolen\r\nHost: other\r\nX-More: 1\r\n\r\n");
  for (const std::size_t step : {std::size_t{0}, std::size_t{1}}) {
    const seen s = read(text, step);
    EXPECT_EQ(s.status, 200) << s.why;
    EXPECT_EQ(s.body, "hello");
    EXPECT_EQ(s.authorization, "");
    EXPECT_EQ(s.fields, 2U) << "Host and Transfer-Encoding";
  }
}

TEST(RequestReader, TheLastChunkMayComeInAnyPieces) {
  for (const char* body : {"0\r\n\r\n", "000\r\n\r\n", "0\r\nX: y\r\n\r\n", "1\r\na\r\n0\r\n\r\n"})
    for (std::size_t step = 1; step < 6; ++step) EXPECT_EQ(read(post(chunked, body), step).status, 200) << body << step;
}

TEST(RequestReader, TrailersAreBoundedLikeHeaders) {
  EXPECT_EQ(read(post(chunked, "0\r\nX: " + std::string(20 * 1024, 'a') + "\r\n\r\n"), 4096).status, 431);
}

TEST(RequestReader, ALengthAndAnEncodingExcludeEachOther) {
  EXPECT_EQ(read(post("Content-Length: 5\r\n" + chunked, "0\r\n\r\n")).status, 400);
  EXPECT_EQ(read(post(chunked + "Content-Length: 5\r\n", "0\r\n\r\n")).status, 400);
  EXPECT_EQ(read(post("Content-Length: 5\r\nTransfer-Encoding: identity\r\n", "hello")).status, 400);
}

TEST(RequestReader, ALengthIsOneDecimalNumberGivenOnce) {
  for (const char* bad :
       {"Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5, 5\r\n", "Content-Length: +5\r\n",
        "Content-Length: -5\r\n", "Content-Length: 0x5\r\n", "Content-Length: 5 5\r\n", "Content-Length: \r\n",
        "Content-Length: 99999999999999999999999\r\n"})
    EXPECT_EQ(read(post(bad, "hello")).status, 400) << bad;
}

TEST(RequestReader, NoEncodingButChunkedIsTakenAndNeverIgnored) {
  for (const char* other : {"gzip", "identity", "gzip, chunked", "chunked, gzip", "chunked, chunked", "xchunked",
                            "\"chunked\"", "chunked;q=1", ""})
    EXPECT_EQ(read(post("Transfer-Encoding: " + std::string(other) + "\r\n", "0\r\n\r\n")).status, 501) << other;
  EXPECT_EQ(read(post(chunked + chunked, "0\r\n\r\n")).status, 400);
  EXPECT_EQ(read(post("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n")).status, 200);
  EXPECT_EQ(read("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status, 400);
}

TEST(RequestReader, LinesEndInCrlfAndNothingElse) {
  EXPECT_EQ(read("GET / HTTP/1.1\nHost: a\n\n").status, 400) << "at once: its end would never come";
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\n\r\n\r\n").status, 400);
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n").status, 400);
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n").status, 400);
  EXPECT_EQ(read(post(chunked, "5\nhello\r\n0\r\n\r\n")).status, 400);
}

TEST(RequestReader, NothingIsFolded) {
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n").status, 400);
  EXPECT_EQ(read("GET / HTTP/1.1\r\n Host: a\r\n\r\n").status, 400);
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n").status, 400);
}

TEST(RequestReader, ControlCharactersAreNowhereInAHead) {
  using std::string_literals::operator""s;
  for (const std::string& bad : {"GET /\0a HTTP/1.1\r\nHost: a\r\n\r\n"s, "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"s,
                                 "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n"s,
                                 "GET / HTTP/1.1\r\nHost: a\r\nX\x7f: 1\r\n\r\n"s, "\x16\x03\x01\x02\x00\x01"s})
    EXPECT_EQ(read(bad).status, 400);
}

TEST(RequestReader, ANameHasNoSpaceBeforeItsColon) {
  EXPECT_EQ(read(post("Content-Length : 5\r\n", "hello")).status, 400);
  EXPECT_EQ(read(post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")).status, 400);
}

TEST(RequestReader, ChunksHaveASizeAndNothingElse) {
  EXPECT_EQ(read(post(chunked, "5\r\nhello\r\n0\r\n\r\n")).body, "hello");
  for (const char* bad :
       {"5;a=b\r\nhello\r\n0\r\n\r\n", "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n",
        "ffffffffffffffff1\r\nhello\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "0;a\r\n\r\n"})
    EXPECT_EQ(read(post(chunked, bad)).status, 400) << bad;
}

TEST(RequestReader, BoundsAreHeldBeforeTheBytesAreThere) {
  EXPECT_EQ(read(post("Content-Length: 1048577\r\n", "")).status, 413);
  EXPECT_EQ(read(post(chunked, "100001\r\n")).status, 413);
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17 * 1024, 'a')).status, 431);
  EXPECT_EQ(read("GET /" + std::string(17 * 1024, 'a'), 1000).status, 431);
}

TEST(RequestReader, EveryRefusalSaysWhy) {
  EXPECT_THAT(read("nonsense\r\n\r\n").why, HasSubstr("请求行"));
  EXPECT_THAT(read("GET / HTTP/2.0\r\nHost: a\r\n\r\n").why, HasSubstr("请求行"));
  EXPECT_THAT(read("GET / HTTP/1.1\r\n\r\n").why, HasSubstr("Host"));
  EXPECT_THAT(read(post("Content-Length: x\r\n", "")).why, HasSubstr("Content-Length"));
}

TEST(RequestReader, WhatIsNotFinishedIsWaitedFor) {
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\n").status, 0);
  EXPECT_EQ(read(post("Content-Length: 5\r\n", "hell")).status, 0);
  EXPECT_EQ(read(post(chunked, "5\r\nhello\r\n0\r\nX: y\r\n")).status, 0);
}

}  // namespace
}  // namespace changtong::http
