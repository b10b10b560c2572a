// What `alerts simulate` takes from the books: outages as the daemon would have told them.
#include "daemon/cli/alerts_rehearsal.h"

#include <gmock/gmock.h>

#include "tests/ledger/desk.h"

namespace changtong {
namespace {

using namespace ledger;
using namespace ledger::desk;
using testing::ElementsAre;
using testing::IsEmpty;

/** "1002 down L1": when it was heard of, in seconds, what, of whom. */
std::vector<std::string> heard(const folder& f) {
  std::vector<std::string> all;
  for (const alerts::happening& h : happened_in(*reading(f), {at(0), at(86'400)})) {
    const auto* t = std::get_if<transition>(&h.what);
    const auto* c = std::get_if<cause_found>(&h.what);
    all.push_back(fmt::format("{} {} {}", (h.known - at(0)).count() / 1000,
                              c != nullptr                ? "cause"
                              : t->to == line_state::down ? "down"
                                                          : "up",
                              c != nullptr ? c->target : t->target));
  }
  return all;
}

struct Rehearsal : testing::Test {
  folder f;
  std::unique_ptr<writer> books = opened(f);
  Rehearsal() {
    commit(*books, 10,
           {line("L1", 0), line("L2", 0, R"("parent":"L1")"), line("L3", 0), up("L1", 0), up("L2", 0), up("L3", 0)});
  }
  void agreed(const std::string& id, const std::string& target, double from, double to) {
    commit(*books, 20, {window(id, target, 11, from, to, "requested"), window(id, target, 12, from, to, "approved")});
  }
  void outage(const std::string& id, double from, double to) {
    commit(*books, to + 1,
           {down(id, from, from - 1), cause_found{id, at(from), cause::own_line, ""}, up_again(id, to, to - 1)});
  }
};

TEST_F(Rehearsal, AnOutageIsToldWithItsCauseAndItsEnd) {
  outage("L1", 1000, 1100);
  EXPECT_THAT(heard(f), ElementsAre("1002 down L1", "1002 cause L1", "1100 up L1"));
}

/** No book has what was measured: what was told then, and what was seen on the way, is all there is. */
TEST_F(Rehearsal, WhatWasToldToBeDegradedAndWhatDevicesSaidIsTakenFromTheJournal) {
  alert_record bad;
  bad.alert = "A1970-0001";
  bad.subject = alert_subject::degraded;
  bad.name = "丢包";
  bad.targets = "L3";
  for (const auto& [second, step] : {std::pair{500, alert_step::opened},
                                     {510, alert_step::told},
                                     {600, alert_step::grown},
                                     {700, alert_step::resolved}}) {
    bad.at = at(second);
    bad.began = at(450);
    bad.step = step;
    commit(*books, second + 1, {bad});
  }
  trap_record gasp;
  gasp.at = gasp.about = at(800);
  gasp.target = "L1";
  gasp.what = trap_class::power;
  gasp.trap = "1.3.6.1.2.1.33.2.1";
  gasp.via = "v2c";
  commit(*books, 801, {gasp});
  std::vector<std::string> all;
  for (const alerts::happening& h : happened_in(*reading(f), {at(0), at(86'400)})) {
    if (const auto* s = std::get_if<alert_record>(&h.what))
      all.push_back(std::string(name_of(s->step)) + " " + s->targets);
    if (const auto* t = std::get_if<trap_record>(&h.what)) all.push_back("trap " + t->target);
  }
  EXPECT_THAT(all, ElementsAre("opened L3", "grown L3", "resolved L3", "trap L1"));
}

TEST_F(Rehearsal, WhatWasAgreedOnIsNotTold) {
  agreed("W1", "L1", 900, 2000);
  agreed("W2", std::string(every_target), 2000, 3000);
  outage("L1", 1000, 1100);
  outage("L1", 1900, 2100);
  outage("L3", 2200, 2300);
  commit(*books, 4000);
  EXPECT_THAT(heard(f), IsEmpty());
}

TEST_F(Rehearsal, WhatHangsBelowIsNotToldEitherAsLongAsTheUpperOneIsDownToo) {
  agreed("W1", "L1", 900, 2000);
  commit(*books, 1003, {down("L2", 1000, 999), down("L1", 1001, 1000)});
  commit(*books, 1012, {up_again("L1", 1010, 1009), up_again("L2", 1011, 1010)});
  outage("L2", 1100, 1200);
  EXPECT_THAT(heard(f), ElementsAre("1132 down L2", "1132 cause L2", "1200 up L2")) << "this one was its own";
}

TEST_F(Rehearsal, WhatOutlastsItsWindowIsToldWhenThatIsOver) {
  agreed("W1", "L1", 900, 2000);
  outage("L1", 1000, 2500);
  outage("L1", 3000, 3100);
  EXPECT_THAT(heard(f), ElementsAre("2000 down L1", "2000 cause L1", "2500 up L1", "3002 down L1", "3002 cause L1",
                                    "3100 up L1"));
}

TEST_F(Rehearsal, WhatIsStillDownInsideItsWindowIsNotToldYet) {
  agreed("W1", "L1", 900, 2000);
  commit(*books, 1500, {down("L1", 1000, 999)});
  EXPECT_THAT(heard(f), IsEmpty());
}

}  // namespace
}  // namespace changtong
