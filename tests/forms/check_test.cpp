#include "daemon/forms/check.h"

#include <gtest/gtest.h>

#include "tests/forms/form_texts.h"

namespace changtong::forms {
namespace {

std::string listed(const std::vector<slip>& slips) {
  std::string out;
  for (const slip& s : slips)
    out += (s.how == weight_of_finding::wrong ? "  wrong " : "  ask ") + s.at.at + " [" + s.right + "] " + s.text.cn +
           "\n";
  return out;
}

/** Of each form exactly the cells that are wrong, with what they should say; questions where they are listed. */
void expect_checked(const std::string& folder) {
  const auto all = form_texts(folder);
  ASSERT_GE(all.size(), 12U);
  for (const form_text& t : all) {
    const auto read = read_forms({t.table()});
    ASSERT_TRUE(read) << t.name << ": " << read.error().text;
    const auto found = check_form(read->front());
    std::map<std::string, std::string> wrong;
    for (const slip& s : found)
      if (s.how == weight_of_finding::wrong) wrong[s.at.at] = s.right;
    for (const auto& [cell, right] : t.wrong) {
      const auto w = wrong.find(t.place(cell));
      if (w == wrong.end())
        ADD_FAILURE() << t.name << ": nothing is said of " << cell << "\n" << listed(found);
      else
        EXPECT_TRUE(w->second.starts_with(right)) << t.name << " " << cell << ": " << w->second << " for " << right;
    }
    EXPECT_EQ(wrong.size(), t.wrong.size()) << t.name << "\n" << listed(found);
    for (const std::string& cell : t.asks)
      EXPECT_TRUE(std::ranges::any_of(found, [&](const slip& s) { return s.at.at == t.place(cell); }))
          << t.name << cell;
  }
}

TEST(CheckForm, FullPointsForABoundAreWrongOnlyWhereItMissesTheTarget) {
  const auto read = read_forms({table_of({{"三级指标", "指标值", "完成值", "分值", "得分"},
                                          {"点击", "≥10万次", "超过10万次", "40", "40"},
                                          {"服务", "≥12万人次", "超过10万人次", "30", "30"},
                                          {"满意", "≥95%", "不足95%", "30", "30"}})});
  ASSERT_TRUE(read);
  const auto found = check_form(read->front());
  ASSERT_EQ(found.size(), 2U) << listed(found);
  EXPECT_EQ(found[0].at.at, "「表」E3");
  EXPECT_EQ(found[0].how, weight_of_finding::ask);
  EXPECT_EQ(found[1].at.at, "「表」E4");
  EXPECT_EQ(found[1].how, weight_of_finding::wrong);
}

TEST(CheckForm, AMissedTargetNeedsItsReasonWithoutPointsToo) {
  const auto found_in = [](const char* actual, const char* reason) {
    const auto read = read_forms({table_of({{"三级指标", "年度指标值", "全年实际完成值", "未完成原因和改进措施"},
                                            {"接入行政村", "≥120个", actual, reason},
                                            {"群众满意度", "≥90%", "95%", ""}})});
    EXPECT_TRUE(read);
    return check_form(read->front());
  };
  EXPECT_TRUE(found_in("120个", "").empty());
  EXPECT_TRUE(found_in("118个", "两村搬迁").empty()) << listed(found_in("118个", "两村搬迁"));
  for (const char* missed : {"118个", "不足120个"}) {
    const auto found = found_in(missed, "");
    ASSERT_EQ(found.size(), 1U) << missed;
    EXPECT_EQ(found[0].kind, "reason");
    EXPECT_EQ(found[0].at.at, "「表」D2");
  }
}

TEST(CheckForm, SaysWhichCellIsWrongAndNothingOfThoseThatAreRight) { expect_checked("tuned"); }
TEST(CheckForm, LikewiseOfFormsThatWereKeptBack) { expect_checked("kept"); }

}  // namespace
}  // namespace changtong::forms
