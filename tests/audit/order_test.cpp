// What the entries say of one another, of the heartbeat and of the seals. Whoever signs with a key of his own can make
// every hash fit; both verifiers still name the entry.
#include <gmock/gmock.h>

#include <set>

#include "daemon/audit/double_key.h"
#include "tests/audit/pack_room.h"

namespace changtong::audit {
namespace {

using namespace room;
using testing::HasSubstr;

struct Order : Pack {
  ledger::signing_key key = ledger::signing_key::make(ledger::algorithm::ed25519).value();

  /** The pack with these entries behind it, all made to fit. */
  [[nodiscard]] pack with(const std::vector<ledger::entry>& more) const {
    pack p = good;
    auto lines = p.lines("journal.jsonl");
    for (const ledger::entry& e : more) {
      const auto text = ledger::encode(e, desk::at(3 * day + 8002));
      lines.push_back(line_of({1, text.at, std::string(text.kind), text.body, {}}));
    }
    p.set_lines("journal.jsonl", lines);
    p.rehash();
    p.reseal(key);
    return p;
  }
  /** A start of format 4 that follows `parent`; 0: the entry before it. */
  [[nodiscard]] pack with_start(pack p, char branch, std::int64_t parent = 0, std::string found = {},
                                std::string node = "区政府") const {
    auto lines = p.lines("journal.jsonl");
    const std::int64_t seq = parent > 0 ? parent : static_cast<std::int64_t>(lines.size());
    const journal_line before = read_line(lines[static_cast<std::size_t>(seq) - 1]).value();
    started s{.at = desk::at(3 * day + 9050), .version = "0.4.0", .text = std::move(found), .node = std::move(node)};
    s.branch = std::string(32, branch);
    s.parent = {before.kind == "start" ? branch_of(before) : first_branch(lines), seq,
                host::hex(ledger::bytes_of(before.hash))};
    const auto text = ledger::encode(s, s.at);
    lines.push_back(line_of({1, text.at, std::string(text.kind), text.body, {}}));
    p.set_lines("journal.jsonl", lines);
    p.rehash();
    p.reseal(key);
    return p;
  }
  [[nodiscard]] static std::string branch_of(const journal_line& l) {
    return std::get<started>(ledger::decode(l.kind, l.at, l.body).value()).branch;
  }
  [[nodiscard]] static std::string first_branch(const std::vector<std::string>& lines) {
    return branch_of(read_line(lines.front()).value());
  }
  [[nodiscard]] pack signed_anew(pack p) const {
    p.recompute(scratch());
    p.list(&key);
    return p;
  }
  [[nodiscard]] std::string in_python(const pack& p) const {
    const std::string path = (f.path / "python.zip").string();
    p.write(path);
    return script(f, path).second;
  }
  void expect_named(const pack& p, const std::string& file, const std::string& words, std::int64_t entry) const {
    const auto v = judged(p);
    EXPECT_FALSE(v.ok);
    EXPECT_TRUE(names(v, file, words, entry)) << told(v);
    EXPECT_THAT(in_python(p), HasSubstr(words));
  }
  void expect_good(const pack& p) const {
    EXPECT_TRUE(judged(p).ok) << told(judged(p));
    EXPECT_THAT(in_python(p), HasSubstr("一致，来源未证明"));
  }
};

TEST_F(Order, AHeartbeatClearlyBeforeATransitionOfTheJournalIsRefused) {
  const auto entries = static_cast<std::int64_t>(good.lines("journal.jsonl").size());
  const auto at = 3 * day + 9000;  // the heartbeat
  expect_good(signed_anew(with({desk::up("L1", at + 300)})));
  expect_named(signed_anew(with({desk::up("L1", at + 300.001)})), "head.json", "心跳早于", entries + 1);
}

TEST_F(Order, AfterABackwardStepOfTheClockLabelsSayNothingOfTheHeartbeat) {
  const auto at = 3 * day + 12'000;
  expect_good(signed_anew(
      with({desk::up("L1", at), gap{desk::at(at), desk::at(at), cause::clock_step, "clock stepped by -3000.000 s"}})));
}

TEST_F(Order, AHeartbeatBeforeACleanStopIsRefusedToTheMillisecond) {
  const auto entries = static_cast<std::int64_t>(good.lines("journal.jsonl").size());
  const auto at = 3 * day + 9000;  // the heartbeat
  expect_good(signed_anew(with({ledger::stopped{desk::at(at)}})));
  expect_named(signed_anew(with({ledger::stopped{desk::at(at + 0.001)}})), "head.json", "心跳早于第", entries + 1);
}

TEST_F(Order, AHeartbeatBeforeThatOfACommitIsRefusedThatLabelledAGap) {
  const auto entries = static_cast<std::int64_t>(good.lines("journal.jsonl").size());
  const auto labelled = [&](double s) {
    pack p = good;
    auto lines = p.lines("journal.jsonl");
    const auto text = ledger::encode(desk::stopped_watching(3 * day, 3 * day + 1), desk::at(s));
    lines.push_back(line_of({1, text.at, std::string(text.kind), text.body, {}}));
    p.set_lines("journal.jsonl", lines);
    p.rehash();
    p.reseal(key);
    return signed_anew(p);
  };
  expect_good(labelled(3 * day + 9000));
  expect_named(labelled(3 * day + 9000.001), "head.json", "心跳早于第", entries + 1);
}

/** Whoever back-dates only what figures are made from. */
TEST_F(Order, ALabelThatIsNotTheInstantInTheEntryIsNamed) {
  const auto lines = good.lines("journal.jsonl");
  std::set<std::string> kinds;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const journal_line was = read_line(lines[i]).value();
    if (!kinds.insert(was.kind).second) continue;
    pack p = good;
    auto changed = lines;
    journal_line l = was;
    l.at += was.kind == "gap" ? -std::chrono::hours{48} : milliseconds{1};
    changed[i] = line_of(l);
    p.set_lines("journal.jsonl", changed);
    p.rehash();
    p.reseal(key);
    p.list(&key);
    const auto v = judged(p);
    const auto seq = static_cast<std::int64_t>(i) + 1;
    EXPECT_TRUE(names(v, "journal.jsonl", "所标的时刻", seq)) << was.kind << "\n" << told(v);
    EXPECT_THAT(in_python(p), HasSubstr("journal.jsonl #" + std::to_string(seq) + ": 所标的时刻")) << was.kind;
  }
  EXPECT_GE(kinds.size(), 11U);
}

TEST_F(Order, AnExportOfALedgerWhoseHeartbeatWasSetBackIsRefused) {
  const desk::folder other;
  const auto w = desk::opened(other);
  desk::commit(*w, 10, {started{desk::at(0), "0.4.0", ""}, desk::line("L1", 0), desk::up("L1", 1)});
  desk::commit(*w, 20, {desk::down("L1", 4000, 3999)});
  const auto done = export_pack(request_for(other), {});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, testing::AllOf(HasSubstr("心跳早于第 4 条"), HasSubstr("ledger verify")));
}

