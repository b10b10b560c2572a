// Readings of counters and verdicts on indicators against a real ledger: what is entered, what is refused, what counts.
#include "daemon/entries/evaluation_entries.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "daemon/entries/entering.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::entries {
namespace {

using namespace ledger;

using namespace desk;
using testing::ElementsAre;
using testing::HasSubstr;

struct EvaluationEntries : testing::Test {
  EvaluationEntries() {
    commit(*books, 0, {started{at(0), "0.1.0", ""}, policy_version{at(0), "Asia/Shanghai", "{}", "test"}});
  }
  entering enter(double now, const std::vector<command>& what, const std::string& who = "李工",
                 const std::string& via = "api") {
    auto done = draft(*people, what, {.name = who, .source = via, .via = via}, at(now));
    if (done && !done->records.empty()) EXPECT_TRUE(books->commit({{}, done->records, {}}));
    return done;
  }
  static command reading_of(std::string value, std::optional<wall_t> about = at(50), std::string counter = "wechat") {
    return counter_command{std::move(counter), about, std::move(value), "人", ""};
  }
  static verdict_command verdict_of(std::string verdict, std::string indicator = "X-7") {
    return {"2026", std::move(indicator), std::move(verdict), "", "", "", ""};
  }
  std::string code(command c) {
    const auto done = enter(100, {std::move(c)});
    return done ? "" : done.error().code;
  }
  [[nodiscard]] std::vector<std::string> values() const {
    std::vector<std::string> all;
    for (const counter_record& r : people->counters("wechat", {at(0), at(1000)})) all.push_back(r.value);
    return all;
  }
  static std::vector<std::string> codes(const entering& e) {
    std::vector<std::string> all;
    for (const notice& n : e.value().notices) all.push_back(n.code);
    return all;
  }

  folder f;
  std::unique_ptr<writer> books = opened(f);
  std::unique_ptr<reader> people = reading(f);
};

TEST_F(EvaluationEntries, AReadingIsKeptWithEverythingThatWasSaidOfIt) {
  ASSERT_TRUE(enter(100, {counter_command{"wechat", at(50), "51,234.5", "人次", "平台后台 截图"}}, "王工", "cli"));
  const auto all = people->counters("wechat", {at(50), at(51)});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0], (counter_record{at(100), "wechat", at(50), "51,234.5", "人次", "平台后台 截图", "王工", "cli"}));
  EXPECT_TRUE(people->counters("site", {at(0), at(1000)}).empty());
  EXPECT_TRUE(people->counters("wechat", {at(51), at(1000)}).empty());
  EXPECT_TRUE(people->counters("wechat", {at(0), at(50)}).empty()) << "the end of a period is not in it";
}

TEST_F(EvaluationEntries, AReadingWithoutAnInstantIsOfNow) {
  ASSERT_TRUE(enter(100, {reading_of("1", std::nullopt)}));
  EXPECT_EQ(people->counters("", {at(0), at(1000)}).at(0).about, at(100));
}

TEST_F(EvaluationEntries, ASecondReadingOfAnInstantCorrectsTheFirstAndBothStay) {
  ASSERT_TRUE(enter(100, {reading_of("7"), reading_of("3", at(60))}));
  const auto second = enter(110, {reading_of("8")}, "王工");
  ASSERT_TRUE(second);
  EXPECT_THAT(codes(second), ElementsAre("counter_corrected"));
  EXPECT_THAT(second->notices[0].text, HasSubstr("原为 7人（李工 登记），更正为 8人"));
  EXPECT_THAT(values(), ElementsAre("7", "3", "8"));
  EXPECT_THAT(counting(people->counters("wechat", {at(0), at(1000)})), ElementsAre(false, true, true));
}

TEST_F(EvaluationEntries, ACorrectionMayBeTakenBack) {
  ASSERT_TRUE(enter(100, {reading_of("7")}));
  ASSERT_TRUE(enter(110, {reading_of("8")}));
  ASSERT_TRUE(enter(120, {reading_of("7")}));
  EXPECT_THAT(values(), ElementsAre("7", "8", "7"));
}

