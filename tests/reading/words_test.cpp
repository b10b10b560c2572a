#include <gtest/gtest.h>
//
#include <rapidcheck/gtest.h>

#include <array>

#include "daemon/reading/csv.h"
#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  csv_reader csv(text);
  std::vector<std::vector<std::string>> out;
  std::vector<csv_field> row;
  while (true) {
    const auto more = csv.next(row);
    if (!more) {
      out.push_back({"problem " + std::to_string(more.error().line) + ":" + std::to_string(more.error().column)});
      return out;
    }
    if (!*more) return out;
    out.emplace_back();
    for (const auto& f : row) out.back().emplace_back(f.text);
  }
}

using rows = std::vector<std::vector<std::string>>;

TEST(Durations, HaveAUnit) {
  EXPECT_EQ(parse_duration("500ms").value(), milliseconds(500));
  EXPECT_EQ(parse_duration("10s").value(), milliseconds(10'000));
  EXPECT_EQ(parse_duration("5m").value(), milliseconds(300'000));
  EXPECT_EQ(parse_duration("1h").value(), milliseconds(3'600'000));
}

TEST(Durations, BareNumberIsRefusedWithTheRemedy) {
  EXPECT_EQ(parse_duration("5").error().text_en, "'5' has no unit: write 5s for seconds, or ms, m, h");
}

TEST(Durations, NonsenseIsRefused) {
  for (const char* text : {"", "s", "-1s", "1.5s", "1 s", "10sec", "9999999999s", "1d"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

RC_GTEST_PROP(Durations, WrittenOnesAreReadBack, ()) {
  const auto d = milliseconds(*rc::gen::inRange(0, 999'999'999));
  RC_ASSERT(parse_duration(duration_text(d)).value() == d);
}

TEST(Decimals, PercentIsAHundredth) {
  EXPECT_DOUBLE_EQ(parse_decimal("5%").value(), 0.05);
  EXPECT_DOUBLE_EQ(parse_decimal("0.05").value(), 0.05);
  for (const char* text : {"", "%", ".", "1e3", "-1", "1.2.3", "nan"}) EXPECT_FALSE(parse_decimal(text)) << text;
}

TEST(Suggestions, NearestWordIsOfferedForATypingError) {
  constexpr std::array<std::string_view, 3> known{"interval", "timeout", "zone"};
  EXPECT_EQ(nearest("intervall", known), "interval");
  EXPECT_EQ(nearest("tiemout", known), "timeout");
  EXPECT_EQ(nearest("completely_else", known), "");
}

TEST(Quotes, CutLongTextBetweenCharactersAndShowControlCharacters) {
  EXPECT_EQ(quote("a\tb"), "'a\\x09b'");
  std::string chinese;
  for (int i = 0; i < 30; ++i) chinese += "畅";
  std::string expected;
  for (int i = 0; i < 21; ++i) expected += "畅";
  EXPECT_EQ(quote(chinese), "'" + expected + "…'");
}

TEST(Csv, RowsFieldsAndLineEnds) {
  EXPECT_EQ(rows_of("a,b\r\nc,d\ne,"), (rows{{"a", "b"}, {"c", "d"}, {"e", ""}}));
  EXPECT_EQ(rows_of(""), rows{});
  EXPECT_EQ(rows_of("\n\r\na\n\n"), (rows{{"a"}}));
}

TEST(Csv, QuotesCarryCommasQuotesAndLineBreaks) {
  EXPECT_EQ(rows_of("\"a,b\",\"c\"\"d\",\"e\nf\"\ng,h,i"), (rows{{"a,b", "c\"d", "e\nf"}, {"g", "h", "i"}}));
}

TEST(Csv, LeadingCommentsAreSkippedAndLaterOnesAreRows) {
  EXPECT_EQ(rows_of("# one\r\n#two\na,b\n#c,d\n"), (rows{{"a", "b"}, {"#c", "d"}}));
}

TEST(Csv, DamageIsAProblemWithItsPlaceAndEndsTheReading) {
  EXPECT_EQ(rows_of("a\n\"open"), (rows{{"a"}, {"problem 2:1"}}));
  EXPECT_EQ(rows_of("镇,b\"c"), (rows{{"problem 1:4"}}));
  EXPECT_EQ(rows_of("\"a\"b"), (rows{{"problem 1:4"}}));
  EXPECT_EQ(rows_of("a\rb"), (rows{{"problem 1:2"}}));
}

TEST(Csv, FieldAndRowAreBounded) {
  EXPECT_EQ(rows_of(std::string(4097, 'x')), (rows{{"problem 1:1"}}));
  EXPECT_EQ(rows_of(std::string(4096, 'x')).at(0).at(0).size(), 4096u);
  EXPECT_EQ(rows_of("\"" + std::string(9999, '\n') + "\""), (rows{{"problem 1:1"}}));
  EXPECT_EQ(rows_of(std::string(64, ',')), (rows{{"problem 1:65"}}));
}

RC_GTEST_PROP(Csv, AnyFieldsWrittenWithQuotesAreReadBack, ()) {
  const auto fields = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab,\"\n#\r ")))));
  RC_PRE(fields.size() <= csv_manners{}.most_fields);
  std::string text;
  for (const std::string& f : fields) {
    std::string doubled;
    for (const char c : f) doubled += c == '"' ? std::string("\"\"") : std::string(1, c);
    text += (text.empty() ? "\"" : ",\"") + doubled + "\"";
  }
  RC_ASSERT(rows_of(text) == rows{fields});
}

TEST(Encodings, Gb18030IsConverted) {
  const std::string gb = "\xb1\xe0\xba\xc5,\xc3\xfb\xb3\xc6\n";  // 编号,名称
  EXPECT_EQ(to_utf8(gb).value(), "编号,名称\n");
}

TEST(Encodings, ByteOrderMarkIsDropped) { EXPECT_EQ(to_utf8("\xef\xbb\xbfid").value(), "id"); }

TEST(Encodings, DamagedUtf8IsNotTakenForGb18030) {
  const auto r = to_utf8("编号,名称\n畅\x80通,x\n");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().line, 2);
  EXPECT_EQ(r.error().column, 2);
}

TEST(Encodings, Utf16AndSpreadsheetsAreNamed) {
  EXPECT_NE(to_utf8("\xff\xfei\0d").error().text.find("UTF-16"), std::string::npos);
  EXPECT_NE(to_utf8("PK\x03\x04zip").error().text.find("XLSX"), std::string::npos);
}

}  // namespace
}  // namespace changtong::reading