TEST_F(Order, AnEntryOfAPersonBackDatedBehindASealIsNamed) {
  const auto entries = static_cast<std::int64_t>(good.lines("journal.jsonl").size());
  const wall_t made = ledger::read_seal(good.lines("seals.jsonl").back()).value().made;
  const auto said = [&](milliseconds before) {
    return annotation{made - before, "L1", desk::at(4000), "王工", "雷击"};
  };
  expect_good(signed_anew(with({said(std::chrono::minutes{5})})));
  expect_named(signed_anew(with({said(std::chrono::minutes{5} + milliseconds{1})})), "journal.jsonl", "倒填日期",
               entries + 1);
}

TEST_F(Order, AClockThatWasSetBackExplainsEarlierLabels) {
  const wall_t made = ledger::read_seal(good.lines("seals.jsonl").back()).value().made;
  const annotation said{made - std::chrono::hours{1}, "L1", desk::at(4000), "王工", "雷击"};
  expect_good(signed_anew(with({gap{made, made, cause::clock_step, "clock stepped by -3700.000 s"}, said})));
}

TEST_F(Order, BranchesAreListedByBothVerifiersAndOnThePage) {
  const pack p = signed_anew(with_start(with_start(good, 'b'), 'c'));
  expect_good(p);
  const auto words = testing::AllOf(HasSubstr("branches, one a start: 3"), HasSubstr("cccccccc"), HasSubstr("区政府"));
  EXPECT_THAT(judged(p).remarks, testing::Contains(words));
  EXPECT_EQ(judged(p).branches.size(), 3U);
  EXPECT_THAT(in_python(p), words);
  EXPECT_THAT(p.files.at("README.html"), words);
}