TEST_F(EvaluationEntries, AFileImportedTwiceIsEnteredOnce) {
  const std::vector<command> file{reading_of("7"), reading_of("8", at(60)), reading_of("5", at(60), "site")};
  ASSERT_TRUE(enter(100, file));
  const auto again = enter(110, file);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->records.empty());
  EXPECT_THAT(codes(again), ElementsAre("counter_known", "counter_known", "counter_known"));
  EXPECT_EQ(people->counters("", {at(0), at(1000)}).size(), 3u);
}

TEST_F(EvaluationEntries, TheSameNumberWrittenOtherwiseIsTheSameReading) {
  ASSERT_TRUE(enter(100, {reading_of("1,000"), reading_of("1000.0"), reading_of("1000")}));
  EXPECT_THAT(values(), ElementsAre("1,000")) << "also within one request";
  counter_command sourced{"wechat", at(50), "1000", "人", "截图"};
  EXPECT_THAT(codes(enter(110, {sourced})), ElementsAre("counter_corrected")) << "it says more than the first";
  EXPECT_THAT(codes(enter(120, {reading_of("1000")})), ElementsAre("counter_known")) << "it says less";
  sourced.unit = "次";
  EXPECT_THAT(codes(enter(130, {sourced})), ElementsAre("counter_corrected"));
}

TEST_F(EvaluationEntries, WhatIsNoReadingIsRefusedByName) {
  const auto reading = [](counter_command c) { return command(std::move(c)); };
  for (const char* name : {"", "a b", "a.b", "人数", "../x"})
    EXPECT_EQ(code(reading_of("1", at(1), name)), "bad_counter");
  EXPECT_EQ(code(reading_of("1", at(1), std::string(65, 'a'))), "bad_counter");
  EXPECT_EQ(code(reading_of("1", at(1), std::string(64, 'a'))), "");
  for (const char* value : {"", "-1", "1e3", "5 万", "1,00", ".", "NaN", "0x10"})
    EXPECT_EQ(code(reading_of(value)), "bad_value") << value;
  EXPECT_EQ(code(reading_of("0")), "");
  EXPECT_EQ(code(reading({"c", at(1), "1", std::string(17, 'x'), ""})), "bad_unit");
  EXPECT_EQ(code(reading({"c", at(1), "1", "一二三四五六七八九十一二三四五六", ""})), "") << "sixteen characters";
  EXPECT_EQ(code(reading({"c", at(1), "1", "", std::string(257, 'x')})), "bad_source");
  EXPECT_EQ(code(reading({"c", at(1), "1", "", "a\nb"})), "bad_source");
  EXPECT_EQ(code(reading_of("1", at(101))), "reading_of_the_future");
  EXPECT_EQ(code(reading_of("1", at(100))), "");
}

TEST_F(EvaluationEntries, OneBadReadingRefusesThemAll) {
  const auto done = enter(100, {reading_of("1"), reading_of("-1", at(60))});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().nth, 1u);
  EXPECT_TRUE(values().empty());
}

TEST_F(EvaluationEntries, AVerdictIsKeptWithItsDocumentAndItsAuthor) {
  const std::string digest(64, 'a');
  ASSERT_TRUE(
      enter(100, {verdict_command{"2026", "X-7", "部分达成", "4.5", "验收晚了两个月", "验收.pdf", digest}}, "王工"));
  const auto all = people->verdicts("2026");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0], (indicator_verdict{at(100), "2026", "X-7", attainment::partly, "4.5", "验收晚了两个月", "验收.pdf",
                                       digest, "王工", "api"}));
  EXPECT_TRUE(people->verdicts("2025").empty());
  EXPECT_EQ(people->verdicts("").size(), 1u);
}

TEST_F(EvaluationEntries, TheLastVerdictOfAnIndicatorCountsAndAllStay) {
  ASSERT_TRUE(enter(100, {verdict_of("achieved"), verdict_of("achieved", "X-8")}));
  const auto second = enter(110, {verdict_of("missed")}, "王工");
  ASSERT_TRUE(second);
  EXPECT_THAT(codes(second), ElementsAre("verdict_replaced"));
  EXPECT_THAT(second->notices[0].text, HasSubstr("原为达成（李工），改为未达成"));
  EXPECT_THAT(counting(people->verdicts("2026")), ElementsAre(false, true, true));
}

