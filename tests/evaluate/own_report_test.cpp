#include "daemon/evaluate/own_report.h"

#include <gmock/gmock.h>

#include "tests/evaluate/small_evaluation.h"

namespace changtong::evaluate {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

evaluation with_chapter(const std::string& sentence) {
  evaluation e = small_evaluation();
  e.blocking.clear();
  e.period_text = "2026-01-01 至 2026-06-30（Asia/Shanghai）";
  indicator_result media;
  media.id = "newmedia";
  media.level1 = "产出";
  media.level3 = "维护新媒体";
  media.target_text = "≥2个";
  media.actual_text = "2个";
  media.actual = as_printed("2");
  media.weight = as_printed("4");
  media.score = as_printed("4.00");
  media.how = standing::scored;
  media.source = "document";
  media.source_text = "新媒体台账";
  e.indicators = {media};
  e.chapters = {{.title = "三、综合评价情况", .level = 1, .paragraphs = {sentence}}};
  check_own_report(e);
  return e;
}

TEST(OwnReport, AChapterThatAgreesWithTheTableBlocksNothing) {
  EXPECT_THAT(with_chapter("全年维护新媒体 2 个。").blocking, IsEmpty());
}

TEST(OwnReport, AChapterThatSaysAnotherNumberThanTheTableIsToldAndBlocksNothing) {
  const auto e = with_chapter("全年维护新媒体 3 个。");
  EXPECT_THAT(e.findings, Contains(HasSubstr("3 个"))) << "who changed the text by hand is told where";
  EXPECT_THAT(e.blocking, IsEmpty()) << "a person's text may mean more than it says";
}

TEST(OwnReport, PartsThatDoNotAddUpAreTold) {
  const auto e = with_chapter("项目总支出 100 万元，其中：专线费 60 万元，运维费 30 万元。");
  EXPECT_THAT(e.findings, Contains(HasSubstr("= 90万元")));
  EXPECT_THAT(e.warnings, IsEmpty()) << "warnings are printed in the form; what the checker says is not";
}

TEST(OwnReport, WordsAreTheAuthorsOwn) {
  const auto e = with_chapter("全年维护维护新媒体 2 个。网站点击率超过10万次。");
  EXPECT_THAT(e.blocking, IsEmpty());
  EXPECT_THAT(e.findings, IsEmpty());
}

TEST(OwnReport, WithoutChaptersThereIsNothingToRead) {
  evaluation e = small_evaluation();
  const auto before = e.blocking;
  check_own_report(e);
  EXPECT_EQ(e.blocking, before);
}

}  // namespace
}  // namespace changtong::evaluate
