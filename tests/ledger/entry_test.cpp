#include "daemon/ledger/entry.h"

#include <gmock/gmock.h>

#include "daemon/host/digest.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

/** What comes back is the same text again: every field made the way there and back. */
void expect_there_and_back(const entry& e) {
  const entry_text text = encode(e, at(99));
  const result<entry> back = decode(text.kind, text.at, text.body);
  ASSERT_TRUE(back) << back.error().text << ": " << text.body;
  EXPECT_EQ(back->index(), e.index());
  const entry_text again = encode(*back, at(99));
  EXPECT_EQ(again.kind, text.kind);
  EXPECT_EQ(again.at, text.at);
  EXPECT_EQ(again.body, text.body);
}

TEST(Entry, EveryKindComesBackAsItWas) {
  transition bottomless = down("L1", 50, 49);
  bottomless.edge.after = wall_min;
  bottomless.same_outage = true;
  expect_there_and_back(bottomless);
  transition after_ours = down("L1", 50, 49);
  after_ours.after_own_uplink = true;
  expect_there_and_back(after_ours);
  expect_there_and_back(up_again("L\"1\\", 60, 59));
  expect_there_and_back(unknown("城南", 60));
  expect_there_and_back(resumed{{up("L1", 1), up("L2", 2)}});
  expect_there_and_back(unconfirmed_runs{{{"L1", "L1/icmp", at(1), at(2), 2, cause::timeout}}});
  expect_there_and_back(cause_found{"L1", at(50), cause::upstream, "T1"});
  expect_there_and_back(stopped_watching(5));
  expect_there_and_back(stopped_watching(5, 6));
  expect_there_and_back(started{at(0), "0.1.0", "icmp: raw socket"});
  expect_there_and_back(started{at(0), "0.4.0", "", 2, "区政府机房", std::string(32, 'a'), {}});
  expect_there_and_back(
      started{at(0), "0.4.0", "", 2, "n", std::string(32, 'a'), {std::string(32, 'b'), 7, std::string(64, 'c')}});
  expect_there_and_back(started{at(0), "0.4.0", "", 2, "n", std::string(32, 'a'), {"", 7, std::string(64, 'c')}});
  expect_there_and_back(stopped{at(9)});
  expect_there_and_back(policy_version{at(0), "Asia/Shanghai", R"({"zone":"Asia/Shanghai"})", "x"});
  expect_there_and_back(line("L1", 0));
  expect_there_and_back(window("W1", "L1", 1, 2, 3, "approved"));
  expect_there_and_back(annotation{at(1), "L1", at(0), "王工", "雷击\n已修复"});
  expect_there_and_back(duty_record{at(1), "2026-03-14", "王工", "duty.csv", "李工", ""});
  expect_there_and_back(
      counter_record{at(9), "wechat_2", at(8), "1,234.50", "人", "平台后台 截图", "王工", "counters.csv"});
  expect_there_and_back(indicator_verdict{at(9), "2026", "X-7", attainment::partly, "4.5", "理由", "验收.pdf",
                                          std::string(64, 'a'), "王工", "api"});
  expect_there_and_back(indicator_verdict{at(9), "2026", "X-8", attainment::missed, "", "", "", "", "王工", "cli"});
  expect_there_and_back(period_closed{at(9), {at(0), at(8)}, 2, "李工", "补录批准", "[]", "ab12", R"([{"key":"L1"}])"});
}

TEST(Entry, WhatNewerEntriesOfPeopleSayIsWrittenOnlyWhereItIsThere) {
  window_record w{at(0), "W", "*", at(10), at(20), window_state::approved, "王工", ""};
  EXPECT_EQ(encode(w, at(0)).body.find("via"), std::string::npos);
  EXPECT_EQ(encode(w, at(0)).body.find("flags"), std::string::npos);
  w.flags = "already_down late_notice";
  w.via = "api: 王工@192.0.2.7";
  EXPECT_TRUE(encode(w, at(0)).body.ends_with(R"("flags":"already_down late_notice","via":"api: 王工@192.0.2.7"})"));
  expect_there_and_back(w);
  expect_there_and_back(annotation{at(9), "L1", at(8), "王工", "雷击", "file, unauthenticated"});
  expect_there_and_back(duty_record{at(1), "2026-03-14", "王工", "cli", "李工", "", "file, unauthenticated"});
  expect_there_and_back(period_closed{at(9), {at(0), at(8)}, 1, "李工", "", "[]", "ab", "[]", "file, unauthenticated"});
}

TEST(Entry, AWindowInAStateThatNoVersionHasWrittenIsNoEntry) {
  entry_text text = encode(window("W1", "L1", 1, 2, 3, "approved"), at(0));
  text.body.replace(text.body.find("approved"), 8, "suspended");
  EXPECT_FALSE(decode("window", text.at, text.body)) << "nobody knows what it would take out of the books";
}

