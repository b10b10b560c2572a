// Reports as offices write them, read for contradictions: the one of 2023, five with slips of our own making, and
// twelve without any.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "tests/claims/written_reports.h"

namespace changtong::claims {
namespace {

struct tally {
  std::size_t found = 0, slips = 0, right = 0, all = 0;
  std::vector<std::string> missing;
  std::vector<std::string> wrong;  // findings that no reader would agree with
};

tally compare(const std::string& report) {
  const expectation wanted = expected_of(report);
  const std::vector<contradiction> all = contradictions(report_text(report + ".txt"));
  tally t;
  t.all = all.size();
  t.slips = wanted.slips.size();
  for (const expected& e : wanted.slips)
    if (std::ranges::any_of(all, [&](const contradiction& c) { return e.is(c); }))
      ++t.found;
    else
      t.missing.push_back(e.id);
  for (const contradiction& c : all) {
    const auto fits = [&](const expected& e) { return e.is(c); };
    if (std::ranges::any_of(wanted.slips, fits) || std::ranges::any_of(wanted.extra, fits))
      ++t.right;
    else
      t.wrong.push_back(c.kind + " " + c.quotes.front() + ": " + c.text);
  }
  const auto known = std::ranges::count_if(wanted.missed, [&](const expected& e) {
    return std::ranges::none_of(all, [&](const contradiction& c) { return e.is(c); });
  });
  std::cout << report << ": " << t.found << " of " << t.slips << " slips found, " << known
            << " more known to be missed, " << t.right << " of " << t.all << " findings true\n";
  return t;
}

std::string listed(const std::vector<std::string>& all) {
  std::string out;
  for (const std::string& one : all) out += "\n  " + one;
  return out;
}

bool holds(const tally& t, const std::string& id) { return std::ranges::find(t.missing, id) == t.missing.end(); }

TEST(TheReportOf2023, EveryNumericContradictionIsFoundByItsQuotes) {
  const tally t = compare("2023");
  for (const char* id : {"C01", "C02", "C03", "C04", "C05", "C06", "C07"}) EXPECT_TRUE(holds(t, id)) << id;
}

TEST(TheReportOf2023, AtLeastTwelveOfTheOtherEighteenAreFound) {
  const tally t = compare("2023");
  int others = 0;
  for (int n = 8; n <= 25; ++n) others += holds(t, (n < 10 ? "C0" : "C") + std::to_string(n)) ? 1 : 0;
  EXPECT_GE(others, 12) << listed(t.missing);
  EXPECT_EQ(others, 18) << "found before:" << listed(t.missing);
}

TEST(TheReportOf2023, NineOfTenFindingsAreTrue) {
  const tally t = compare("2023");
  EXPECT_GE(t.right * 10, t.all * 9) << listed(t.wrong);
}

TEST(ASecondReport, WithOtherFiguresAndOtherSlipsIsReadAsWell) {
  const tally t = compare("second");
  EXPECT_GE(t.slips, 15U);
  EXPECT_EQ(t.found, t.slips) << listed(t.missing);
  EXPECT_GE(t.right * 10, t.all * 9) << listed(t.wrong);
}

TEST(MoreReports, OfOtherOfficesAreReadAsWell) {
  for (const char* report : {"third", "fourth", "fifth", "sixth"}) {
    const tally t = compare(report);
    EXPECT_EQ(t.found, t.slips) << report << listed(t.missing);
    EXPECT_GE(t.right * 10, t.all * 9) << report << listed(t.wrong);
  }
}

class CleanReport : public testing::TestWithParam<const char*> {};

TEST_P(CleanReport, HasNothingToFind) {
  const std::string text = report_text(std::string(GetParam()) + ".txt");
  ASSERT_GT(text.size(), 500U);
  for (const contradiction& c : contradictions(text))
    ADD_FAILURE() << c.kind << " line " << c.lines.front() << " " << c.quotes.front() << ": " << c.text;
}

INSTANTIATE_TEST_SUITE_P(Reports, CleanReport,
                         testing::Values("clean", "clean-clinic", "clean-brief", "clean-dept", "clean-lines",
                                         "clean-video", "clean-cloud", "clean-district", "clean-form", "clean-fund",
                                         "clean-school", "clean-openness"));

TEST(Consistency, QuotesAreVerbatimAndStandInTheirLine) {
  for (const char* report : {"2023.txt", "second.txt", "third.txt"}) {
    const std::string text = report_text(report);
    std::vector<std::string> lines{""};
    for (const char c : text)
      if (c == '\n')
        lines.emplace_back();
      else
        lines.back().push_back(c);
    for (const contradiction& c : contradictions(text)) {
      ASSERT_EQ(c.quotes.size(), c.lines.size());
      ASSERT_EQ(c.quotes.size(), c.places.size());
      for (std::size_t i = 0; i < c.quotes.size(); ++i) {
        ASSERT_GE(c.lines[i], 1);
        EXPECT_NE(lines.at(static_cast<std::size_t>(c.lines[i]) - 1).find(c.quotes[i]), std::string::npos)
            << report << ":" << c.lines[i] << " " << c.quotes[i];
      }
      EXPECT_FALSE(c.text.empty());
      EXPECT_NE(chinese_kind(c.kind), c.kind) << "a kind without a Chinese name";
    }
  }
}

TEST(Consistency, FindingsComeInOrderOfTheirFirstLineAndNoneTwice) {
  const auto all = contradictions(report_text("2023.txt"));
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, [](const contradiction& c) { return c.lines.front(); }));
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = i + 1; k < all.size(); ++k)
      EXPECT_FALSE(all[i].kind == all[k].kind && all[i].quotes == all[k].quotes) << all[i].quotes.front();
}

