#include "daemon/core/json.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace changtong {
namespace {

std::string written(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(Json, ChineseStaysAsItIs) { EXPECT_EQ(written("龙河镇 专线"), "\"龙河镇 专线\""); }

TEST(Json, QuotesBackslashesAndControlsAreEscaped) {
  EXPECT_EQ(written("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(written(std::string("\n\t\0\x1f\x7f", 5)), R"("\u000a\u0009\u0000\u001f\u007f")");
}

TEST(Json, BytesThatAreNoUtf8BecomeTheReplacementCharacter) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(written("a\xff"
                    "b"),
            "\"a" + r + "b\"");
  EXPECT_EQ(written("\xe9\xbe"), "\"" + r + r + "\"") << "a sequence that ends too early";
  EXPECT_EQ(written("\xc0\x80"), "\"" + r + r + "\"") << "an overlong NUL";
  EXPECT_EQ(written("\xed\xa0\x80"), "\"" + r + r + r + "\"") << "a surrogate";
  EXPECT_EQ(written("\xf4\x90\x80\x80"), "\"" + r + r + r + r + "\"") << "above U+10FFFF";
  EXPECT_EQ(written("\xf0\x9f\x9a\xa6"), "\"\xf0\x9f\x9a\xa6\"");
}

TEST(Json, KeysKeepTheirOrder) {
  json_object o;
  o.add("b", "x").add("a", std::int64_t{-1}).add_bool("c", true).add_null("d").add_raw("e", "[1,2]");
  EXPECT_EQ(o.text(), R"({"b":"x","a":-1,"c":true,"d":null,"e":[1,2]})");
  EXPECT_EQ(json_object{}.text(), "{}");
}

TEST(Json, WholeNumbersAreExactToTheEnds) {
  EXPECT_EQ(json_object{}.add("n", std::numeric_limits<std::int64_t>::min()).text(), R"({"n":-9223372036854775808})");
  EXPECT_EQ(json_object{}.add("n", std::numeric_limits<std::int64_t>::max()).text(), R"({"n":9223372036854775807})");
}

TEST(Json, WhatIsNotFiniteIsNull) {
  EXPECT_EQ(json_object{}.add("x", std::nan("")).text(), R"({"x":null})");
  EXPECT_EQ(json_object{}.add("x", HUGE_VAL).text(), R"({"x":null})");
  EXPECT_EQ(json_object{}.add("x", 100.0).text(), R"({"x":100})");
}

RC_GTEST_PROP(Json, AnyDoubleReadsBackTheSame, (double value)) {
  const std::string text = json_object{}.add("x", value).text();
  RC_ASSERT(std::strtod(text.c_str() + 5, nullptr) == value);
}

RC_GTEST_PROP(Json, AnyBytesGiveOneClosedStringWithoutRawControls, (const std::string& bytes)) {
  const std::string text = written(bytes);
  RC_ASSERT(text.size() >= 2U);
  std::size_t i = 1;
  while (i < text.size() - 1) {
    RC_ASSERT(static_cast<unsigned char>(text[i]) >= 0x20);
    RC_ASSERT(text[i] != '"');
    i += text[i] == '\\' ? 2 : 1;
  }
  RC_ASSERT(i == text.size() - 1);
}

}  // namespace
}  // namespace changtong
