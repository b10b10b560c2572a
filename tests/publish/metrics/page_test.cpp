#include "daemon/publish/metrics/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <fstream>
#include <set>
#include <sstream>

#include "daemon/publish/metrics/names.h"
#include "daemon/publish/metrics/own.h"
#include "daemon/publish/metrics/text.h"

namespace changtong::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

target line(std::string id, std::string name, std::string category, std::string carrier, std::string town) {
  target t;
  t.id = std::move(id);
  t.name = std::move(name);
  t.category = std::move(category);
  t.carrier = std::move(carrier);
  t.town = std::move(town);
  return t;
}

/** Two lines, a site and an anchor, with names that need care. */
std::shared_ptr<inventory> small_inventory() {
  auto inv = std::make_shared<inventory>();
  inv->categories = {{"township", "乡镇街"}, {"village", "村/社区"}, {"website", "网站"}};
  inv->targets.push_back(line("T01", "城关镇\"主线\"", "township", "电信", "城关镇"));
  inv->targets.back().unit = "城关镇人民政府";
  inv->targets.back().circuit = "CT-0001";
  inv->targets.back().grade = "A";
  inv->targets.back().addresses = {*parse_address("127.1.0.1")};
  inv->targets.push_back(line("V001", "back\\slash\nnewline\xff\x01", "village", "移动", "城关镇"));
  inv->targets.back().parent = "T01";
  inv->targets.push_back(line("portal", "区政府门户网站", "website", "", ""));
  inv->targets.back().kind = target_kind::site;
  inv->targets.back().url = "https://www.example.gov.cn/";
  inv->targets.push_back(line("anchor-1", "", "", "", ""));
  inv->targets.back().kind = target_kind::anchor;
  return inv;
}

struct PageTest : testing::Test {
  PageTest() {
    auto b = std::make_shared<board>(small_inventory());
    b->lines[0].state = line_state::up;
    b->lines[0].degraded = true;
    b->lines[0].rtt_seconds = 0.00425F;
    b->lines[0].loss_ratio = 0.0625F;
    b->lines[1].state = line_state::down;
    b->lines[1].flapping = true;
    b->lines[1].loss_ratio = 1;
    b->interfaces = std::vector<interface_view>(2);
    b->interfaces[0].target = 0;
    b->interfaces[0].if_index = 2;
    b->interfaces[0].in_octets = 9007199254740993;
    b->interfaces[0].out_octets = 0;
    b->interfaces[0].oper_status = 1;
    b->interfaces[1].target = 1;  // not read yet: no sample
    b->interfaces[1].if_index = 7;
    b->sites = std::vector<site_view>(1);
    b->sites[0].target = 2;
    b->sites[0].open_seconds = 0.5F;
    b->sites[0].http_status = 200;
    b->sites[0].certificate_expiry_s = 1790000000;
    boards.set(b);
    now = b;
    from.boards = &boards;
    from.counters = &counters;
    from.kinds = {"icmp", "snmp"};
    from.version = "0.1.0";
  }
  [[nodiscard]] static std::string read(const web_response& response) {
    std::string all;
    std::string chunk;
    for (bool more = true; more; all += chunk) {
      chunk.clear();
      more = response.stream(chunk);
    }
    return all;
  }
  [[nodiscard]] std::string text() const { return read(page(from).answer()); }
  /** What the lines and sites say, without the daemon's own part before it. */
  [[nodiscard]] std::string lines_text() const {
    const std::string all = text();
    return all.substr(all.find("# HELP changtong_line_info"));
  }

  board_holder boards;
  daemon_counters counters;
  std::shared_ptr<board> now;
  page_sources from;
};

