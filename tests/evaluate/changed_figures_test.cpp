// A clean report in which one figure is changed: where the report states the figure twice, or gives what it follows
// from, the change must be found.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <iostream>
#include <set>

#include "daemon/claims/claims.h"
#include "tests/claims/written_reports.h"

namespace changtong::claims {
namespace {

/** A figure in the bytes of the report: the digits alone. */
struct figure {
  std::size_t from = 0, to = 0;
  int line = 0;
  std::string head;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::vector<figure> figures(const std::string& text, const std::vector<claim>& claims, const written_report& r) {
  std::vector<figure> out;
  for (const claim& c : claims) {
    if (c.what.worded) continue;
    const paragraph& p = r.paragraphs[c.paragraph];
    const std::size_t from = p.origin[c.what.digits.from];
    std::size_t to = from;
    while (to < text.size() && (is_digit(text[to]) || text[to] == '.' || text[to] == ',')) ++to;
    out.push_back({from, to, r.line(p, c.what.digits.from), c.label + c.what.unit});
  }
  return out;
}

/** The figure with its last digit moved on by `by` (1 .. 9), or its first digit where `coarse`. */
std::string changed(const std::string& text, const figure& f, int by, bool coarse) {
  std::string out = text;
  std::size_t at = coarse ? f.from : f.to - 1;
  const int digit = out[at] - '0';
  int next = (digit + by) % 10;
  if (coarse && next == 0) next = (digit + by + 1) % 10;
  if (coarse && next == digit) next = digit == 9 ? 8 : digit + 1;
  out[at] = static_cast<char>('0' + next);
  return out;
}

class ChangedFigures : public testing::Test {
 protected:
  const std::string text = report_text("clean.txt");
  const written_report report = read_report(text);
  const std::vector<claim> claims = claims_of(report);
  const std::vector<figure> all = figures(text, claims, report);
};

TEST_F(ChangedFigures, EveryPartOfASumAndEveryTotalIsFound) {
  // Lines of clean.txt whose figures add up or follow from each other: parts of the spending, of the lines, of the
  // quarters, of the weights, of the score, of the survey, of the samples, of the outages and their share.
  const std::set<std::string> bound_up{"全年支出 1,262.77", "在用专线 401", "村（社区）236 条", "合计 24",
                                       "决策 15 分、",      "得分 98.10",   "收回 462",         "满意率 95.78",
                                       "回收率 96.25",      "合格率 99.17", "到位率 100%；",    "执行率 98.16%。",
                                       "完成预算的 98.16",  "按比例得 9.82"};
  std::size_t found = 0;
  for (const std::string& place : bound_up) {
    const std::size_t at = text.find(place);
    ASSERT_NE(at, std::string::npos) << place;
    const auto f =
        std::ranges::find_if(all, [&](const figure& g) { return g.from >= at && g.from < at + place.size(); });
    ASSERT_NE(f, all.end()) << place;
    if (!contradictions(changed(text, *f, 3, false)).empty())
      ++found;
    else
      std::cout << "not found: " << place << "\n";
  }
  // what hangs on nothing that the text says: points of one third-level indicator, and 10 points times the execution
  EXPECT_GE(found, bound_up.size() - 2);
}

TEST_F(ChangedFigures, HowManyOfAllFiguresAreBoundUpWithAnother) {
  std::size_t found = 0;
  for (const figure& f : all)
    if (!contradictions(changed(text, f, 3, false)).empty()) ++found;
  std::cout << found << " of " << all.size() << " figures of the clean report cannot be changed unseen\n";
  EXPECT_GE(found * 3, all.size());
}

RC_GTEST_PROP(ChangedFiguresOfAnyReport, NoChangeMakesTheReaderInventQuotes, ()) {
  static const std::string text = report_text("clean.txt");
  std::string other = text;
  const auto times = *rc::gen::inRange(1, 6);
  for (int i = 0; i < times; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const auto from = *rc::gen::inRange<std::size_t>(0, text.size());
    const auto n = *rc::gen::inRange<std::size_t>(0, 60);
    other.replace(at, std::min<std::size_t>(n, other.size() - std::min(at, other.size())), text.substr(from, n));
  }
  for (const contradiction& c : contradictions(other))
    for (const std::string& q : c.quotes) RC_ASSERT(other.find(q) != std::string::npos);
}

}  // namespace
}  // namespace changtong::claims