TEST(Entry, TransitionIsThisTextAndNoOther) {
  EXPECT_EQ(
      encode(down("L1", 50, 49), at(0)).body,
      R"({"target":"L1","to":"down","at":1773417650000,"edge":[1773417649000,1773417650000],"confirmed":1773417652000,)"
      R"("why":"timeout","decided_by":"L1/icmp","same_outage":false})");
}

TEST(Entry, WhatCameLaterIsWrittenOnlyWhenItSaysSomething) {
  EXPECT_EQ(encode(started{at(0), "0.3.0", ""}, at(0)).body, R"({"at":1773417600000,"version":"0.3.0","text":""})");
  EXPECT_EQ(encode(started{at(0), "0.4.0", "", 2, "n", "ab", {"", 7, "cd"}}, at(0)).body,
            R"({"at":1773417600000,"version":"0.4.0","text":"","rules":2,"node":"n","branch":"ab",)"
            R"("parent":{"branch":"","seq":7,"hash":"cd"}})");
  transition t = down("L1", 50, 49);
  t.after_own_uplink = true;
  EXPECT_TRUE(encode(t, at(0)).body.ends_with(R"("same_outage":false,"after_own_uplink":true})"));
}

TEST(Entry, AReadingAndAVerdictAreTheTextOfTheReadme) {
  EXPECT_EQ(encode(counter_record{at(5), "wechat", at(0), "51234", "人", "平台后台", "王工", "api"}, at(0)).body,
            R"({"at":1773417605000,"counter":"wechat","about":1773417600000,"value":"51234","unit":"人",)"
            R"("source":"平台后台","author":"王工","via":"api"})");
  EXPECT_EQ(
      encode(indicator_verdict{at(5), "2026", "X-7", attainment::achieved, "4.5", "", "验收.pdf", "ab", "王工", "cli"},
             at(0))
          .body,
      R"({"at":1773417605000,"plan":"2026","indicator":"X-7","verdict":"achieved","points":"4.5","text":"",)"
      R"("document":"验收.pdf","sha256":"ab","author":"王工","via":"cli"})");
}

/** Computed with another program: hashlib.sha256(bytes(32) + pack(">qq", 1, 1773417600000) + b"stop\0" + body). */
TEST(Entry, HashIsTheOneOfTheReadme) {
  EXPECT_EQ(host::hex(bytes_of(chain({}, 1, at(0), "stop", R"({"at":1773417600000})"))),
            "c8ab9d96b0b91a104c1e5359c993604277dac207b196f95bb5bef6c4dd122740");
}

TEST(Entry, WhatIsNotAnEntryIsRefused) {
  const std::vector<std::pair<std::string, std::string>> bad{
      {"stop", ""},
      {"stop", "{}"},
      {"stop", "[]"},
      {"stop", R"({"at":"now"})"},
      {"stop", R"({"at":9000000000000000000})"},
      {"unheard", R"({"at":1})"},
      {"start", R"({"at":1,"version":"","text":"","rules":0})"},
      {"start", R"({"at":1,"version":"","text":"","branch":"ab"})"},
      {"start", R"({"at":1,"version":"","text":"","parent":{"branch":"","seq":0,"hash":""}})"},
      {"resumed", R"({"targets":[["L1",1]]})"},
      {"cause", R"({"target":"L1","began":1,"why":"gremlins","upstream":""})"},
      {"unconfirmed", R"({"runs":[["L1","c",1,2,-1,"timeout"]]})"},
      {"counter", R"({"at":1,"counter":"c","about":1,"value":"-1","unit":"","source":"","author":"","via":""})"},
      {"counter", R"({"at":1,"counter":"c","about":1,"value":"1e3","unit":"","source":"","author":"","via":""})"},
      {"counter", R"({"at":1,"counter":"c","about":1,"value":5,"unit":"","source":"","author":"","via":""})"},
      {"counter", R"({"at":1,"counter":"c","value":"5","unit":"","source":"","author":"","via":""})"},
      {"verdict", R"({"at":1,"plan":"p","indicator":"i","verdict":"达成","points":"","text":"","document":"",)"
                  R"("sha256":"","author":"","via":""})"},
      {"verdict", R"({"at":1,"plan":"p","indicator":"i","verdict":"missed","points":"many","text":"","document":"",)"
                  R"("sha256":"","author":"","via":""})"}};
  for (const auto& [kind, body] : bad) EXPECT_FALSE(decode_body(kind, body)) << kind << ' ' << body;
}

}  // namespace
}  // namespace changtong::ledger
