// The golden journal: one entry of every kind, with and without each field that may be left out, as text. It is read
// from a file and never made anew: whoever changes how entries are written meets the bytes that every ledger in the
// field already holds. A new kind appends lines; the lines before it stay as they are, and so do their hashes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "daemon/core/command.h"
#include "daemon/core/declaration.h"
#include "daemon/ledger/entry.h"
#include "tests/ledger/any_declared.h"

namespace changtong::ledger {
namespace {

constexpr std::int64_t midnight_ms = 1'773'417'600'000;  // 2026-03-14T00:00:00+08:00
wall_t at(std::int64_t s) { return wall_from_ms(midnight_ms + s * 1000); }
const std::string branch(32, 'a'), other_branch(32, 'b'), hash(64, 'c');
const std::string odd = "引号\"反斜杠\\换行\n制表\t删除\x7f 表情🙂";

/** In the order of the file. */
std::vector<entry> what_the_monitor_writes() {
  const transition down{"L1", line_state::down, at(50), {at(49), at(50)}, at(52), cause::timeout, "L1/icmp"};
  transition bottomless = down;
  bottomless.edge.after = wall_min;
  bottomless.same_outage = true;
  transition after_ours = down;
  after_ours.after_own_uplink = true;
  const transition up{"L\"1\\", line_state::up, at(60), {at(59), at(60)}, at(61), cause::none, "L1/icmp L1/tcp"};
  const transition unknown{"城南", line_state::unknown, at(70), {at(70), at(70)}, at(70), cause::own_uplink, ""};
  const auto on = [](const char* id, std::int64_t s) {
    return transition{id, line_state::up, at(s), {at(s), at(s)}, at(s + 1), cause::none, std::string(id) + "/icmp"};
  };
  return {started{at(0), "0.1.0", "icmp: raw socket"},
          started{at(0), "0.4.0", "", 2, "区政府机房", branch, {}},
          started{at(0), "0.4.0", "", 2, "n", branch, {other_branch, 7, hash}},
          started{at(0), "0.4.0", "", 2, "n", branch, {"", 7, hash}},
          down,
          bottomless,
          after_ours,
          up,
          unknown,
          resumed{{on("L1", 1), on("城南", 2)}},
          unconfirmed_runs{
              {{"L1", "L1/icmp", at(1), at(2), 2, cause::timeout}, {odd, "c", at(3), at(3), 1, cause::refused}}},
          cause_found{"L1", at(50), cause::upstream, "T1"},
          cause_found{"L1", at(200), cause::own_line, ""},
          gap{at(5), wall_max, cause::monitor_stopped, "crash"},
          gap{at(5), at(6), cause::clock_step, odd},
          stopped{at(9)}};
}

std::vector<entry> what_people_declare() {
  const std::string api = "api: 王工@192.0.2.7", file = "file, unauthenticated";
  return {policy_version{at(0), "Asia/Shanghai", R"({"zone":"Asia/Shanghai"})", "settings"},
          inventory_version{at(0), "L1", R"({"id":"L1","name":"线路\"一\""})", "settings"},
          inventory_version{at(1), "L1", "", ""},
          window_record{at(0), "W1", "L1", at(10), at(20), window_state::approved, "王工", "割接"},
          window_record{at(0), "W1", "*", at(10), at(20), window_state::requested, "王工", "",
                        "already_down late_notice", ""},
          window_record{at(0), "W1", "L1", at(10), at(20), window_state::revised, "李工", odd, "", api},
          window_record{at(0), "W1", "L1", at(10), at(20), window_state::cancelled, "李工", "", "late_notice", file},
          annotation{at(9), "L1", at(8), "王工", "雷击\n已修复"},
          annotation{at(9), "L1", at(8), "王工", odd, file},
          duty_record{at(1), "2026-03-14", "王工", "duty.csv", "李工", ""},
          duty_record{at(1), "2026-03-14", "王工", "cli", "李工", "夜班", api},
          period_closed{at(9), {at(0), at(8)}, 1, "李工", "", "[]", "ab12", "[]"},
          period_closed{
              at(9), {at(0), at(8)}, 2, "李工", "补录批准", R"([{"key":"\"村\""}])", hash, R"([{"key":"L1"}])", file},
          counter_record{at(9), "wechat_2", at(8), "1,234.50", "人", "平台后台 截图", "王工", "counters.csv"},
          counter_record{at(9), "clicks", at(8), "0", "", "", "王工", ""},
          indicator_verdict{at(9), "2026", "X-7", attainment::partly, "4.5", odd, "验收.pdf", hash, "王工", api},
          indicator_verdict{at(9), "2026", "X-8", attainment::missed, "", "", "", "", "王工", "cli"},
          indicator_verdict{at(9), "2026", "X-9", attainment::achieved, "", "", "", "", "王工", ""}};
}