std::string file_text(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

constexpr const char* expected_lines = CHANGTONG_SOURCE_DIR "/tests/publish/metrics/small_board.txt";
constexpr const char* expected_own = CHANGTONG_SOURCE_DIR "/tests/publish/metrics/own.txt";

TEST_F(PageTest, ASmallBoardIsWrittenExactlySo) {
  auto today = std::make_shared<day_ratios>();
  today->of = now->districts;
  today->by_target.resize(4);
  today->by_target[0] = {1.0, 0.99998, 0.99998};
  today->by_target[2] = {0.995, 0.5, 0.502};
  from.today = [today] { return today; };
  EXPECT_EQ(lines_text(), file_text(expected_lines));
}

TEST_F(PageTest, TheDaemonsOwnMetricsAreWrittenExactlySo) {
  counters.samples[0][0] = 12;
  counters.samples[1][2] = 3;
  counters.late_slots = 1;
  counters.heartbeat_ms = 1773417600500;
  counters.lateness_seconds.observe(0.004);
  counters.lateness_seconds.observe(0.011);
  counters.lateness_seconds.observe(99);
  counters.commit_seconds.observe(0.003);
  counters.config_time_s = 1773417000;
  from.ignored = [] { return std::vector<ignored_row>{{"icmp", "wrong_cookie", 4}, {"snmp", "malformed", 2}}; };
  EXPECT_EQ(own_metrics(from, {1.25, 4096, 17}), file_text(expected_own));
}

TEST_F(PageTest, RatiosOfAnotherInventoryAreLeftOut) {
  auto stale = std::make_shared<day_ratios>();
  stale->of = small_inventory();
  stale->by_target.assign(1, {1.0, 1.0, 1.0});
  from.today = [stale] { return stale; };
  EXPECT_THAT(text(), Not(HasSubstr("window=")));
}

TEST_F(PageTest, BeforeTheFirstBoardOnlyTheDaemonSpeaks) {
  boards.set(nullptr);
  EXPECT_THAT(text(), HasSubstr("changtong_build_info{version=\"0.1.0\"} 1"));
  EXPECT_THAT(text(), Not(HasSubstr("changtong_line")));
}

TEST_F(PageTest, AScrapeUnderWayOutlivesAReload) {
  const auto response = page(from).answer();
  boards.set(std::make_shared<board>(std::make_shared<inventory>()));
  now.reset();
  EXPECT_THAT(read(response), HasSubstr("line=\"V001\""));
}

TEST_F(PageTest, EveryDeclaredMetricCanAppearAndNoOther) {
  from.ignored = [] { return std::vector<ignored_row>{{"icmp", "late", 1}}; };
  counters.heartbeat_ms = 1;
  counters.ledger_verified_s = 1;
  counters.ledger_verified_ok = 1;
  counters.sealed_until_ms = 1;
  counters.config_time_s = 1;
  std::set<std::string> declared;
  for (const metric& m : all_metrics) declared.insert(std::string(m.name));
  std::set<std::string> seen;
  std::istringstream in(text());
  for (std::string l; std::getline(in, l);) {
    if (l.starts_with("# TYPE ")) seen.insert(l.substr(7, l.find(' ', 7) - 7));
  }
  EXPECT_EQ(seen, declared);
}

TEST_F(PageTest, PassesPromtool) {
  if (std::system("command -v promtool >/dev/null") != 0) GTEST_SKIP() << "promtool is not installed";
  const std::string path = testing::TempDir() + "/changtong_metrics_" + std::to_string(::getpid()) + ".txt";
  std::ofstream(path) << text();
  EXPECT_EQ(std::system(("promtool check metrics < " + path).c_str()), 0);
}

TEST(MetricText, LabelsAreEscaped) {
  std::string out;
  append_label(out, '{', "name",
               "a\"b\\c\nd\te\xc3\x28"
               "畅\xed\xa0\x80");
  EXPECT_EQ(out,
            "{name=\"a\\\"b\\\\c\\nd\xef\xbf\xbd"
            "e\xef\xbf\xbd(畅\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(MetricText, HelpIsEscaped) { EXPECT_EQ(escaped_help("a\nb\\c"), "a\\nb\\\\c"); }

TEST(MetricText, NumbersAreShortAndExact) {
  std::string out;
  for (const double v : {0.1, 1.0, 1e300, 1.0 / 3}) append_number(out += ' ', v);
  append_number(out += ' ', 0.00425F);
  append_number(out += ' ', std::numeric_limits<double>::quiet_NaN());
  append_number(out += ' ', -std::numeric_limits<double>::infinity());
  EXPECT_EQ(out, " 0.1 1 1e+300 0.3333333333333333 0.00425 NaN -Inf");
}

/** Prints what a scrape of 100,000 lines costs; the bound here is only a guard against something quadratic. */
TEST(MetricCost, AHundredThousandLines) {
  auto inv = std::make_shared<inventory>();
  for (int i = 0; i < 100'000; ++i) {
    inv->targets.push_back(
        line("V" + std::to_string(i), "某某村村民委员会" + std::to_string(i), "village", "中国电信", "城关镇"));
    inv->targets.back().unit = "某某村";
    inv->targets.back().circuit = "CT-" + std::to_string(i);
  }
  auto b = std::make_shared<board>(inv);
  for (auto& v : b->lines) {
    v.state = line_state::up;
    v.rtt_seconds = 0.0123456F;
    v.loss_ratio = 0.015625F;
  }
  auto today = std::make_shared<day_ratios>();
  today->of = inv;
  today->by_target.assign(inv->targets.size(), {0.99987, 0.99971, 0.9998});
  board_holder boards;
  boards.set(b);
  const daemon_counters counters;
  const page p({&boards, &counters, {"icmp"}, "0.1.0", {}, [today] { return today; }});
  for (const char* round : {"first", "again"}) {
    const std::clock_t before = std::clock();
    const std::string text = PageTest::read(p.answer());
    const double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    const auto series = std::count(text.begin(), text.end(), '\n');
    std::printf("%s: %ld samples, %.1f MB, %.3f s CPU\n", round, series, static_cast<double>(text.size()) / 1e6,
                seconds);
    EXPECT_LT(seconds, 5);
  }
}

}  // namespace
}  // namespace changtong::metrics
