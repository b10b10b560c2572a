// An evaluation over the books of several nodes: one node's is its own; of several, lines are told apart, each node's
// rules hold for its own lines, and what cannot be computed over several says so.
#include <gmock/gmock.h>

#include "daemon/centre/joined_books.h"
#include "daemon/core/contract.h"
#include "daemon/report/evaluation_json.h"
#include "tests/evaluate/year.h"

namespace changtong::evaluate {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/** A year's contract for V1, as its node names it. */
std::string contract_policy(const share& target) {
  contract c{.id = "C1", .carrier = "电信", .source = "合同"};
  c.lines = {"V1"};
  c.period = contract_period::year;
  c.availability_target = target;
  return R"({"zone":"Asia/Shanghai","contracts":[)" + to_json(c) + "]}";
}

/** Two districts whose lines have the same ids. */
struct CentreEvaluation : testing::Test {
  struct district final : year_of_books {
    void TestBody() override {}
  };
  district a, b;
  std::vector<std::string> unseen, remarks;

  void SetUp() override {
    a.policy = contract_policy({50, 100});
    b.policy = contract_policy({9999, 10'000});
    a.begin();
    b.begin();
    a.rest({down("V1", day(10), day(10) - 1), up_again("V1", day(11), day(11) - 1),
            window("W1", "*", new_year, day(20), day(21), "approved")});
    b.rest({down("V1", day(30), day(30) - 1), up_again("V1", day(32), day(32) - 1)});
  }
  [[nodiscard]] static centre::joined_part part(const std::string& name, const district& of) {
    auto books = reading(of.f);
    const wall_t known = books->heartbeat();
    return {.node = name, .books = std::move(books), .known = known};
  }
  [[nodiscard]] centre::joined_books both() const {
    std::vector<centre::joined_part> parts;
    parts.push_back(part("东城区", a));
    parts.push_back(part("西城区", b));
    return {std::move(parts), civil_zone::named("Asia/Shanghai").value()};
  }
  [[nodiscard]] evaluation run(const centre::joined_books& books, const std::string& text,
                               const std::map<std::string, papers>& files = {}) const {
    const plans::plan p = plan_of(text);
    const auto o = occasion_of(p, &books, at(next_year), {});
    if (!o) throw std::runtime_error(o.error().text);
    evidence e{.books = &books, .ledger = {}, .files = files, .before = {}, .software = "test"};
    if (books.parts().size() > 1)
      for (const auto& one : books.parts()) e.parts.push_back({books.prefix_of(one), one.books->policies()});
    e.unseen = unseen;
    e.remarks = remarks;
    auto done = evaluate(p, e, *o);
    if (!done) throw std::runtime_error(done.error().text);
    return *done;
  }
  [[nodiscard]] indicator_result one(const std::string& target, const std::string& source,
                                     const plan_words& words = {}) const {
    return run(both(), plan_text(target, source, words)).indicators.at(0);
  }
};

constexpr const char* measured = "{{ kind: measured, figure: {} }}";

TEST_F(CentreEvaluation, OfOneNodeIsItsOwnToTheLetter) {
  for (const auto& [figure, target] : {std::pair("availability", "≥90%"),
                                       {"line_count", "≥1条"},
                                       {"unit_count", "≥0个"},
                                       {"outage_count", "≤9次"},
                                       {"repair_longest", "≤99小时"},
                                       {"operation_days", "≥1天"}}) {
    const std::string text = plan_text(target, fmt::format(fmt::runtime(measured), figure));
    std::vector<centre::joined_part> alone;
    alone.push_back(part("东城区", a));
    const centre::joined_books books(std::move(alone), civil_zone::named("Asia/Shanghai").value());
    EXPECT_EQ(report::write_evaluation_json(run(books, text)), report::write_evaluation_json(a.run(text))) << figure;
  }
}

TEST_F(CentreEvaluation, OfSeveralLinesOfTheSameIdAreTwo) {
  const auto lines = one("≥1条", fmt::format(fmt::runtime(measured), "line_count"));
  EXPECT_EQ(lines.actual->text, "4");
  const auto outages = one("≤9次", fmt::format(fmt::runtime(measured), "outage_count"));
  EXPECT_EQ(outages.actual->text, "2");
  const auto up = one("≥90%", fmt::format(fmt::runtime(measured), "availability"));
  EXPECT_THAT(up.evidence.objects, ElementsAre("东城区/V1 村V1", "东城区/V2 村V2", "西城区/V1 村V1", "西城区/V2 村V2"));
  ASSERT_TRUE(up.evidence.sums);
  EXPECT_EQ(up.evidence.sums->down, milliseconds{3 * 86'400'000});
  ASSERT_THAT(up.evidence.excluded, SizeIs(2)) << "a window of all lines is of its own node's";
  EXPECT_EQ(up.evidence.excluded[0].window, "W1");
  EXPECT_THAT(up.evidence.excluded[0].target, HasSubstr("东城区/"));
  const auto longest = one("≤100小时", fmt::format(fmt::runtime(measured), "repair_longest"));
  EXPECT_EQ(longest.actual->text, "48");
}

TEST_F(CentreEvaluation, AWindowOfAllLinesIsOneOfItsNode) {
  b.rest({window("W1", "V2", new_year, day(40), day(41), "approved"),
          window("W2", "*", new_year, day(40), day(41), "approved")});
  std::vector<std::string> targets;
  for (const ledger::window_entry& w : both().windows()) targets.push_back(w.what.id + " " + w.what.target);
  EXPECT_THAT(targets, ElementsAre("W1 东城区/*", "W1 西城区/V2", "W2 西城区/*")) << "and not one for each line";
  const auto up = one("≥90%", fmt::format(fmt::runtime(measured), "availability"));
  std::vector<std::string> excluded;
  for (const exclusion& e : up.evidence.excluded) excluded.push_back(e.target + " " + e.window);
  EXPECT_THAT(excluded, ElementsAre("东城区/V1 W1", "东城区/V2 W1", "西城区/V1 W2", "西城区/V2 W2"))
      << "the last that was entered";
}

TEST_F(CentreEvaluation, ALineIsHeldAgainstTheContractsOfItsOwnNode) {
  const auto r = one("≥90%", fmt::format(fmt::runtime(measured), "availability"), {.formula = "R4"});
  EXPECT_EQ(r.evidence.numerator, "1 条达到指标");
  EXPECT_EQ(r.evidence.denominator, "2 条");
}

TEST_F(CentreEvaluation, WhatCannotBeComputedOverSeveralNodesSaysSo) {
  const auto days = one("≥300天", fmt::format(fmt::runtime(measured), "operation_days"));
  EXPECT_EQ(days.how, standing::insufficient);
  EXPECT_THAT(days.evidence.missing, ElementsAre(HasSubstr("用 --node 逐个节点评价")));
  const auto counter = one("≥1人", "{ kind: counter, counter: visits, count: growth }");
  EXPECT_EQ(counter.how, standing::insufficient);
  EXPECT_THAT(counter.evidence.missing, Contains(HasSubstr("多个节点的不能相加")));
  const auto sites =
      one("≥2个", "{ kind: measured, figure: site_coverage, sites: [东城区/S1, 西城区/S1], opens_at: 95% }");
  EXPECT_EQ(sites.actual->text, "2");
  const auto no_site = one("≥2个", "{ kind: measured, figure: site_coverage, sites: [S1], opens_at: 95% }");
  EXPECT_EQ(no_site.how, standing::insufficient) << "and not 0";
  const auto nobody_s = one("≥90%", "{ kind: measured, figure: availability, select: { lines: [V1] } }");
  EXPECT_EQ(nobody_s.how, standing::insufficient);
  EXPECT_THAT(nobody_s.evidence.missing, Contains(HasSubstr("V1 没有写明是哪个节点的")));
  const auto named = one("≥90%", "{ kind: measured, figure: availability, select: { lines: [西城区/V1] } }");
  EXPECT_EQ(named.how, standing::scored);
  EXPECT_THAT(named.evidence.objects, ElementsAre("西城区/V1 村V1"));
}

TEST_F(CentreEvaluation, WhatIsNotThereAtAllLeavesNoFigureItsEvidence) {
  unseen = {"新区 的账一条也没有算进来"};
  const auto r = one("≥90%", fmt::format(fmt::runtime(measured), "availability"));
  EXPECT_EQ(r.how, standing::insufficient);
  EXPECT_FALSE(r.actual);
  EXPECT_THAT(r.evidence.missing, ElementsAre("新区 的账一条也没有算进来"));
  unseen.clear();
  remarks = {"西城区 至 2026-10-01，其后未知"};
  EXPECT_THAT(one("≥90%", fmt::format(fmt::runtime(measured), "availability")).remarks, Contains(remarks.front()));
}

}  // namespace
}  // namespace changtong::evaluate
