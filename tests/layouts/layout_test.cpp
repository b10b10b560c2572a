// Layouts of the form: the built-in ones hold, and what is wrong in a file is said with its place.
#include "daemon/layouts/layout.h"

#include <gtest/gtest.h>

namespace changtong::layouts {
namespace {

TEST(Layouts, ThatAreBuiltInCanBeReadAndSayFromWhereTheyAreKnown) {
  for (const std::string_view name : names()) {
    EXPECT_EQ(named(name).name, name);
    EXPECT_FALSE(named(name).source.empty()) << name;
    for (const shown what : {shown::level3, shown::actual, shown::score})
      EXPECT_NE(layout::showing(named(name).indicators, what), nullptr) << name;
    for (const shown what : {shown::name, shown::budget, shown::executed, shown::rate, shown::score})
      EXPECT_NE(layout::showing(named(name).money, what), nullptr) << name;
  }
  for (const std::string_view name : unscored_names()) {
    EXPECT_EQ(named(name).name, name);
    EXPECT_EQ(layout::showing(named(name).indicators, shown::score), nullptr) << name;
    EXPECT_NE(layout::showing(named(name).indicators, shown::target), nullptr) << name;
    EXPECT_TRUE(named(name).total.empty()) << name;
  }
  EXPECT_FALSE(monitoring().title.empty());
}

TEST(Layouts, ANameThatIsNoneIsTheUsualOne) { EXPECT_EQ(named("nowhere").name, names().front()); }

constexpr const char* small = R"(title: 自评表（{year}年度）
tab: 自评表
status: verified
source: 一份公开表
level: "{name}"
points: shortest
actual: number
upload: no
widths: [10, 20]
head: [ { A: 项目名称, B: "{project}" }, 单位：万元 ]
indicators: { A: [三级指标, level3], B: ["", score] }
)";

TEST(Layouts, AreReadCellByCell) {
  const auto l = read_layout(small, "small.yaml");
  ASSERT_TRUE(l) << l.error().text;
  EXPECT_TRUE(l->verified && l->short_points && !l->upload);
  EXPECT_EQ(l->actual, actual_form::number);
  ASSERT_EQ(l->head.size(), 2U);
  EXPECT_EQ(l->head[0][1].words, "{project}");
  EXPECT_EQ(l->head[1][0].at.columns, 0) << "a line";
  EXPECT_EQ(l->indicators[1].what, shown::score);
}

TEST(Layouts, NameTheBoxesThatMayBeTicked) {
  EXPECT_TRUE(named("anhui").boxes().empty());
  const auto boxes = named("hubei").boxes();
  EXPECT_EQ(boxes.size(), 8U);
  EXPECT_EQ(boxes.front(), "部门预算项目");
}

std::string refused(const std::string& from, const std::string& to) {
  std::string text = small;
  text.replace(text.find(from), from.size(), to);
  const auto l = read_layout(text, "small.yaml");
  return l ? "" : l.error().file + ":" + std::to_string(l.error().line) + ": " + l.error().text;
}

TEST(Layouts, AreRefusedWithThePlaceOfWhatIsWrong) {
  EXPECT_NE(refused("[三级指标, level3]", "[三级指标, levle3]").find("small.yaml:11: "), std::string::npos);
  EXPECT_NE(refused("[三级指标, level3]", "[三级指标, levle3]").find("level3"), std::string::npos) << "what is near";
  EXPECT_NE(refused("B: [\"\", score]", "C: [\"\", score]"), "") << "beyond the widths";
  EXPECT_NE(refused(", B: [\"\", score]", ""), "") << "a hole";
  EXPECT_NE(refused("A: 项目名称, B: \"{project}\"", "B: 项目名称, A: \"{project}\""), "") << "from left to right";
  EXPECT_NE(refused("status: verified", "status: certain"), "");
  EXPECT_NE(refused("source: 一份公开表\n", ""), "");
  EXPECT_NE(refused("widths: [10, 20]", "widths: [10, 900]"), "");
}

}  // namespace
}  // namespace changtong::layouts
