// Why an outage is, asked of the object alone: no judge, no samples; the test says which targets are down.
#include "daemon/verdict/causes.h"

#include <gmock/gmock.h>

#include <set>
#include <utility>

#include "tests/fakes/world.h"

namespace changtong::verdict {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr wall_t at(std::int64_t s) { return wall_from_ms(1'773'417'600'000 + s * 1000); }

/** T1 above V1 and V2, V11 below V1; T2 stands alone. What was found is told as "V1 10 T1", or "V1 10 own". */
struct Causes : testing::Test {
  std::shared_ptr<const inventory> inv = fakes::district({{.id = "T1"},
                                                          {.id = "V1", .parent = "T1"},
                                                          {.id = "V2", .parent = "T1"},
                                                          {.id = "V11", .parent = "V1"},
                                                          {.id = "T2"}});
  causes asked{inv};
  std::set<std::string> down;
  std::vector<record> found;

  [[nodiscard]] target_index index(const std::string& id) const { return inv->index_of(id); }
  void began(const std::string& id, std::int64_t since, std::int64_t now) {
    down.insert(id);
    const auto state = [this](target_index t) {
      return down.contains(inv->targets[t].id) ? line_state::down : line_state::up;
    };
    asked.explain(index(id), at(since), at(now), state, found);
    asked.explain_children(index(id), found);
  }
  void over(const std::string& id) {
    down.erase(id);
    asked.over(index(id));
  }
  std::vector<std::string> told() {
    std::vector<std::string> out;
    for (const record& r : std::exchange(found, {})) {
      const auto& c = std::get<cause_found>(r);
      out.push_back(c.target + " " + std::to_string((c.began - at(0)).count() / 1000) + " " +
                    (c.why == cause::unexplained ? "own" : c.upstream));
    }
    return out;
  }
};

TEST_F(Causes, WithoutAParentAnOutageIsTheLinesOwnAtOnce) {
  began("T2", 10, 12);
  EXPECT_THAT(told(), ElementsAre("T2 10 own"));
}

TEST_F(Causes, TheNearestAncestorThatIsDownIsNamed) {
  began("T1", 1, 3);
  (void)told();
  began("V11", 10, 12);
  EXPECT_THAT(told(), ElementsAre("V11 10 T1")) << "V1 is up";
  began("V1", 10, 12);
  over("V11");
  began("V11", 20, 22);
  EXPECT_THAT(told(), ElementsAre("V1 10 T1", "V11 20 V1"));
}

TEST_F(Causes, ChildrenWaitForTheirParentAndNobodyElse) {
  began("V1", 10, 12);
  began("V2", 11, 12);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(asked.earliest(), at(10));
  began("T2", 12, 13);
  EXPECT_THAT(told(), ElementsAre("T2 12 own"));
  began("T1", 11, 13);
  EXPECT_THAT(told(), ElementsAre("T1 11 own", "V1 10 T1", "V2 11 T1"));
  EXPECT_EQ(asked.earliest(), wall_max);
}

TEST_F(Causes, AParentThatWasWellAfterItsChildFailedIsNotWaitedFor) {
  const auto state = [](target_index) { return line_state::up; };
  const auto well = [this](target_index t, wall_t since) { return t == index("T1") && since <= at(12); };
  asked.explain(index("V1"), at(10), at(13), state, found, at(12), well);
  EXPECT_THAT(told(), ElementsAre("V1 10 own"));
  asked.explain(index("V2"), at(10), at(13), state, found, at(13), well);
  EXPECT_THAT(told(), IsEmpty()) << "it may have gone since";
  asked.settle(at(14), found, well);
  EXPECT_THAT(told(), IsEmpty());
  asked.settle(at(14), found, [](target_index, wall_t since) { return since <= at(13); });
  EXPECT_THAT(told(), ElementsAre("V2 10 own")) << "its parent has answered meanwhile";
  asked.explain(index("V2"), at(20), at(23), state, found, at(23), well);
  asked.settle(at(25), found, well);
  EXPECT_THAT(told(), ElementsAre("V2 20 own"));
}

TEST_F(Causes, AnOutageThatIsOverAsksNobody) {
  began("V1", 10, 12);
  over("V1");
  asked.settle(at(60), found);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Causes, WhatWaitsIsFoundAgainByItsIdAfterAReload) {
  began("V1", 10, 12);
  began("V2", 10, 12);
  inv = fakes::district({{.id = "T2"}, {.id = "V1", .parent = "T1"}, {.id = "T1"}});
  asked.adopt(inv);
  asked.settle(at(14), found);
  EXPECT_THAT(told(), ElementsAre("V1 10 own")) << "V2 is gone";
}

}  // namespace
}  // namespace changtong::verdict
