// What nodes say of themselves, as text and back, and what a wall makes of it.
#include <gmock/gmock.h>
#include <rapidcheck.h>

#include "daemon/centre/command_text.h"
#include "daemon/centre/live_view.h"

namespace changtong::centre {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const wall_t noon = wall_from_ms(1'773'417'600'000);
const civil_zone zone = civil_zone::named("Asia/Shanghai").value();

live_line line(const std::string& id, line_state s) {
  return {.target = id,
          .name = "龙河镇 " + id,
          .category = "village",
          .town = "龙河镇",
          .state = s,
          .since = noon,
          .why = s == line_state::down ? cause::timeout : cause::none};
}
live_sheet sheet(bool whole, std::vector<live_line> lines, wall_t clock = noon) {
  return {.clock = clock, .whole = whole, .up = 5, .down = 1, .unknown = 0, .left_out = 0, .lines = std::move(lines)};
}

TEST(live_text, ComesBackAsItWas) {
  const beat b{.clock = noon, .heartbeat = noon - 1s, .head = {.seq = 13, .hash = ledger::digest{1, 2}}};
  EXPECT_EQ(read_beat(text_of(b)), b);
  const beat first{.clock = noon, .heartbeat = {}, .head = {}};
  EXPECT_EQ(read_beat(text_of(first)), first);
  const live_sheet s = sheet(true, {line("L1", line_state::down), line("L2", line_state::unknown)});
  EXPECT_EQ(read_live_sheet(text_of(s)), s);
}

TEST(live_text, WhatIsNoneIsNone) {
  for (const char* text : {"", "{}", "[]", "null", R"({"clock":1})"}) {
    EXPECT_FALSE(read_beat(text)) << text;
    EXPECT_FALSE(read_live_sheet(text)) << text;
    EXPECT_FALSE(read_command(text)) << text;
    EXPECT_FALSE(read_probe_seen(text)) << text;
  }
  EXPECT_FALSE(read_live_sheet(text_of(sheet(true, std::vector(most_live_lines + 1, line("L", line_state::down))))));
  EXPECT_FALSE(read_beat(R"({"clock":9223372036854775807,"heartbeat":null,"seq":1,"hash":"00"})"));
  EXPECT_FALSE(read_command(std::string(70'000, ' ') + text_of(node_command{.what = "probe", .target = "L1"})));
}

TEST(live_text, ASheetIsCutInAnyPlaceWithoutHarm) {
  const std::string whole = text_of(sheet(true, {line("L1", line_state::down)}));
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_FALSE(read_live_sheet(whole.substr(0, n))) << n;
}

TEST(live_text, ARequestOfAWindowAndItsAnswerComeBack) {
  const auto c =
      read_command(text_of(node_command{.what = "window", .target = {}, .by = "李工", .entry = "{\"x\":1}"}));
  ASSERT_TRUE(c);
  EXPECT_EQ(c->by, "李工");
  EXPECT_EQ(c->entry, "{\"x\":1}");
  const window_requested w{.id = "W20990314-01", .targets = 2, .notices = {{"晚", "late"}}};
  EXPECT_EQ(read_window_requested(text_of(w)), w);
  EXPECT_FALSE(read_window_requested(R"({"error":{"code":"bad_body"}})"));
}

TEST(live_text, AnApprovalComesBack) {
  const auto c = read_command(text_of(node_command{.what = "approve",
                                                   .target = "W20990314-01",
                                                   .by = "李工",
                                                   .until = noon,
                                                   .centre = "某市",
                                                   .text = "市里同意",
                                                   .version = "0123456789abcdef",
                                                   .order = "fedcba9876543210"}));
  ASSERT_TRUE(c);
  EXPECT_EQ((std::vector{c->what, c->target, c->by, c->centre, c->text, c->version, c->order}),
            (std::vector<std::string>{"approve", "W20990314-01", "李工", "某市", "市里同意", "0123456789abcdef",
                                      "fedcba9876543210"}));
  EXPECT_EQ(c->until, noon);
  EXPECT_FALSE(read_command(R"({"command":"approve","target":"W1","order":7})"));
}

TEST(live_text, AProbesAnswerComesBack) {
  const probe_seen p{
      .line = line("L1", line_state::up), .asked = noon, .sampled = noon + 1s, .rtt_seconds = 0.25, .loss_ratio = 0};
  const auto read = read_probe_seen(text_of(p));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->line.target, "L1");
  EXPECT_EQ(read->line.state, line_state::up);
  EXPECT_EQ(read->sampled, p.sampled);
  EXPECT_DOUBLE_EQ(read->rtt_seconds, 0.25);
  EXPECT_DOUBLE_EQ(read->loss_ratio, 0);
  EXPECT_LT(read_probe_seen(text_of(probe_seen{.line = line("L1", line_state::up)}))->rtt_seconds, 0);
}

TEST(live_view, ShowsEveryNodeOfTheSettingsAlsoThoseThatSaidNothing) {
  live_view v({"东城区", "西城区"});
  v.take("北城区", sheet(true, {line("L1", line_state::down)}), noon);
  v.take("东城区", beat{.clock = noon, .heartbeat = noon - 3s, .head = {.seq = 13, .hash = {}}}, noon);
  EXPECT_EQ(
      v.to_json(zone, noon),
      R"({"at":"2026-03-14T00:00:00.000+08:00","nodes":[{"node":"东城区","heard":"2026-03-14T00:00:00.000+08:00",)"
      R"("heartbeat":"2026-03-13T23:59:57.000+08:00","lag_ms":3000,"entries":13,"sheet":null,"up":null,"down":null,)"
      R"("unknown":null,"left_out":null,"lines":[]},{"node":"西城区","heard":null,"heartbeat":null,"lag_ms":null,)"
      R"("entries":null,"sheet":null,"up":null,"down":null,"unknown":null,"left_out":null,"lines":[]}]})");
}

TEST(live_view, AChangeFollowsTheWholeAndIsNothingWithoutIt) {
  live_view v({"东城区"});
  v.take("东城区", sheet(false, {line("L1", line_state::down)}), noon);
  EXPECT_THAT(v.to_json(zone, noon), HasSubstr(R"("lines":[])")) << "nobody knows what else is down";
  v.take("东城区", sheet(true, {line("L1", line_state::down)}), noon);
  v.take("东城区", sheet(false, {line("L2", line_state::down)}), noon);
  EXPECT_THAT(v.to_json(zone, noon), testing::AllOf(HasSubstr(R"("target":"L1")"), HasSubstr(R"("target":"L2")")));
  v.take("东城区", sheet(false, {line("L1", line_state::up)}, noon - 1s), noon);
  EXPECT_THAT(v.to_json(zone, noon), HasSubstr(R"("target":"L1")")) << "older than what is known";
  v.take("东城区", sheet(false, {line("L1", line_state::up)}), noon);
  EXPECT_THAT(v.to_json(zone, noon), Not(HasSubstr(R"("target":"L1")")));
  v.take("东城区", sheet(true, {}), noon);
  EXPECT_THAT(v.to_json(zone, noon), HasSubstr(R"("lines":[])"));
}

TEST(live_view, WhoIsSilentIsUnknownAndNeverUp) {
  live_view v({"东城区"});
  v.take("东城区", sheet(true, {line("L1", line_state::down)}), noon);
  EXPECT_THAT(v.to_json(zone, noon + 60s), testing::AllOf(HasSubstr(R"("up":5,"down":1,"unknown":0)"),
                                                          HasSubstr(R"("state":"down","last_state":"down")")));
  const wall_t late = noon + 60s + 1ms;
  v.take("东城区", beat{.clock = late, .heartbeat = late, .head = {}}, late);
  EXPECT_THAT(v.to_json(zone, late), testing::AllOf(HasSubstr(R"("up":null,"down":null,"unknown":6)"),
                                                    HasSubstr(R"("state":"unknown","last_state":"down")")))
      << "a beat says nothing of its lines";
  v.take("东城区", sheet(true, {line("L1", line_state::down)}, late), late);
  EXPECT_THAT(v.to_json(zone, late), HasSubstr(R"("up":5,"down":1,"unknown":0)"));
}

TEST(live_view, TimeThatNobodyCanHaveSeenIsNotTaken) {
  live_view v({"东城区"});
  const wall_t ahead = noon + 5s + 1ms;
  v.take("东城区", beat{.clock = noon, .heartbeat = ahead, .head = {}}, noon);
  v.take("东城区", beat{.clock = ahead, .heartbeat = noon, .head = {}}, noon);
  v.take("东城区", sheet(true, {line("L1", line_state::down)}, ahead), noon);
  EXPECT_THAT(v.to_json(zone, noon), HasSubstr(R"("heard":null,"heartbeat":null)"));
  EXPECT_THAT(v.to_json(zone, noon), HasSubstr(R"("sheet":null)"));
  v.take("东城区", beat{.clock = noon + 5s, .heartbeat = noon + 5s, .head = {}}, noon);
  EXPECT_THAT(v.to_json(zone, noon), HasSubstr(R"("lag_ms":0)"));
}

TEST(live_view, WhatIsOlderReplacesNothing) {
  live_view v({"东城区"});
  v.take("东城区", beat{.clock = noon, .heartbeat = noon, .head = {.seq = 13, .hash = {}}}, noon);
  v.take("东城区", sheet(true, {line("L1", line_state::down)}), noon);
  const std::string before = v.to_json(zone, noon);
  v.take("东城区", beat{.clock = noon - 1s, .heartbeat = noon - 1s, .head = {.seq = 12, .hash = {}}}, noon + 1s);
  v.take("东城区", sheet(true, {}, noon - 1s), noon + 1s);
  EXPECT_EQ(v.to_json(zone, noon), before);
}

TEST(live_view, AClockThatWasSetBackHoldsNothingUp) {
  live_view v({"东城区"});
  v.take("东城区", beat{.clock = noon + 1h, .heartbeat = noon + 1h, .head = {.seq = 12, .hash = {}}}, noon + 1h);
  v.take("东城区", sheet(true, {line("L1", line_state::down)}, noon + 1h), noon + 1h);
  EXPECT_THAT(v.to_json(zone, noon), HasSubstr(R"("up":null,"down":null,"unknown":6)"));
  v.take("东城区", beat{.clock = noon, .heartbeat = noon, .head = {.seq = 13, .hash = {}}}, noon);
  v.take("东城区", sheet(true, {}), noon);
  EXPECT_THAT(v.to_json(zone, noon), testing::AllOf(HasSubstr(R"("entries":13)"), HasSubstr(R"("lines":[])")));
}

TEST(live_view, ANodeThatSaysMoreAndMoreIsKeptWithinBounds) {
  live_view v({"东城区"});
  v.take("东城区", sheet(true, {}), noon);
  for (int i = 0; i < 3; ++i) {
    std::vector<live_line> many;
    for (std::size_t k = 0; k < most_live_lines; ++k)
      many.push_back(line("L" + std::to_string(i) + "-" + std::to_string(k), line_state::down));
    live_sheet s = sheet(false, std::move(many));
    s.down = 3'000;
    v.take("东城区", std::move(s), noon);
  }
  EXPECT_THAT(v.to_json(zone, noon), HasSubstr(R"("left_out":2000)"));
}

}  // namespace
}  // namespace changtong::centre
