// The centre's page for people: what is not known is never calm, and an address that nobody has is none.
#include "daemon/run/centre_page.h"

#include <gmock/gmock.h>

#include "daemon/run/centre_workers.h"

namespace changtong {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const wall_t noon = wall_from_ms(1'773'417'600'000);

centre::asked_node node(const std::string& name) {
  centre::asked_node n;
  n.head.node = n.district = name;
  n.head.entries = n.head.folded = 7;
  n.head.folded_to = noon - 5s;
  return n;
}
outage_of_node open_outage(int i) {
  outage_of_node o{.node = "东城区", .district = "东城区", .what = {}};
  o.what.what.target = "L" + std::to_string(i);
  o.what.what.began = noon - 1min;
  return o;
}

struct CentrePage : testing::Test {
  centre_sight s;
  CentrePage() {
    s.now = noon;
    s.month_name = "2026-03";
    s.nodes = {node("东城区"), node("西城区")};
  }
  [[nodiscard]] std::string html() const { return centre_html(s, civil_zone::named("Asia/Shanghai").value()); }
  [[nodiscard]] centre::folded_head& west() { return s.nodes.back().head; }
  void expect_one_unknown(const char* why) const {
    EXPECT_THAT(html(), AllOf(HasSubstr("有 1 个节点此刻未知"), HasSubstr(R"(<span class="count zero">未知</span>)"),
                              Not(HasSubstr("calm"))))
        << why;
  }
};

TEST_F(CentrePage, WhereEveryNodeIsHeardNoOutageIsCalm) {
  EXPECT_THAT(html(), AllOf(HasSubstr(R"(<span class="count zero">0</span>)"), HasSubstr(R"(<p id="calm">✓)"),
                            Not(HasSubstr("此刻未知"))));
  west().entries = 8;
  EXPECT_THAT(html(), HasSubstr(R"(<p id="calm">✓)")) << "what came just now is under way";
}

TEST_F(CentrePage, WindowsThatWaitAreListedAndWhereNoneDoesNothingIsSaid) {
  EXPECT_THAT(html(), Not(HasSubstr("待批停机窗口")));
  s.waiting.resize(1);
  s.waiting.back().node = "东城区";
  s.waiting.back().story.id = "W<1>";
  s.waiting.back().story.targets = {"L1", "L2"};
  s.waiting.back().story.when = {noon + 1h, noon + 2h};
  s.waiting.back().story.requested_by = "李工";
  EXPECT_THAT(html(), AllOf(HasSubstr(R"(待批停机窗口 <span class="count">1</span>)"), HasSubstr("W&lt;1&gt;"),
                            HasSubstr("L1 等 2 个"), HasSubstr("李工"), Not(HasSubstr("已过开始时间"))));
  s.waiting.back().story.late = true;
  s.waiting.resize(201, s.waiting.back());
  EXPECT_THAT(html(), AllOf(HasSubstr("已过开始时间"), HasSubstr("另有 1 个未列出")));
}

TEST_F(CentrePage, WhereWindowsTookTooLongNothingElseIsUnknown) {
  s.windows_unknown = {"东<城>"};
  EXPECT_THAT(html(), AllOf(HasSubstr("待批停机窗口"), HasSubstr("东&lt;城&gt;：待批停机窗口尚未读完"),
                            HasSubstr(R"(<p id="calm">✓)"), Not(HasSubstr("尚未算出"))));
  s.waiting.resize(1);
  EXPECT_THAT(html(), AllOf(HasSubstr("尚未读完"), HasSubstr(R"(待批停机窗口 <span class="count">1</span>)")));
}

TEST_F(CentrePage, WhatANodeDoesNotSayIsNeverCalm) {
  const centre::folded_head well = west();
  west().entries = 0;
  west().folded_to = {};
  expect_one_unknown("it never shipped");
  west() = well;
  west().folded_to = noon - 60s - 1ms;
  expect_one_unknown("it is behind");
  west() = well;
  west().stuck = 3;
  expect_one_unknown("it is stuck");
  west() = well;
  west().forked = true;
  expect_one_unknown("it forked");
  west().retired = noon - 24h;
  EXPECT_THAT(html(), HasSubstr(R"(<p id="calm">✓)")) << "its lines are in no scope";
  s.nodes.clear();
  EXPECT_THAT(html(), Not(HasSubstr("calm"))) << "of no node nothing is known";
}

TEST_F(CentrePage, OfAPairOneThatIsHeardIsEnough) {
  EXPECT_THAT(html(), Not(HasSubstr("一对"))) << "there is none";
  s.nodes = {node("东城甲")};
  s.nodes[0].pair = "东城";
  s.nodes[0].other = node("东城乙").head;
  s.nodes[0].other->folded_to = noon - 24h;
  EXPECT_THAT(html(), AllOf(HasSubstr(R"(<p id="calm">✓)"), HasSubstr("东城甲<small>一对 东城</small>"),
                            HasSubstr("东城乙<small>一对 东城</small>"), HasSubstr("一对的两台算一个"),
                            HasSubstr("此后只有另一台的账"), Not(HasSubstr("现状未知"))));
  s.nodes[0].head.forked = true;
  expect_one_unknown("neither says how it stands");
  s.nodes[0].head.retired = noon - 24h;
  expect_one_unknown("one of the two is still awaited");
  s.nodes[0].head.forked = false;
  expect_one_unknown("who was said to ship no more speaks for nobody");
  s.nodes[0].other->retired = noon - 24h;
  EXPECT_THAT(html(), HasSubstr(R"(<p id="calm">✓)"));
}

TEST_F(CentrePage, OfAPairWhoseClocksAreApartTheFirstAloneSpeaks) {
  s.nodes = {node("东城甲")};
  s.nodes[0].pair = "东城";
  s.nodes[0].other = node("东城乙").head;
  s.nodes[0].head.clock = ledger::clock_exchanged{};
  s.nodes[0].other->clock = ledger::clock_exchanged{.ahead = 20s};
  EXPECT_THAT(html(),
              AllOf(HasSubstr("与 东城甲 的时钟相差超过 1 秒，它的账不计，请校时"), HasSubstr(R"(<p id="calm">✓)")));
  s.nodes[0].head.folded_to = noon - 24h;
  expect_one_unknown("the other one does not count");
}

TEST_F(CentrePage, OutagesOfTheOthersStandBesideWhatIsUnknown) {
  west().stuck = 3;
  s.open.list = {open_outage(0)};
  EXPECT_THAT(html(), AllOf(HasSubstr("有 1 个节点此刻未知"), HasSubstr(R"(<span class="count">1</span>)"),
                            HasSubstr("<small>L0</small>")));
}

TEST_F(CentrePage, TimeThatNobodyObservedIsNoPartOfAnOutage) {
  s.open.list = {open_outage(0), open_outage(1), open_outage(2)};
  s.open.list[1].node = "西城区";
  s.open.list[1].what.what.began = noon - 3h;
  west().folded_to = noon - 2h;
  const std::string silent = html();
  EXPECT_THAT(silent, AllOf(HasSubstr(R"(当前中断 <span class="count">2</span>)"), HasSubstr("有 1 个节点此刻未知"),
                            HasSubstr("另有 1 条：账到时未恢复，现状未知"),
                            HasSubstr(">1:00:00<small>账到 2026-03-13 22:00:00 时断，现状未知</small>"),
                            Not(HasSubstr("3:00:00<"))));
  EXPECT_GT(silent.find("<small>L1</small>"), silent.find("<small>L2</small>")) << "apart from those that are known";
  s.open.list.erase(s.open.list.begin()), s.open.list.pop_back();
  EXPECT_THAT(html(), HasSubstr(R"(<span class="count zero">未知</span>)"));
  west().folded_to = noon - 5s;
  s.open.list[0].what.what.holes = {{noon - 2h, wall_max}};
  EXPECT_THAT(html(),
              AllOf(HasSubstr(R"(<span class="count zero">未知</span>)"), HasSubstr("账到 2026-03-13 22:00:00")))
      << "the node is heard, but knows no more of that line";
}

TEST_F(CentrePage, AListThatWasCutIsNoCount) {
  for (int i = 0; i < static_cast<int>(most_outages); ++i) s.open.list.push_back(open_outage(i));
  EXPECT_THAT(html(), AllOf(HasSubstr(R"(<span class="count">2000</span>)"), HasSubstr("另有 1800 条未列出")));
  s.open.cut = true;
  EXPECT_THAT(html(), AllOf(HasSubstr("2000 条以上"), HasSubstr("另有 1800 条以上未列出")));
  s.open.list.clear();
  EXPECT_THAT(html(), AllOf(HasSubstr(R"(<span class="count zero">未知</span>)"), Not(HasSubstr("calm"))))
      << "none of those that were read";
}

TEST_F(CentrePage, ADistrictThatTookTooLongIsSaidAndNeverCalm) {
  s.unfinished = {"某省 · 某市 · 西城"};
  EXPECT_THAT(html(), AllOf(HasSubstr("某省 · 某市 · 西城"), HasSubstr("尚未算出"), HasSubstr("有 1 个区县尚未算出"),
                            HasSubstr(R"(<span class="count zero">未知</span>)"), Not(HasSubstr("calm"))));
  s.open.list = {open_outage(0)};
  EXPECT_THAT(html(), HasSubstr(R"(<span class="count">1 条以上</span>)"));
}

TEST_F(CentrePage, SaysTheLastSealAndItsFingerprint) {
  EXPECT_THAT(html(), HasSubstr(R"(<dd id="seal">还没有</dd>)"));
  s.seal = centre::last_seal{.number = 12, .at = noon, .day = "2026-03-14", .hash = {0x3b, 0x6a}, .key = {0x27, 0xbc}};
  EXPECT_THAT(html(), HasSubstr("第 12 次<small>密钥指纹 27bc 0000 0000 0000 0000 0000 0000 0000 · 摘要 3b6a0000"));
}

TEST_F(CentrePage, AClosedMonthSaysItsVersionAndWhatTheBooksHaveOtherwise) {
  EXPECT_THAT(html(), Not(HasSubstr("已结账")));
  s.closed.emplace();
  centre::month_closed& c = s.closed->closing.what;
  c.version = 2, c.author = "王<工>", c.at = noon, c.when = {noon - 48h, noon - 24h};
  c.nodes = {{.node = "东城区", .as_of = noon - 24h}, {.node = "西城区", .as_of = noon - 25h}};
  EXPECT_THAT(html(),
              AllOf(HasSubstr("已结账「第2版」：王&lt;工&gt; 于 2026-03-14 00:00:00 结，当时有 1 个节点的账没有到期末"),
                    HasSubstr("没有与现在的账比较")));
  s.closed->differs = 0;
  EXPECT_THAT(html(), HasSubstr("现在的账与它一致"));
  s.closed->differs = 3;
  EXPECT_THAT(html(), HasSubstr("现在的账已有 3 个数与它不同，用 changtong centre close 结第 3 版"));
  s.closed->of_nodes = true;
  EXPECT_THAT(html(), HasSubstr("按节点看的是现在的账，不是结账的数"));
}

TEST_F(CentrePage, OfAPairOneThatHadShippedTheMonthIsEnough) {
  s.nodes[0].pair = "一对";
  s.nodes[0].other = node("东城乙").head;
  s.closed.emplace();
  centre::month_closed& c = s.closed->closing.what;
  c.when = {noon - 48h, noon - 24h};
  c.nodes = {{.node = "东城区", .as_of = noon - 25h}, {.node = "东城乙", .as_of = noon - 24h}};
  EXPECT_THAT(html(), Not(HasSubstr("账没有到期末")));
  c.nodes[1].as_of = noon - 26h;
  EXPECT_THAT(html(), HasSubstr("当时有 2 个节点的账没有到期末"));
}

TEST_F(CentrePage, WhatCannotBeReadIsSaidInItsPlace) {
  s.seal = centre::last_seal{.at = noon, .day = {}, .hash = {0x3b}, .unread = {"被<改>动过", "it was changed"}};
  EXPECT_THAT(html(), AllOf(HasSubstr("封存读不出<small>被&lt;改&gt;动过"), Not(HasSubstr("第 0 次"))));
  s.closed.emplace();
  s.closed->closing.what.at = noon;
  s.closed->closing.unread = {"被<改>动过", "it was changed"};
  EXPECT_FALSE(s.shows_closing()) << "the books answer";
  EXPECT_THAT(html(), AllOf(HasSubstr("结账读不出：被&lt;改&gt;动过"), Not(HasSubstr("已结账「"))));
}

/** Or a reader could make the answers of all others. */
TEST(CentreRoutes, WhatSomebodyAsksForIsNeverMistakenForWhatIsSo) {
  const auto key_of = [](const std::string& district, std::initializer_list<std::int64_t> node) {
    web_request asked;
    asked.query.emplace("district", district);
    answer_key key("outages");
    key.add(asked);
    for (const std::int64_t part : node) key.add(part);
    return std::move(key).text();
  };
  EXPECT_EQ(key_of("东城", {1, 7}), key_of("东城", {1, 7}));
  EXPECT_NE(key_of("东城", {17}), key_of("东城", {1, 7}));
  const std::string whole = key_of("东城", {1, 7}), asked = key_of("东城", {});
  EXPECT_NE(key_of("东城" + whole.substr(asked.size()), {}), whole);
  EXPECT_NE(key_of("东城 1/7", {}), whole);
}

TEST(CentreRoutes, AnAddressThatNobodyHasIsNone) {
  const centre_file s{.zone = civil_zone::named("Asia/Shanghai").value(),
                      .listen = {},
                      .tls = {},
                      .database = {},
                      .database_password = {},
                      .readers = {{.name = "大屏", .token = secret("of who may read")}},
                      .nodes = {}};
  centre::conversations nowhere{centre::database_place{}};
  centre_page page{s, nowhere};
  const auto all = page.routes();
  const web_route& root = *std::ranges::find(all, "/", &web_route::path);
  web_request asked;
  asked.method = "GET";
  asked.headers.emplace("authorization", "Bearer of who may read");
  for (const std::string path : {"/x", "/centre/v1/xyz", "/api/v1/summary"}) {
    asked.path = path;
    for (const web_response& no : {root.answer(asked), root.keeper(asked).value_or(web_response{})}) {
      EXPECT_EQ(no.status, 404) << path;
      EXPECT_THAT(no.content_type, HasSubstr("application/json"));
      EXPECT_THAT(no.body, HasSubstr("没有这个地址"));
    }
  }
}

TEST(CentreRoutes, WithoutBrokersNothingIsLive) {
  const web_route live = no_live_route({{.name = "大屏", .token = secret("of who may read")}});
  EXPECT_EQ(live.path, "/centre/v1/live");
  web_request asked;
  EXPECT_EQ(live.answer(asked).status, 401);
  asked.headers.emplace("authorization", "Bearer of who may read");
  const web_response no = live.answer(asked);
  EXPECT_EQ(no.status, 404);
  EXPECT_THAT(no.body, AllOf(HasSubstr("没有配置 nats"), HasSubstr("no nats configured")));
}

}  // namespace
}  // namespace changtong
