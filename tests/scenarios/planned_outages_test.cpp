// Outages inside approved windows: held back, said in the digest, told when the window is over.
#include "daemon/run/planned_outages.h"

#include <gmock/gmock.h>

#include "tests/fakes/world.h"

namespace changtong {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const wall_t begin = wall_from_ms(1'773'417'600'000);

transition went(const std::string& id, line_state to, wall_t at) {
  transition t;
  t.target = id;
  t.to = to;
  t.at = at;
  t.confirmed = at + 2s;
  return t;
}

struct place {
  planned_outages p{fakes::district({{.id = "T"}, {.id = "V", .parent = "T"}, {.id = "L"}})};
  place() { p.know({{"T", {{begin, begin + 1h}}}}); }
  bool down(const std::string& id, wall_t at) { return p.take(went(id, line_state::down, at), at + 2s); }
  bool up(const std::string& id, wall_t at) { return p.take(went(id, line_state::up, at), at + 2s); }
  std::vector<std::string> due(wall_t now) {
    std::vector<std::string> out;
    for (const record& r : p.due(now))
      out.push_back(std::holds_alternative<transition>(r) ? std::get<transition>(r).target : "cause");
    return out;
  }
};

TEST(Planned, WhatIsAgreedOnWakesNobodyAndStandsInTheDigest) {
  place w;
  EXPECT_TRUE(w.down("T", begin + 5min));
  EXPECT_THAT(w.due(begin + 30min), IsEmpty());
  EXPECT_TRUE(w.up("T", begin + 40min));
  EXPECT_THAT(w.due(begin + 2h), IsEmpty());
  EXPECT_THAT(w.p.take_for_digest(), ElementsAre("T"));
  EXPECT_THAT(w.p.take_for_digest(), IsEmpty());
}

TEST(Planned, WhatIsNotInItIsAnOutageLikeAnyOther) {
  place w;
  EXPECT_FALSE(w.down("L", begin + 5min));
  EXPECT_FALSE(w.down("T", begin - 1min)) << "it began before";
  EXPECT_FALSE(w.up("L", begin + 6min));
  w.p.know({});
  EXPECT_FALSE(w.down("T", begin + 5min)) << "nobody approved it";
}

TEST(Planned, WhatIsStillDownAtItsEndIsToldThenWithItsCause) {
  place w;
  EXPECT_TRUE(w.down("T", begin + 5min));
  EXPECT_TRUE(w.p.take(cause_found{"T", begin + 5min, cause::own_line, ""}));
  EXPECT_THAT(w.due(begin + 59min), IsEmpty());
  EXPECT_THAT(w.due(begin + 1h), ElementsAre("T", "cause"));
  EXPECT_THAT(w.due(begin + 1h), IsEmpty());
  EXPECT_THAT(w.p.take_for_digest(), IsEmpty()) << "it was told";
}

/** A restart, a silence of our own uplink or a restatement: the judge says the same outage once more. */
TEST(Planned, WhatWasToldBeforeTheWindowIsNotHeldBackWhenItIsSaidAgain) {
  place w;
  const auto again = [&](wall_t at) {
    transition t = went("T", line_state::down, at);
    t.same_outage = true;
    return w.p.take(t, at + 2s);
  };
  EXPECT_FALSE(w.down("T", begin - 30min)) << "it is told";
  EXPECT_FALSE(again(begin + 5min));
  EXPECT_FALSE(w.up("T", begin + 30min)) << "whoever heard of it hears of its end";
  EXPECT_THAT(w.p.take_for_digest(), IsEmpty());
  EXPECT_TRUE(w.down("T", begin + 40min));
  EXPECT_TRUE(again(begin + 45min)) << "what is held back stays so";
  EXPECT_TRUE(w.up("T", begin + 50min));
}

TEST(Planned, AWindowOverEverythingIsOverEachLine) {
  place w;
  w.p.know({{std::string(every_target), {{begin, begin + 1h}}}});
  EXPECT_TRUE(w.down("L", begin + 5min));
  EXPECT_TRUE(w.down("V", begin + 6min));
  EXPECT_THAT(w.due(begin + 30min), IsEmpty());
}

TEST(Planned, AWindowThatIsCancelledHoldsNothingBack) {
  place w;
  EXPECT_TRUE(w.down("T", begin + 5min));
  w.p.know({{"T", {{begin, begin + 6min}}}});
  EXPECT_THAT(w.due(begin + 6min), ElementsAre("T"));
}

TEST(Planned, WhatHangsBelowComesAlongThoughItIsConfirmedBefore) {
  place w;
  EXPECT_TRUE(w.down("V", begin + 5min));
  EXPECT_TRUE(w.down("T", begin + 5min + 1s));
  EXPECT_THAT(w.due(begin + 6min), IsEmpty());
  EXPECT_TRUE(w.up("T", begin + 20min));
  EXPECT_THAT(w.due(begin + 20min + 5s), IsEmpty()) << "it comes back a moment later";
  EXPECT_TRUE(w.up("V", begin + 20min + 6s));
}

TEST(Planned, WhatHangsBelowALineThatIsNotDownIsItsOwn) {
  place w;
  EXPECT_TRUE(w.down("V", begin + 5min));
  EXPECT_THAT(w.due(begin + 5min + 10s), IsEmpty());
  EXPECT_THAT(w.due(begin + 6min), ElementsAre("V"));
}

}  // namespace
}  // namespace changtong
