// What carriers answered stands behind each outage of an evaluation and among the reasons; it is no reason of a person.
#include <gmock/gmock.h>

#include "tests/evaluate/year.h"

namespace changtong::evaluate {
namespace {

using testing::Contains;
using testing::HasSubstr;

struct Causes : year_of_books {
  static ticket_record answered(const std::string& number, const std::string& line, double began, fault_cause why) {
    ticket_record t;
    t.at = at(began + 60), t.number = number, t.carrier = "移动", t.targets = line, t.began = at(began),
    t.author = "王工";
    t.cause = why;
    return t;
  }
  /** V1 is down three times, V2 once: two cuts of a cable, one of power, and one that nobody explained. */
  void fill() {
    begin();
    std::vector<record> all;
    for (const auto& [line, s] : {std::pair{"V1", day(10)}, {"V1", day(20)}, {"V2", day(30)}, {"V1", day(40)}}) {
      all.emplace_back(down(line, s, s - 1));
      all.emplace_back(up_again(line, s + 3600, s + 3599));
    }
    all.emplace_back(answered("T20260111-0001", "V1", day(10), fault_cause::fibre));
    all.emplace_back(answered("T20260121-0001", "V1", day(20), fault_cause::power));
    all.emplace_back(answered("T20260131-0001", "V2", day(30), fault_cause::fibre));
    all.emplace_back(annotation{at(day(41)), "V1", at(day(40) + 5), "李工", "雷击"});
    rest(all);
  }
};

TEST_F(Causes, AreCountedAmongTheReasonsWhereATargetIsMissed) {
  fill();
  const auto r = one("≥100%", "{ kind: measured, figure: availability }");
  EXPECT_EQ(r.fault_causes, "中断原因（运营商答复）：光缆 2 次、停电 1 次，另 1 次没有答复");
  EXPECT_TRUE(r.reason.empty());
  EXPECT_TRUE(r.reason_needed) << "a person still has to give one";
  EXPECT_EQ(r.reason_text(), r.fault_causes);
  EXPECT_THAT(r.evidence.facts, Contains(HasSubstr("报障单 T20260111-0001（王工 2026-01-11 00:01:00），原因 光缆")));
  EXPECT_THAT(r.evidence.facts, Contains(HasSubstr("；雷击（李工")));
  const auto e = run(plan_text("≥100%", "{ kind: measured, figure: availability }"));
  EXPECT_THAT(e.blocking, Contains(HasSubstr("原因")));
}

TEST_F(Causes, AreNotToldWhereTheTargetIsMet) {
  fill();
  EXPECT_EQ(one("≥90%", "{ kind: measured, figure: availability }").fault_causes, "");
}

TEST_F(Causes, OfRepairsAreThoseOfTheRepairs) {
  fill();
  const auto r = one("≤0.5小时", "{ kind: measured, figure: repair_longest }");
  EXPECT_EQ(r.fault_causes, "中断原因（运营商答复）：光缆 2 次、停电 1 次，另 1 次没有答复");
  EXPECT_THAT(r.evidence.facts, Contains(HasSubstr("V2：1:00:00；报障单 T20260131-0001")));
}

TEST_F(Causes, WithoutAnAnswerAreNotMentioned) {
  begin();
  rest({down("V1", day(10), day(10) - 1), up_again("V1", day(10) + 60, day(10) + 59)});
  EXPECT_EQ(one("≥100%", "{ kind: measured, figure: availability }").fault_causes, "");
}

}  // namespace
}  // namespace changtong::evaluate
