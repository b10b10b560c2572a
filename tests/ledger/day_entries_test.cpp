// Who entered how much since midnight, read from the journal's end: what is observed may be labelled days before it was
// written.
#include "daemon/ledger/day_entries.h"

#include "daemon/core/command.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

constexpr double day = 86'400;

TEST(DayEntries, AreCountedBehindARunThatBeganDaysBefore) {
  const folder f;
  const auto w = opened(f);
  const auto entered = [&](double s) {
    window_record one = window("W1", "L1", s, s + 3600, s + 7200, "requested");
    one.via = "api: 王工@192.0.2.7";
    return one;
  };
  commit(*w, 10, {started{at(0), "0.4.0", ""}, line("L1", 0), up("L1", 1)});
  commit(*w, 3 * day + 36'000, {entered(3 * day + 36'000)});
  commit(*w, 3 * day + 39'600,
         {unconfirmed_run{"L1", "L1/icmp", at(5), at(6), 2, cause::timeout}, up_again("L1", 3 * day, 3 * day - 1)});
  const auto all = entries_since(f.ledger(), at(3 * day)).value();
  EXPECT_EQ(all, (std::map<std::string, std::size_t>{{"王工", 1}}));
}

TEST(DayEntries, OfTheDayBeforeAreNotCounted) {
  const folder f;
  const auto w = opened(f);
  const auto said = [](double s) { return annotation{at(s), "L1", at(5), "王工", "雷击", "api: 王工@192.0.2.7"}; };
  commit(*w, 10, {started{at(0), "0.4.0", ""}, line("L1", 0), up("L1", 1)});
  commit(*w, 2 * day, {said(2 * day - 1)});
  commit(*w, 3 * day, {said(2 * day), annotation{at(2 * day + 1), "L1", at(5), "李工", "雷击", std::string(via_file)}});
  const auto all = entries_since(f.ledger(), at(2 * day)).value();
  EXPECT_EQ(all, (std::map<std::string, std::size_t>{{"王工", 1}}));
}

}  // namespace
}  // namespace changtong::ledger
