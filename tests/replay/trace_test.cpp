// One line of a trace, and a whole one: what is read, and every way to be wrong.
#include "daemon/replay/trace.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/replay/tape.h"

namespace changtong::replay {
namespace {

using testing::HasSubstr;

const civil_zone shanghai = civil_zone::named("Asia/Shanghai").value();

wall_t t0() { return shanghai.parse("2026-03-01T00:00:00+08:00")->from; }

template <class T>
T read(std::string_view line) {
  auto e = read_trace_line(line, shanghai);
  if (!e) {
    ADD_FAILURE() << e.error().text;
    return {};
  }
  return std::get<T>(*e);
}
std::string wrong(std::string_view line) {
  const auto e = read_trace_line(line, shanghai);
  return e ? "nothing wrong" : to_string(e.error());
}
/** A sample with some of its keys changed. */
std::string sample_with(std::string_view rest) {
  return fmt::format(R"({{"at":"2026-03-01T00:00:00+08:00","target":"L1","check":"icmp",{}}})", rest);
}

TEST(TraceLine, ASampleIsReadWithItsRoundTrip) {
  const auto s = read<trace_single>(sample_with(R"("outcome":"good","rtt_ms":4.2)"));
  EXPECT_EQ(s.at, t0());
  EXPECT_EQ(s.seen.target, "L1");
  EXPECT_EQ(s.seen.check, "icmp");
  EXPECT_EQ(s.seen.rtt, nanoseconds{4'200'000});
}

TEST(TraceLine, ABadSampleWithoutACauseIsATimeoutAndOursIsAFailure) {
  EXPECT_EQ(read<trace_single>(sample_with(R"("outcome":"bad")")).seen.why, cause::timeout);
  EXPECT_EQ(read<trace_single>(sample_with(R"("outcome":"bad","cause":"refused")")).seen.why, cause::refused);
  EXPECT_EQ(read<trace_single>(sample_with(R"("outcome":"not_measured")")).seen.why, cause::own_failure);
  EXPECT_EQ(read<trace_single>(sample_with(R"("outcome":"not_measured","cause":"late")")).seen.why, cause::late);
}

TEST(TraceLine, ACauseGoesWithItsOutcome) {
  for (const char* rest :
       {R"("outcome":"bad","cause":"own_permission")", R"("outcome":"not_measured","cause":"timeout")",
        R"("outcome":"good","cause":"timeout")", R"("outcome":"bad","cause":"none")",
        R"("outcome":"bad","cause":"monitor_stopped")", R"("outcome":"bad","cause":"upstream")"})
    EXPECT_THAT(wrong(sample_with(rest)), HasSubstr("does not go with")) << rest;
  EXPECT_THAT(wrong(sample_with(R"("outcome":"bad","cause":"cosmic rays")")), HasSubstr("unknown cause"));
}

TEST(TraceLine, EveryIsWholeMillisecondsRoundedDown) {
  const auto range = [](std::string_view every) {
    return fmt::format(
        R"({{"from":"2026-03-01","to":"2026-03-02","every_s":{},"target":"*","check":"icmp","outcome":"good"}})",
        every);
  };
  EXPECT_EQ(read<trace_range>(range("10")).every, milliseconds{10'000});
  EXPECT_EQ(read<trace_range>(range("0.1")).every, milliseconds{100});
  EXPECT_EQ(read<trace_range>(range("0.29")).every, milliseconds{290}) << "a double says 0.28999…";
  EXPECT_EQ(read<trace_range>(range("2.5009")).every, milliseconds{2500});
  EXPECT_EQ(read<trace_range>(range("1")).to - read<trace_range>(range("1")).from, std::chrono::hours{24});
  for (const char* every : {"0", "-1", "0.0001", "1e99", "\"10\"", "null"})
    EXPECT_THAT(wrong(range(every)), HasSubstr("every_s must be a number")) << every;
}

TEST(TraceLine, AClockStepIsSignedAndNeverNothing) {
  const auto step = [](std::string_view by) {
    return fmt::format(R"({{"at":"2026-03-01T00:00:00+08:00","clock_step_s":{}}})", by);
  };
  EXPECT_EQ(read<trace_step>(step("-30")).by, milliseconds{-30'000});
  EXPECT_EQ(read<trace_step>(step("1.5")).by, milliseconds{1500});
  EXPECT_THAT(wrong(step("0")), HasSubstr("remove the line"));
  EXPECT_THAT(wrong(step("1e12")), HasSubstr("clock_step_s must be a number"));
}

TEST(TraceLine, AWindowListsOneTargetOrMany) {
  const auto w = read<trace_window>(
      R"({"at":"2026-03-01","window":{"id":"W1","target":"L1","from":"2026-03-02","to":"2026-03-03","state":"approved","by":"王工"}})");
  EXPECT_EQ(w.targets, std::vector<std::string>{"L1"});
  EXPECT_EQ(*w.to - *w.from, std::chrono::hours{24});
  EXPECT_EQ(w.by, "王工");
  const auto many =
      read<trace_window>(R"({"at":"2026-03-01","window":{"id":"W1","targets":["L1","L2"],"state":"revised"}})");
  EXPECT_EQ(many.targets.size(), 2u);
  EXPECT_FALSE(many.from);
  EXPECT_THAT(wrong(R"({"at":"2026-03-01","window":{"id":"W1","target":[],"state":"approved"}})"),
              HasSubstr("list of ids"));
  EXPECT_THAT(wrong(R"({"at":"2026-03-01","window":{"id":"W1","target":"L1","state":"agreed"}})"),
              HasSubstr("use requested, approved, revised, cancelled"));
}

TEST(TraceLine, AnInventoryLineIsTextAndNumbers) {
  const auto i = read<trace_inventory>(
      R"({"at":"2026-03-01","inventory":{"id":"L1","bandwidth_mbps":100,"带宽":2.5,"town":null}})");
  using cell = std::pair<std::string, std::string>;
  EXPECT_THAT(i.cells, testing::ElementsAre(cell{"id", "L1"}, cell{"bandwidth_mbps", "100"}, cell{"带宽", "2.500000"},
                                            cell{"town", ""}));
  EXPECT_THAT(wrong(R"({"at":"2026-03-01","inventory":{"id":["L1"]}})"), HasSubstr("text or a number"));
}

TEST(TraceLine, ScopeTellsNothingStatedFromNone) {
  const auto s = read<trace_scope>(R"({"at":"2026-03-01","scope":{"target":"L1","closed":null}})");
  EXPECT_FALSE(s.accepted);
  EXPECT_EQ(s.closed, "");
}

TEST(TraceLine, WhatIsWrongIsSaidWithItsRemedy) {
  EXPECT_THAT(wrong("{\"at\":"), HasSubstr("not JSON"));
  EXPECT_THAT(wrong("[]"), HasSubstr("no JSON object"));
  EXPECT_THAT(wrong("{}"), HasSubstr("none of monitor"));
  EXPECT_THAT(wrong(R"({"at":"yesterday","monitor":"start"})"), HasSubstr("write 2026-03-14T08:00:00+08:00"));
  EXPECT_THAT(wrong(R"({"at":"2026","monitor":"start"})"), HasSubstr("no instant")) << "which instant of the year?";
  EXPECT_THAT(wrong(R"({"at":"2026-03-01T00:00:00","monitor":"start"})"), HasSubstr("no instant")) << "no offset";
  EXPECT_THAT(wrong(R"({"at":"2026-03-01","monitor":"pause"})"), HasSubstr("use start, stop or crash"));
  EXPECT_THAT(wrong(sample_with(R"("outcome":"fine")")), HasSubstr("use good, bad or not_measured"));
  EXPECT_THAT(wrong(sample_with(R"("outcome":"good","rtt":4)")), HasSubstr("unknown key"));
  EXPECT_THAT(wrong(R"({"at":"2026-03-01","target":"*","check":"icmp","outcome":"good"})"), HasSubstr("every_s only"));
  EXPECT_THAT(wrong(R"({"at":"2026-03-01","target":"L1","outcome":"good"})"), HasSubstr("needs the key 'check'"));
  EXPECT_THAT(
      wrong(R"({"from":"2026-03-02","to":"2026-03-01","every_s":1,"target":"*","check":"icmp","outcome":"good"})"),
      HasSubstr("exchange from and to"));
  EXPECT_THAT(wrong(std::string(70'000, ' ') + "{}"), HasSubstr("64 kB"));
  EXPECT_THAT(wrong(std::string(10'000, '[')), HasSubstr("not JSON"));
}

std::string taped(const std::vector<std::string>& lines) {
  tape_writer w(shanghai);
  for (const auto& line : lines)
    if (const auto added = w.add(line); !added)
      return fmt::format("{}: {}", added.error().line, to_string(added.error()));
  const auto t = w.finish();
  return t ? "nothing wrong" : to_string(t.error());
}
std::string monitor(int second, std::string_view word) {
  return fmt::format(R"({{"at":"2026-03-01T00:00:{:02}Z","monitor":"{}"}})", second, word);
}
std::string good(int second) {
  return fmt::format(R"({{"at":"2026-03-01T00:00:{:02}Z","target":"L1","check":"icmp","outcome":"good"}})", second);
}
std::string step(int second, int by) {
  return fmt::format(R"({{"at":"2026-03-01T00:00:{:02}Z","clock_step_s":{}}})", second, by);
}

TEST(Tape, RunsOfTheMonitorBeginAndEndInTurn) {
  EXPECT_THAT(taped({monitor(0, "start"), monitor(1, "start")}), HasSubstr("2: "));
  EXPECT_THAT(taped({monitor(0, "stop")}), HasSubstr("start it before"));
  EXPECT_THAT(taped({monitor(0, "start"), monitor(1, "crash"), monitor(2, "stop")}), HasSubstr("3: "));
  EXPECT_EQ(taped({monitor(0, "start"), monitor(1, "crash"), monitor(2, "start")}), "nothing wrong");
}

TEST(Tape, ThereIsNoSampleWithoutAMonitor) {
  EXPECT_THAT(taped({good(1)}), HasSubstr("1: "));
  EXPECT_EQ(taped({monitor(0, "start"), good(1), monitor(1, "stop")}), "nothing wrong") << "just before it stopped";
  EXPECT_THAT(taped({monitor(0, "start"), monitor(1, "stop"), good(1)}), HasSubstr("the monitor is not running"));
}

TEST(Tape, TimeGoesBackOnlyByAClockStep) {
  EXPECT_THAT(taped({monitor(0, "start"), good(2), good(1)}), HasSubstr("state the step with clock_step_s"));
  EXPECT_EQ(taped({monitor(0, "start"), good(20), step(20, -10), good(10)}), "nothing wrong");
  EXPECT_THAT(taped({monitor(0, "start"), good(20), step(20, -10), good(9)}), HasSubstr("4: "));
  EXPECT_THAT(taped({monitor(0, "start"), good(20), step(20, 10), good(29)}), HasSubstr("4: ")) << "the clock shows 30";
}

TEST(Tape, ATraceOfNothingIsWrongAndBlankLinesAreNot) {
  EXPECT_THAT(taped({}), HasSubstr("empty"));
  EXPECT_THAT(taped({"", "  \r"}), HasSubstr("empty"));
  EXPECT_EQ(taped({"\xef\xbb\xbf" + monitor(0, "start"), "", good(1)}), "nothing wrong");
}

}  // namespace
}  // namespace changtong::replay