TEST_F(EvaluationEntries, TheSameVerdictAgainIsKnownUnlessSomebodyElseGivesIt) {
  ASSERT_TRUE(enter(100, {verdict_of("achieved"), verdict_of("achieved")}));
  EXPECT_EQ(people->verdicts("2026").size(), 1u) << "also within one request";
  EXPECT_THAT(codes(enter(110, {verdict_of("达成")}, "李工", "cli")), ElementsAre("verdict_known"));
  EXPECT_THAT(codes(enter(120, {verdict_of("achieved")}, "王工")), ElementsAre("verdict_replaced"));
  EXPECT_EQ(people->verdicts("2026").size(), 2u);
}

TEST_F(EvaluationEntries, WhatIsNoVerdictIsRefusedByName) {
  const auto with = [](auto change) {
    verdict_command v = verdict_of("achieved");
    change(v);
    return command(std::move(v));
  };
  EXPECT_EQ(code(with([](auto& v) { v.plan = ""; })), "bad_plan");
  EXPECT_EQ(code(with([](auto& v) { v.plan = " 2026"; })), "bad_plan");
  EXPECT_EQ(code(with([](auto& v) { v.plan = std::string(65, '2'); })), "bad_plan");
  EXPECT_EQ(code(with([](auto& v) { v.indicator = "质量 1"; })), "bad_indicator");
  EXPECT_EQ(code(with([](auto& v) { v.verdict = "good"; })), "bad_verdict");
  EXPECT_EQ(code(with([](auto& v) { v.verdict = ""; })), "bad_verdict");
  EXPECT_EQ(code(with([](auto& v) { v.points = "-0.5"; })), "bad_points");
  EXPECT_EQ(code(with([](auto& v) { v.points = "4½"; })), "bad_points");
  EXPECT_EQ(code(with([](auto& v) { v.text = std::string(2001, 'x'); })), "bad_text");
  EXPECT_EQ(code(with([](auto& v) { v.document = "a\tb"; })), "bad_document");
  EXPECT_EQ(code(with([](auto& v) { v.document = "a.pdf", v.sha256 = std::string(64, 'A'); })), "bad_sha256");
  EXPECT_EQ(code(with([](auto& v) { v.document = "a.pdf", v.sha256 = std::string(63, 'a'); })), "bad_sha256");
  EXPECT_EQ(code(with([](auto& v) { v.sha256 = std::string(64, 'a'); })), "sha256_of_nothing");
  EXPECT_EQ(code(with([](auto& v) { v.document = "a.pdf"; })), "") << "a paper that nobody has as a file";
}

TEST_F(EvaluationEntries, WhatWasRebuiltIsWhatWasThere) {
  ASSERT_TRUE(enter(100, {reading_of("7"), reading_of("5", at(60), "site"), verdict_of("achieved")}));
  ASSERT_TRUE(enter(110, {reading_of("8"), verdict_of("missed")}));
  const auto readings = people->counters("", {at(0), at(1000)});
  const auto verdicts = people->verdicts("");
  books.reset();
  ASSERT_TRUE(rebuild(f.ledger(), {}));
  EXPECT_EQ(reading(f)->counters("", {at(0), at(1000)}), readings);
  EXPECT_EQ(reading(f)->verdicts(""), verdicts);
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok) << "and the chain covers them";
}

/** Of any readings the journal keeps each that says something new, and the last one said of an instant counts. */
RC_GTEST_FIXTURE_PROP(EvaluationEntries, TheLastWordOnEachInstantCounts, ()) {
  std::map<wall_t, std::string> said;
  for (int i = 0, n = *rc::gen::inRange(1, 12); i < n; ++i) {
    const wall_t about = at(*rc::gen::inRange(0, 3));
    said[about] = std::to_string(*rc::gen::inRange(0, 3));
    RC_ASSERT(enter(100 + i, {reading_of(said[about], about)}).has_value());
  }
  const auto all = people->counters("wechat", {at(0), at(1000)});
  const auto counts = counting(all);
  std::map<wall_t, std::string> counted;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (counts[i]) RC_ASSERT(counted.emplace(all[i].about, all[i].value).second);
  RC_ASSERT(counted == said);
}

}  // namespace
}  // namespace changtong::entries