std::vector<entry> what_comes_of_outages() {
  const std::string api = "api: 王工@192.0.2.7";
  const auto step = [](std::int64_t s, alert_step what) {
    alert_record r{.at = at(0),
                   .alert = "A20260314-0007",
                   .step = what,
                   .subject = alert_subject::carrier,
                   .name = "移动",
                   .began = at(50),
                   .targets = {},
                   .of = {},
                   .person = {},
                   .channel = {},
                   .answer = {}};
    r.at = at(s);
    return r;
  };
  alert_record opened = step(55, alert_step::opened), told = step(56, alert_step::told), alone = opened;
  opened.targets = "L1 L2";
  told.of = "opened", told.person = "王工、李工", told.channel = "wecom", told.answer = odd;
  alone.alert = "A20260314-0008", alone.subject = alert_subject::own, alone.name = "",
  alone.step = alert_step::resolved;
  alert_record escalated = step(60, alert_step::escalated);
  escalated.person = "赵主任";
  ticket_record first{.at = at(60),
                      .number = "T20260314-0003",
                      .step = ticket_step::reported,
                      .carrier = "移动",
                      .targets = "L1 L2",
                      .began = at(50),
                      .author = "automatic",
                      .alert = "A20260314-0007",
                      .deadline = at(1850),
                      .theirs = {},
                      .cause = {},
                      .text = "L1 L2 中断",
                      .answer = {},
                      .via = {}};
  ticket_record bare = first, sent = first, reply = first;
  bare.alert = bare.text = "", bare.deadline = {}, bare.author = "王工", bare.via = api;
  sent.step = ticket_step::sent, sent.deadline = {}, sent.text = "", sent.answer = "250 2.0.0 Ok";
  reply.step = ticket_step::closed, reply.author = "李工", reply.via = api, reply.theirs = "CM-88/1",
  reply.cause = fault_cause::fibre, reply.text = odd, reply.deadline = {};
  return {opened,
          told,
          alone,
          escalated,
          acknowledgement{at(58), "A20260314-0007", "", at(50), "王工", "已派人", api},
          acknowledgement{at(58), "", "L1", at(50), "李工", "", std::string(via_file)},
          first,
          bare,
          sent,
          reply};
}

std::vector<entry> samples() {
  std::vector<entry> all = what_the_monitor_writes();
  for (entry& e : what_people_declare()) all.push_back(std::move(e));
  for (entry& e : what_comes_of_outages()) all.push_back(std::move(e));
  desk::add_what_is_missing(all, declarations{});
  return all;
}

/** A line: sequence, label, kind, body and hash, separated by tabs (no body holds one). */
struct golden_line {
  std::string text, kind, body;
  wall_t label{};
};
std::vector<golden_line> golden() {
  std::vector<golden_line> all;
  std::ifstream file(CHANGTONG_SOURCE_DIR "/tests/ledger/golden/journal.tsv");
  for (std::string line; std::getline(file, line);) {
    std::istringstream cells(line);
    std::string seq, label, kind, body;
    std::getline(std::getline(std::getline(std::getline(cells, seq, '\t'), label, '\t'), kind, '\t'), body, '\t');
    all.push_back({line, kind, body, wall_from_ms(std::stoll(label))});
  }
  return all;
}

std::string hex(const digest& d) {
  std::string out;
  for (const std::uint8_t b : d) out += fmt::format("{:02x}", b);
  return out;
}

