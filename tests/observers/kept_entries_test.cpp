// What the other node's people entered takes bounded memory: the oldest that is over goes first.
#include "daemon/observers/kept_entries.h"

#include <gmock/gmock.h>

#include "tests/ledger/desk.h"

namespace changtong::observers {
namespace {

using namespace ledger::desk;
using testing::ElementsAre;

constexpr double day = 86'400;

record ticket(const std::string& number, double s, ticket_step step = ticket_step::reported) {
  ticket_record t;
  t.number = number, t.at = at(s), t.step = step;
  return t;
}
record window(const std::string& id, double from, double to) {
  window_record w;
  w.id = id, w.at = at(from - 100), w.from = at(from), w.to = at(to);
  return w;
}
record note(const std::string& text, double s) {
  annotation a;
  a.text = text, a.at = at(s);
  return a;
}
std::string name_of(const record& r) {
  if (const auto* t = std::get_if<ticket_record>(&r)) return t->number;
  if (const auto* w = std::get_if<window_record>(&r)) return w->id;
  return std::get<annotation>(r).text;
}
std::vector<std::string> names(kept_entries kept) {
  std::vector<std::string> all;
  for (const record& r : std::move(kept).all()) all.push_back(name_of(r));
  return all;
}

TEST(KeptEntries, WithinTheBoundsAllStayInTheirOrder) {
  kept_entries kept(at(100 * day), {.entries = 3});
  for (const char* text : {"b", "a", "c"}) kept.take(note(text, 1));
  EXPECT_EQ(kept.left_out(), 0u);
  EXPECT_THAT(names(std::move(kept)), ElementsAre("b", "a", "c"));
}

TEST(KeptEntries, OfWindowsTheOldestThatHasEndedGoesBeforeOneThatHasNot) {
  kept_entries kept(at(1000), {.entries = 2});
  kept.take(window("goes on", 100, 5000));
  kept.take(window("over", 200, 900));
  kept.take(window("to come", 2000, 3000));
  EXPECT_EQ(kept.left_out(), 1u);
  EXPECT_THAT(names(std::move(kept)), ElementsAre("goes on", "to come"));
}

TEST(KeptEntries, OfTicketsThoseThatAreClosedGoWithAllTheirSteps) {
  kept_entries kept(at(1000), {.entries = 4});
  kept.take(ticket("T1", 10));
  kept.take(ticket("T2", 20));
  kept.take(ticket("T2", 30, ticket_step::closed));
  kept.take(ticket("T3", 40));
  kept.take(ticket("T4", 50));
  EXPECT_THAT(names(std::move(kept)), ElementsAre("T1", "T2", "T3", "T4"))
      << "the step that closed it is the younger one";
  kept_entries smaller(at(1000), {.entries = 3});
  for (const char* number : {"T1", "T2"}) smaller.take(ticket(number, 10));
  smaller.take(ticket("T2", 30, ticket_step::closed));
  smaller.take(ticket("T3", 40));
  smaller.take(ticket("T4", 50));
  EXPECT_THAT(names(std::move(smaller)), ElementsAre("T1", "T3", "T4"));
}

TEST(KeptEntries, WhichTicketsAreClosedCountsAsWell) {
  kept_entries kept(at(1000), {.entries = 1'000'000, .bytes = 1 << 20});
  std::size_t taken = 0;
  for (; kept.left_out() == 0; ++taken)
    kept.take(ticket(std::string(200, 'x') + std::to_string(taken), 1, ticket_step::closed));
  EXPECT_LT(taken * (sizeof(record) + 2 * 200), 1U << 20U) << "each number is kept twice";
  const std::size_t left = kept.left_out();
  EXPECT_EQ(std::move(kept).all().size(), taken - left);
}

TEST(KeptEntries, WhereNothingIsOverTheOldestGoes) {
  kept_entries kept(at(10), {.entries = 2});
  for (const char* text : {"a", "b", "c"}) kept.take(note(text, 1));
  EXPECT_THAT(names(std::move(kept)), ElementsAre("b", "c"));
}

TEST(KeptEntries, LongTextsCountByTheirBytes) {
  kept_entries kept(at(100 * day), {.entries = 1'000'000, .bytes = 1 << 20});
  for (int i = 0; i < 100; ++i) kept.take(note(std::string(100'000, 'x'), 1));
  EXPECT_GE(kept.left_out(), 90u);
  EXPECT_LE(std::move(kept).all().size(), 10u);
}

}  // namespace
}  // namespace changtong::observers
