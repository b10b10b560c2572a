#pragma once
/** A page over two lines, a site and an anchor, for tests that compare what it says with files beside it. */
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "daemon/publish/metrics/page.h"
#include "daemon/publish/metrics/period_books.h"
#include "tests/publish/roomy_views.h"

namespace changtong::metrics {

inline target line(std::string id, std::string name, std::string category, std::string carrier, std::string town) {
  target t;
  t.id = std::move(id);
  t.name = std::move(name);
  t.category = std::move(category);
  t.carrier = std::move(carrier);
  t.town = std::move(town);
  return t;
}

/** Two lines, a site and an anchor, with names that need care. */
inline std::shared_ptr<inventory> small_inventory() {
  auto inv = std::make_shared<inventory>();
  inv->categories = {{"township", "乡镇街"}, {"village", "村/社区"}, {"website", "网站"}};
  inv->targets.push_back(line("T01", "城关镇\"主线\"", "township", "电信", "城关镇"));
  inv->targets.back().unit = "城关镇人民政府";
  inv->targets.back().circuit = "CT-0001";
  inv->targets.back().grade = "A";
  inv->targets.back().bandwidth_mbps = 100;
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
    b->lines[0].since_ms = 1773417600500;
    b->lines[1].state = line_state::down;
    b->lines[1].why = cause::upstream;
    b->lines[1].outage_open = true;
    b->lines[1].outage_began_ms = 1773417500250;
    b->lines[1].outage_why = cause::upstream;
    b->lines[1].outages = 3;
    b->lines[1].flapping = true;
    b->lines[1].loss_ratio = 1;
    b->facts = test::roomy_views(3);
    b->facts[0].target = 0;
    b->facts[0].index = 2;
    brought(*b, 0, fact_name::interface_in_octets, 9007199254740993);
    brought(*b, 0, fact_name::interface_out_octets, 0);
    brought(*b, 0, fact_name::interface_oper_status, 1);
    b->facts[1].target = 1;  // not read yet: no sample
    b->facts[1].index = 7;
    b->facts[2].target = 2;
    brought(*b, 2, fact_name::http_status, 200);
    brought(*b, 2, fact_name::certificate_expiry_seconds, 1790000000);
    brought(*b, 2, fact_name::connect_nanoseconds, 250'000'000);
    b->sites = std::vector<site_view>(1);
    b->sites[0].target = 2;
    b->sites[0].open_seconds = 0.5F;
    b->sites[0].visits_good = 20;
    b->sites[0].visits_failed = 1;
    b->lines[2].state = line_state::down;  // its outage went over into unknown time
    b->lines[2].undecided = true;
    b->lines[2].outage_open = true;
    b->lines[2].outage_began_ms = 1773417000000;
    b->lines[2].outage_why = cause::timeout;
    b->lines[3].answers = 1;
    boards.set(b);
    now = b;
    from.boards = &boards;
    from.tallies = &tallies;
    from.kinds = {"icmp", "snmp"};
    from.version = "0.1.0";
    from.door = &door;
  }
  /** A line, one of its interfaces and the site have every fact that there is of them. */
  static void bring_everything(board& b, std::int64_t value) {
    b.facts = test::roomy_views(3);
    const std::array places{std::pair{target_index{0}, 0U}, std::pair{target_index{0}, 2U},
                            std::pair{target_index{2}, 0U}};
    for (std::size_t k = 0; k < places.size(); ++k) {
      std::tie(b.facts[k].target, b.facts[k].index) = places[k];
      for (const fact_row& row : fact_table)
        if (row.of == b.whose(places[k].first, places[k].second)) brought(b, k, row.name, value);
    }
  }
  static void brought(board& b, std::size_t view, fact_name what, std::int64_t value) {
    b.facts[view].set(what, value);
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
  [[nodiscard]] web_response ask(std::multimap<std::string, std::string> query = {},
                                 std::multimap<std::string, std::string> headers = {}) const {
    return page(from).answer({"GET", "/metrics", std::move(query), std::move(headers), {}});
  }
  [[nodiscard]] std::string text(std::multimap<std::string, std::string> query = {}) const {
    return read(ask(std::move(query)));
  }
  /** Line T01 and the site have figures; V001 has no scope. A group and a contract. */
  void keep_books() {
    auto books = std::make_shared<period_books>();
    const double none = std::numeric_limits<double>::quiet_NaN();
    books->cut = wall_from_ms(1773417600500);
    books->of = now->districts;
    const target_figures nobody{none, none, none, none, -1};
    books->by_target.assign(4, {nobody, nobody, nobody});
    books->by_target[0] = {{{1.0, 0.99998, 0.99998, 0, 0}, {0.9995, 0.9994, 0.9999, 61.5, 2}, nobody}};
    books->by_target[2] = {{{0.995, 0.5, 0.502, 12, 1}, nobody, nobody}};
    availability::seconds sums;
    sums.up = milliseconds{9'000};
    sums.down = milliseconds{1'000};
    sums.unknown = milliseconds{10'000};
    sums.outages = 1;
    sums.scope = period{wall_from_ms(0), wall_from_ms(20'000)};
    books->groups.push_back({"town", "城关镇", "城关镇", {sums, {}, {}}});
    contract c;
    c.id = "ct-1";
    c.carrier = "电信";
    c.availability_target = share{999, 1000};
    c.source = "合同 \"甲\"";
    books->contracts.push_back({c, sums, milliseconds{2'678'400}, {0, 0, 0, 1, 2}});
    from.books = [books] { return books; };
  }
  /** What the lines and sites say, without the daemon's own part before it. */
  [[nodiscard]] std::string lines_text() const {
    const std::string all = text();
    return all.substr(all.find("# HELP changtong_line_info"));
  }

  board_holder boards;
  daemon_tallies tallies;
  door_tallies door;
  std::shared_ptr<board> now;
  page_sources from;
};

inline std::string file_text(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace changtong::metrics
