// What a centre tells of an outage that its node has not said to be over.
#include <gmock/gmock.h>

#include "daemon/run/centre_nodes.h"

namespace changtong {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

const wall_t noon = wall_from_ms(1'773'417'600'000);  // 2026-03-14 00:00:00 in Shanghai

struct CentreOutage : testing::Test {
  std::vector<centre::asked_node> nodes;
  outage_of_node one{.node = "东城区", .district = "东城", .what = {}};
  CentreOutage() {
    centre::asked_node n;
    n.head.node = n.district = "东城区";
    n.head.folded_to = noon - 5s;
    nodes.push_back(n);
    one.what.what.target = "L1";
    one.what.what.began = noon - 1h;
  }
  [[nodiscard]] std::string json() const {
    return to_json(one, nodes, noon, civil_zone::named("Asia/Shanghai").value());
  }
};

TEST_F(CentreOutage, OfANodeThatIsHeardIsDown) {
  EXPECT_THAT(json(), HasSubstr(R"("state":"down","known_until":"2026-03-13T23:59:55.000+08:00","target":"L1")"));
}

TEST_F(CentreOutage, OfASilentNodeIsUnknownSinceItWasHeard) {
  nodes[0].head.folded_to = noon - 10min;
  EXPECT_THAT(json(), HasSubstr(R"("state":"unknown","known_until":"2026-03-13T23:50:00.000+08:00")"));
}

TEST_F(CentreOutage, OfALineThatIsNotObservedIsUnknownSinceItsHole) {
  one.what.what.holes = {{noon - 20min, wall_max}};
  EXPECT_THAT(json(), HasSubstr(R"("state":"unknown","known_until":"2026-03-13T23:40:00.000+08:00")"));
}

TEST_F(CentreOutage, OfARetiredNodeIsUnknown) {
  nodes[0].head.retired = noon - 1s;
  EXPECT_THAT(json(), HasSubstr(R"("state":"unknown")"));
}

TEST_F(CentreOutage, ThatIsOverStandsNoHowAnyMore) {
  one.what.what.ended = noon - 30min;
  EXPECT_THAT(json(), AllOf(HasSubstr(R"("state":null,"known_until":null)"), HasSubstr(R"("open":false)")));
  one.what.what.ended = wall_max;
  one.what.scope_ended = noon - 30min;
  EXPECT_THAT(json(), AllOf(HasSubstr(R"("state":null,"known_until":null)"), HasSubstr(R"("open":false)")));
}

}  // namespace
}  // namespace changtong