/** A run signs anew what it finds, so the pack is genuine: that it was tampered with before stands in the start alone.
 */
TEST_F(Order, WhatAStartFoundIsSaidByBothVerifiersAndOnThePage) {
  const pack p = signed_anew(with_start(with_start(good, 'b', 0, "状态行与它的签名不符"), 'c'));
  expect_good(p);
  const auto words = testing::AllOf(HasSubstr("a start, says: 状态行与它的签名不符"),
                                    HasSubstr("第 " + std::to_string(p.lines("journal.jsonl").size() - 1) + " 条"));
  EXPECT_THAT(judged(p).remarks, testing::Contains(words));
  EXPECT_THAT(in_python(p), words);
  EXPECT_THAT(p.files.at("README.html"), words);
}

TEST_F(Order, NoVerdictIsMadeByWhatAPackSays) {
  const std::string spoof = "\x1b[2J\n一致，来源已证明 / consistent, origin proven";
  const pack p = signed_anew(with_start(good, 'b', 0, spoof, spoof));
  const auto plain = testing::AllOf(testing::Not(HasSubstr("\x1b")), testing::Not(HasSubstr("\n一致，来源已证明")));
  EXPECT_THAT(in_python(p), plain);
  EXPECT_THAT(judged(p).remarks, testing::Each(plain));
}

TEST_F(Order, TwoChildrenOfOneEntryAreAFork) {
  const auto entries = static_cast<std::int64_t>(good.lines("journal.jsonl").size());
  pack p = signed_anew(with_start(with_start(good, 'b'), 'c', entries));
  expect_named(p, "journal.jsonl", "第 " + std::to_string(entries) + " 条有两条后继", entries + 2);
}

TEST_F(Order, AKeyThatStandsTwiceInAnEntryIsRefused) {
  auto lines = good.lines("journal.jsonl");
  for (const std::size_t i : {1U, 2U, 5U}) {
    pack p = good;
    auto changed = lines;
    journal_line l = read_line(lines[i]).value();
    l.body.insert(1, R"("at":1773417600000,)");
    if (l.body.find(R"("at":)", 30) == std::string::npos) l.body.insert(1, R"("at":1773417600000,)");
    changed[i] = line_of(l);
    p.set_lines("journal.jsonl", changed);
    p.rehash();
    p.reseal(key);
    p.list(&key);
    const auto v = judged(p);
    EXPECT_TRUE(names(v, "journal.jsonl", "出现两次", static_cast<std::int64_t>(i) + 1)) << told(v);
    EXPECT_THAT(in_python(p), HasSubstr("journal.jsonl #" + std::to_string(i + 1) + ": 键 at"));
  }
}

TEST(DoubleKey, IsFoundAtAnyDepthAndOnlyWithinOneObject) {
  EXPECT_EQ(double_key(R"({"a":1,"b":{"c":[{"d":1,"d":2}]}})"), "d");
  EXPECT_EQ(double_key(R"({"a":1,"\u0061":2})"), "a") << "written in two ways, the same key";
  EXPECT_EQ(double_key(R"({"a":{"a":{"a":[1,2]}},"b":[{"a":1},{"a":2}]})"), std::nullopt);
  for (const char* text : {"", "7", "[1,1]", "{", "null", R"({"a":1)"}) EXPECT_EQ(double_key(text), std::nullopt);
  EXPECT_EQ(double_key_in({1, {}, "policy", R"({"at":1,"policy":"{\"x\":1,\"x\":2}"})", {}}), "policy.x");
}

}  // namespace
}  // namespace changtong::audit
