// What doubts between several checks of one target cost (rule 7): as much for each, however long they last.
#include "tests/verdict/court.h"

namespace changtong::verdict {
namespace {

/** What `count` samples cost: how much that was kept the merges looked at. */
template <class Samples>
std::uint64_t looked_at(int count, Samples samples) {
  court c({{.id = "L1", .checks = {"icmp", "tcp"}}});
  c.good(1);
  c.good(1, "L1/tcp");
  for (int i = 0; i < count; ++i) samples(c, i, 3.0 + i);
  c.j.conclude(at(5.0 + count), c.out);
  return c.out.looked_at;
}

TEST(Judge, ALongOutageThatWaitsForAnotherCheckCostsTheSameWithEverySample) {
  const auto pinged_no_more = [](court& c, int i, double t) {
    if (i == 0) c.unmeasured(2, cause::own_permission);
    c.bad(t, "L1/tcp");
  };
  EXPECT_LE(looked_at(2000, pinged_no_more), 20'000u);
}

TEST(Judge, DoubtsThatWaitForAnotherCheckCostTheSameEach) {
  const auto comes_and_goes = [](court& c, int i, double t) {
    if (i == 0) c.unmeasured(2, cause::own_permission, "L1/tcp");
    i % 6 < 4 ? c.bad(t) : c.good(t);
  };
  EXPECT_LE(looked_at(6000, comes_and_goes), 60'000u);
}

TEST(Judge, DoubtsThatAreSettledTogetherCostTheSameEach) {
  court c({{.id = "L1", .checks = {"icmp", "tcp", "snmp"}}});
  for (const char* check : {"icmp", "tcp", "snmp"}) c.good(1, std::string("L1/") + check);
  for (int i = 0; i < 4000; ++i)  // snmp says nothing all the while
    for (const char* check : {"L1/icmp", "L1/tcp"}) i % 2 == 1 ? c.bad(3.0 + i, check) : c.good(3.0 + i, check);
  c.j.conclude(at(4005), c.out);
  EXPECT_LE(c.out.looked_at, 120'000u);
}

}  // namespace
}  // namespace changtong::verdict