TEST(Consistency, CarriageReturnsAndFullWidthDigitsChangeNothing) {
  std::string text = report_text("2023.txt"), windows, wide;
  for (const char c : text) {
    if (c == '\n') windows += '\r';
    windows += c;
    if (c >= '0' && c <= '9')
      wide += "\xef\xbc" + std::string(1, static_cast<char>(0x90 + (c - '0')));  // ０ is U+FF10
    else
      wide += c;
  }
  const std::size_t n = contradictions(text).size();
  EXPECT_EQ(contradictions(windows).size(), n);
  EXPECT_EQ(contradictions(wide).size(), n);
}

TEST(Consistency, AnEmptyTextHasNoContradiction) {
  EXPECT_TRUE(contradictions("").empty());
  EXPECT_TRUE(contradictions("\n\n  \n").empty());
}

TEST(Consistency, ATextThatIsOneSentenceIsReadInPieces) {
  std::string rates, letters;
  for (int i = 0; i < 5000; ++i) rates += "预算执行率1%，支出1万元，";
  for (int i = 0; i < 50'000; ++i) letters += "甲乙";
  EXPECT_TRUE(contradictions(rates).empty());
  for (const contradiction& c : contradictions(letters)) EXPECT_LT(c.quotes.front().size(), 10'000U);
}

TEST(Consistency, NoRuleKnowsTheFiguresOf2023) {
  // The same report with every figure of the two clusters replaced: the same contradictions, with the new figures.
  std::string text = report_text("2023.txt");
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  };
  replace("921.47", "604.80");
  replace("919.94", "601.25");
  replace("919.47", "610.52");
  replace("406.47", "201.25");
  replace("513.47", "400.00");
  replace("99.83", "99.41");  // 601.25 / 604.80
  replace("信息化项目建设项目", "智慧城管建设项目");
  const auto all = contradictions(text);
  const auto has = [&](const char* kind, std::vector<std::string> words) {
    const expected e{.id = "", .kind = kind, .words = std::move(words)};
    return std::ranges::any_of(all, [&](const contradiction& c) { return e.is(c); });
  };
  EXPECT_TRUE(has("amount/amount", {"支出 601.25", "总支出 610.52"}));
  EXPECT_TRUE(has("amount/rate", {"610.52", "99.41%", "604.80"}));
  EXPECT_TRUE(has("amount/amount", {"智慧城管建设项目支出 604.80", "601.25"}));
  EXPECT_TRUE(has("amount/amount", {"采购支出 201.25", "一般总预算 400.00"}));
}

}  // namespace
}  // namespace changtong::claims
