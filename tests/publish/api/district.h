#pragma once
/** A small district at 14 March 2026, 10:00 in Shanghai, with a board and books that agree. */
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "daemon/core/board.h"
#include "daemon/core/tallies.h"
#include "daemon/publish/api/api.h"
#include "daemon/recent/figures.h"
#include "tests/named_target.h"
#include "tests/publish/api/fake_ledger.h"

namespace changtong::api {

inline wall_t at(const std::string& text) {
  return civil_zone::named("Asia/Shanghai").value().parse(text).value().from;
}

struct district {
  district() {
    inv->categories = {{"township", "乡镇街"}, {"village", "村/社区"}, {"website", "网站"}};
    books->categories = {{"township", "乡镇街"}, {"village", "村/社区"}, {"website", "网站"}};
    books->first = at("2026-03-01");
    books->heartbeat = now - milliseconds{800};
    tallies.heartbeat_ms = ms_of(books->heartbeat);
    add("T01", "城关镇", "township", "城关镇", "电信");
    add("T02", "东河镇", "township", "东河镇", "移动");
    add("V001", "城关镇<北街>社区", "village", "城关镇", "电信").parent = "T01";
    add("V002", "东河镇\"南湾\"村", "village", "东河镇", "移动").parent = "T02";
    auto& site = add("portal", "区政府门户网站", "website", "", "");
    site.kind = target_kind::site;
    site.url = "https://www.example.gov.cn/";
    books->targets.back().first.kind = "site";
    auto& anchor = add("anchor-1", "锚点", "", "", "");
    anchor.kind = target_kind::anchor;
    books->targets.pop_back();  // anchors are never in the books
  }

  target& add(const std::string& id, const std::string& name, const std::string& category, const std::string& town,
              const std::string& carrier) {
    target t = named_target(id, name, category, town, carrier);
    t.unit = name + "单位";
    t.circuit = "CT-" + id;
    t.addresses = {*parse_address("127.1.0.1")};
    t.first_check = static_cast<std::uint32_t>(inv->checks.size());
    t.check_count = 1;
    check c;
    c.id = id + "/snmp";
    c.spec = "snmp:credential=public";
    c.kind = 1;
    c.target = static_cast<target_index>(inv->targets.size());
    inv->checks.push_back(c);
    inv->add(t);
    ledger::known_target known;
    known.id = id;
    known.kind = "line";
    known.name = name;
    known.category = category;
    known.town = town;
    known.carrier = carrier;
    availability::target_history h;
    h.target = id;
    h.scope = {books->first, wall_max};
    h.spans = {{{books->first, books->heartbeat}, line_state::up, cause::none}};
    books->targets.emplace_back(known, h);
    return inv->targets.back();
  }

  /** After the last add(). */
  void publish() {
    view = std::make_shared<board>(inv);
    for (auto& v : view->lines) {
      v.state = line_state::up;
      v.why = cause::none;
      v.since_ms = ms_of(books->first);
      v.last_sample_ms = ms_of(now) - 300;
      v.rtt_seconds = 0.00425F;
      v.loss_ratio = 0;
    }
    boards.set(view);
  }

  /** Down since `began`, on the board and in the books. */
  void cut(const std::string& id, wall_t began, cause why, cause found = cause::none,
           const std::string& upstream = {}) {
    line_view& v = view->lines[inv->index_of(id)];
    v.state = line_state::down;
    v.why = why;
    v.since_ms = ms_of(began);
    v.outage_open = true;
    v.outage_began_ms = ms_of(began);
    v.outage_why = why;
    v.loss_ratio = 1;
    availability::outage o;
    o.target = id;
    o.began = began;
    o.confirmed = began + milliseconds{750};
    o.began_edge = {began - milliseconds{1000}, began};
    o.why = why;
    o.found = found;
    o.upstream = upstream;
    o.decided_by = id + "/snmp";
    books->outages.push_back(o);
    for (auto& [known, h] : books->targets) {
      if (known.id != id) continue;
      h.spans.back().when.to = began;
      h.spans.push_back({{began, books->heartbeat}, line_state::down, why});
      h.outages.push_back(o);
    }
  }

  /** Another node has seen the same. Before start(). */
  void pair() {
    merged = [this]() -> result<merged_view> {
      return merged_view{.books = std::make_unique<fake_reader>(books), .observers = {"甲机", "乙机"}, .shown = {}};
    };
  }
  std::function<result<merged_view>()> merged{};  ///< of a pair
  peer_tallies peer;

  [[nodiscard]] sources all_sources() {
    sources s;
    s.boards = &boards;
    s.tallies = &tallies;
    s.door = &door;
    s.open_ledger = [this]() -> result<std::unique_ptr<ledger::reader>> {
      ++opened;
      if (no_ledger) return problem{"no such file"};
      return std::unique_ptr<ledger::reader>(std::make_unique<fake_reader>(books));
    };
    if (merged) {
      s.open_merged = [of = merged](const std::function<void()>& step) {
        step();
        return of();
      };
      s.peer = &peer;
    }
    s.now = [this] { return now; };
    s.zone = [this] { return books->zone; };
    s.token = [this] { return secret(token); };
    s.people = [this] { return people; };
    s.evaluation = [this] { return evaluation; };
    s.ledger_remarks = [this] { return remarks; };
    s.reload = [this](std::string_view author) -> result<phrase> {
      reloaded_by = author;
      if (!reload_problem.empty()) return problem{"不认识的键", "changtong.yaml", 3, 7, reload_problem};
      return phrase{"新增专线 V009", "line V009 added"};
    };
    s.own = [this] { return own; };
    s.try_channel = [this](const std::string& channel, const std::string& by) {
      tried.push_back(by + " " + channel);
      return trial;
    };
    s.make = [this](const std::string& name) {
      files.push_back(name);
      return file;
    };
    s.map = [this] { return drawn; };
    s.recent = [this](std::string_view id) {
      const auto found = kept.find(std::string(id));
      return found == kept.end() ? std::nullopt : std::optional(found->second);
    };
    s.entrance = entrance;
    s.proxy_names_users = proxy_names_users;
    s.inventory = desk;
    s.kinds = {"icmp", "snmp"};
    s.version = "0.1.0";
    s.started = at("2026-03-13T18:00:00+08:00");
    return s;
  }

  wall_t now = at("2026-03-14T10:00:00+08:00");
  std::shared_ptr<inventory> inv = std::make_shared<inventory>();
  std::shared_ptr<fake_books> books = std::make_shared<fake_books>();
  std::shared_ptr<board> view;
  board_holder boards;
  daemon_tallies tallies;
  door_tallies door;
  std::string token = "correct horse";
  std::vector<person> people;
  std::string reloaded_by, reload_problem;
  std::shared_ptr<const evaluate::evaluation> evaluation;
  std::vector<reason> remarks;
  std::function<bool()> proxy_names_users;
  own_view own;
  trial_start trial;
  std::vector<std::string> tried, files;
  std::string drawn;                                  ///< the map
  std::map<std::string, recent::recent_target> kept;  ///< recent figures, by target
  made_file file{.type = "text/csv; charset=utf-8", .bytes = "a,b\r\n"};
  accounts::entrance* entrance = nullptr;
  lines::desk* desk = nullptr;
  std::atomic<int> opened{0};
  bool no_ledger = false;
};

}  // namespace changtong::api