/** The journal of all samples, as this program writes it. */
std::vector<std::string> written() {
  std::vector<std::string> lines;
  digest last{};
  for (const entry& e : samples()) {
    const auto seq = static_cast<std::int64_t>(lines.size() + 1);
    const entry_text text = encode(e, at(99));
    last = chain(last, seq, text.at, text.kind, text.body);
    lines.push_back(fmt::format("{}\t{}\t{}\t{}\t{}", seq, ms_of(text.at), text.kind, text.body, hex(last)));
  }
  return lines;
}

TEST(Golden, EveryEntryHasTheBytesThatItHasHadSinceItCame) {
  const auto wanted = golden();
  const auto is = written();
  ASSERT_EQ(wanted.size(), is.size());
  for (std::size_t i = 0; i < is.size(); ++i) EXPECT_EQ(is[i], wanted[i].text);
}

TEST(Golden, EveryEntryIsReadAsWhatItWas) {
  const auto lines = golden();
  const auto were = samples();
  ASSERT_EQ(lines.size(), were.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const result<entry> read = decode(lines[i].kind, lines[i].label, lines[i].body);
    ASSERT_TRUE(read) << lines[i].text;
    EXPECT_TRUE(*read == were[i]) << lines[i].text;
  }
}

TEST(Golden, NoKindIsMissing) {
  std::set<std::size_t> kinds;
  for (const entry& e : samples()) kinds.insert(e.index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<entry>);
}

/** Of a field that may be left out, one entry says something and one does not. */
template <class T>
void expect_both_ways() {
  each_field<T>([](const auto& f) {
    if (f.stands != presence::if_any) return;
    std::set<bool> seen;
    for (const entry& e : samples())
      if (const T* one = std::get_if<T>(&e)) seen.insert(says_something(f.of(*one)));
    EXPECT_EQ(seen.size(), 2U) << description<T>::kind << '.' << f.name;
  });
}

template <class... T>
void expect_both_ways_of(types<T...> /*all*/) {
  (expect_both_ways<T>(), ...);
}

TEST(Golden, EveryFieldThatMayBeLeftOutIsThereAndLeftOut) { expect_both_ways_of(declarations{}); }

/** Kind and names of the fields of every declaration. */
template <class... T>
std::map<std::string, std::set<std::string>> described(types<T...> /*all*/) {
  std::map<std::string, std::set<std::string>> all;
  (each_field<T>([&](const auto& f) { all[std::string(description<T>::kind)].emplace(f.name); }), ...);
  return all;
}

/** What the script says of a kind: `"duty": {"at": INSTANT, "day": TEXT, **VIA}`. */
std::set<std::string> fields_in_script(const std::string& script, const std::string& kind) {
  const std::size_t begin = script.find("\"" + kind + "\": {", script.find("\nKINDS = {"));
  if (begin == std::string::npos) return {};
  const std::size_t from = begin + kind.size() + 2;
  const std::string form = script.substr(from, script.find('}', from) - from);
  std::set<std::string> names;
  static const std::regex name("\"(\\w+)\": ");
  for (std::sregex_iterator at(form.begin(), form.end(), name), end; at != end; ++at) names.insert((*at)[1]);
  if (form.find("**VIA") != std::string::npos) names.insert("via");
  return names;
}

TEST(Golden, TheAuditorsScriptKnowsTheSameFields) {
  std::ifstream file(CHANGTONG_SOURCE_DIR "/daemon/audit/verify_pack.py");
  const std::string script{std::istreambuf_iterator<char>(file), {}};
  for (const auto& [kind, fields] : described(declarations{}))
    EXPECT_EQ(fields, fields_in_script(script, kind)) << kind;
  std::string people;  // whose entries are looked at for their dates
  for (const auto& [kind, fields] : described(declarations{})) people += is_of_people(kind) ? kind + " " : "";
  std::istringstream theirs(script.substr(script.find("\nPEOPLE = \"") + 11));
  std::string line, known;
  std::getline(theirs, line, '"');
  const std::regex word("\\w+");
  std::set<std::string> sorted(std::sregex_token_iterator(line.begin(), line.end(), word), {});
  for (const std::string& kind : sorted) known += kind + " ";
  EXPECT_EQ(known, people);
}

}  // namespace
}  // namespace changtong::ledger
