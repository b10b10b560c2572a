#include "daemon/run/centre_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "daemon/books/joined_reports.h"
#include "daemon/centre/asked_books.h"
#include "daemon/centre/figures.h"
#include "daemon/centre/one_state.h"
#include "daemon/centre/own_journal.h"
#include "daemon/ledger/key.h"
#include "daemon/run/centre_closings.h"
#include "daemon/run/centre_nodes.h"
#include "daemon/run/centre_page.h"

namespace changtong {
namespace {

using centre::asked_node;

std::string known_text(const centre::folded_head& h, period when, const civil_zone& zone) {
  std::string text = h.node + " ";
  if (h.folded_to == wall_t{})
    text += h.entries == 0 ? "还没有送来账，未知" : "的账正在折算，未知";
  else
    text += h.folded_to >= when.to ? "全期" : fmt::format("至 {}", zone.format_short(h.folded_to));
  if (h.retired) text += fmt::format("，{} 停用", zone.format_short(*h.retired));
  if (h.stuck) text += fmt::format("，第 {} 条折算不了", *h.stuck);
  if (h.forked) text += "，分叉待处理";
  return text;
}

class making {
 public:
  making(centre::database& db, const centre_file& s, const centre_report_wanted& w) : db_(db), settings_(s), w_(w) {}

  result<report::availability_report> make() {
    auto scope = scope_of(db_, settings_, w_.of);
    if (!scope) return scope.error();
    scope_ = std::move(*scope);
    if (const auto done = gather(); !done) return done.error();
    places();
    if (const auto done = head(); !done) return done.error();
    if (const auto done = closings(); !done) return done.error();
    return std::move(r_);
  }

 private:
  /** Of each node what its own ledger would say, cut where it is known. */
  result<void> gather() {
    wall_t end = w_.when.when.from;
    for (const asked_node& n : scope_.nodes) end = std::max(end, centre::cut_of_node(n, w_.now));
    availability::snapshots instants({w_.when.when.from, std::clamp(end, w_.when.when.from, w_.when.when.to)}, w_.step);
    std::vector<report_of_node> all;
    for (const asked_node& n : scope_.nodes) {
      const auto books = centre::books_of(db_, n, w_.go_on);
      auto one = gather_report(*books, {.when = w_.when,
                                        .now = centre::cut_of_node(n, w_.now),
                                        .fingerprint = {},
                                        .step = w_.step,
                                        .go_on = w_.go_on,
                                        .instants = &instants});
      if (!one) return about(n.name(), one.error());
      of_nodes_.push_back(one->all);
      all.push_back({.node = n.name(), .what = std::move(*one)});
    }
    r_ = joined(std::move(all), instants);
    return {};
  }

  void places() {
    for (std::size_t i = 0; i < scope_.nodes.size(); ++i) {
      const asked_node& n = scope_.nodes[i];
      report::place_row& at = place(n, changtong::known_text(n, w_.when.when, settings_.zone));
      at.sums += of_nodes_[i].sums;
      at.targets += of_nodes_[i].lines + of_nodes_[i].sites;
    }
    for (const asked_node& n : scope_.absent) place(n, n.name() + " 还没有送来账，未知");
  }

  report::place_row& place(const asked_node& n, const std::string& known) {
    const std::string name = place_text(n);
    auto at = std::ranges::find(r_.places, name, &report::place_row::name);
    if (at == r_.places.end()) at = r_.places.insert(at, {.name = name, .sums = {}, .targets = 0, .known = {}});
    at->known += (at->known.empty() ? "" : "；") + known;
    return *at;
  }

  result<void> head() {
    report::report_head& h = r_.head;
    h.office = settings_.name;
    h.zone = settings_.zone;
    h.made_at = w_.now;
    std::vector<std::string> behind, absent;
    const period so_far{w_.when.when.from, std::min(w_.when.when.to, w_.now - std::chrono::minutes{1})};
    bool all_known = scope_.absent.empty();
    wall_t known = wall_max, newest{};
    for (const asked_node& n : scope_.nodes) {
      newest = std::max(newest, n.known_to());
      if (!n.retired() && n.known_to() != wall_t{}) known = std::min(known, n.known_to());
      all_known = all_known && is_known_to_the_end(n, w_.when.when);
      if (!is_known_to_the_end(n, so_far))  // of a running period a minute is always under way
        behind.push_back(changtong::known_text(n, w_.when.when, settings_.zone));
    }
    if (known == wall_max) known = newest;
    h.known_to = std::min(known, w_.now);
    h.complete = all_known && w_.now >= w_.when.when.to;
    if (!behind.empty())
      h.remarks.push_back(
          fmt::format("账没有送到期末（期间未完的，到现在）的节点，缺的时间未知，从不算作畅通；一条账也没有的，其专线不"
                      "在合计之内：{}。",
                      fmt::join(behind, "；")));
    for (const asked_node& n : scope_.absent) absent.push_back(n.name());
    if (!absent.empty())
      h.remarks.push_back(fmt::format("配置里有、库里还没有的节点，不在内：{}。", fmt::join(absent, "、")));
    const auto seal = centre::newest_seal(db_);
    if (!seal) return seal.error();
    h.fingerprint = *seal && (*seal)->unread.en.empty() ? ledger::short_form((*seal)->key) : std::string();
    return {};
  }

  /** What is closed is told as it was closed, but for what a closing does not tell apart. */
  result<void> closings() {
    const period when = w_.when.when;
    auto closed = closed_for(db_, w_.of, when, settings_.zone);
    if (!closed) return closed.error();
    if (*closed)
      take(**closed);
    else if (!w_.when.month)
      r_.head.remarks.push_back(fmt::format("{}没有结账：按各节点现有的账，不按各月的结账。", w_.when.name));
    if (!w_.when.month) return {};
    const std::string& token = w_.when.token;
    const int year = std::stoi(token.substr(0, 4));
    const auto year_ago = settings_.zone.parse_period(fmt::format("{:04}{}", year - 1, token.substr(4)));
    const period before = settings_.zone.around(when.from - milliseconds{1}, civil_zone::unit::month);
    if (const auto done = take(r_.against.before, before); !done) return done;
    return year_ago ? take(r_.against.year_ago, *year_ago) : result<void>{};
  }

  result<void> take(std::optional<books::earlier_period>& of, period when) {
    if (!of) return {};
    const auto closed = closed_for(db_, w_.of, when, settings_.zone);
    if (!closed) return closed.error();
    if (!*closed || !(*closed)->is_shown()) return {};
    of->sums = {};
    for (const centre::closed_row& row : (*closed)->rows) of->sums += row.sums;
    of->name += fmt::format("，结账第 {} 版", (*closed)->closing.what.version);
    return {};
  }

  void take(const closed_answer& closed) {
    std::vector<std::string>& remarks = r_.head.remarks;
    const std::string at = settings_.zone.format_short(closed.closing.what.at);
    if (!closed.is_shown()) {
      remarks.push_back(closed.of_nodes
                            ? fmt::format("{}已于 {} 结账；结账不分节点，以下按现有的账。", w_.when.name, at)
                            : fmt::format("{}已于 {} 结账，但那一条读不出（{}）：以下按现有的账。", w_.when.name, at,
                                          closed.closing.unread.cn));
      return;
    }
    availability::seconds all;
    for (report::place_row& p : r_.places) p.sums = {};
    for (const centre::closed_row& row : closed.rows) {
      all += row.sums;
      asked_node where;
      std::tie(where.province, where.city, where.district) = std::tie(row.province, row.city, row.district);
      const std::string name = place_text(where);
      auto place = std::ranges::find(r_.places, name, &report::place_row::name);
      if (place == r_.places.end())
        place = r_.places.insert(place, {.name = name, .sums = {}, .targets = 0, .known = "现在的配置里没有"});
      place->sums += row.sums;
    }
    r_.all.sums = all;
    r_.all.r1 = availability::r1({{.id = {}, .sums = all}});
    r_.categories.clear();
    constexpr std::array by{centre::grouping::category};
    for (centre::figure_row& row : centre::grouped(closed.rows, by)) r_.categories.push_back(std::move(row.what));
    const auto now = centre::figures(db_, scope_.nodes,
                                     {.when = w_.when.when,
                                      .now = w_.now,
                                      .zone = settings_.zone,
                                      .by = {centre::closed_by.begin(), centre::closed_by.end()},
                                      .still_wanted = w_.go_on});
    const std::size_t others = differing(closed, now);
    remarks.push_back(fmt::format(
        "{}已结账：第 {} 版，{}，{}。合计、各区县、类别的时长和畅通率（合计的即 R1）是结账时的数；R2、R3、R4，"
        "线路、网站的个数，线路、乡镇、运营商、逐日和各清单按现有的账，{}。",
        w_.when.name, closed.closing.what.version, at, closed.closing.what.author,
        others == 0 ? std::string("与结账相同")
                    : fmt::format("与结账有 {} 处不同（changtong centre close 可另结一版）", others)));
  }

  centre::database& db_;
  const centre_file& settings_;
  const centre_report_wanted& w_;
  centre_scope scope_;
  std::vector<report::overall_figures> of_nodes_;
  report::availability_report r_;
};

}  // namespace

result<centre_scope> scope_of(centre::database& db, const centre_file& s, const web_request& asked) {
  auto heads = centre::folded_heads(db);
  if (!heads) return heads.error();
  centre_scope out;
  std::vector<centre_node> absent;
  std::vector<centre::folded_head> unknown;
  for (const centre_node& n : s.nodes)
    if (std::ranges::find(*heads, n.name, &centre::folded_head::node) == heads->end()) {
      absent.push_back(n);
      unknown.emplace_back().node = n.name;
    }
  out.absent = nodes_asked_for(absent, asked, std::move(unknown));
  out.nodes = nodes_asked_for(s.nodes, asked, std::move(*heads));
  std::erase_if(out.absent, [&](const asked_node& n) {  // the other one of the pair is there
    return !n.pair.empty() && std::ranges::find(out.nodes, n.pair, &asked_node::pair) != out.nodes.end();
  });
  if (out.nodes.empty() && out.absent.empty())
    return said({"没有这样的节点或地方：名称应与中心配置 nodes 里的相同（一对的写 pair 的名称）",
                 "no such node or place: the names are those of the centre's nodes (of a pair its own)"},
                problem_class::usage);
  if (out.nodes.empty())
    return said(both("库里还没有这些节点（{} 等）。先启动中心，等它们送来账",
                     "the database has none of these nodes yet ({} …)", out.absent.front().name()));
  return out;
}

std::string known_text(const asked_node& n, period when, const civil_zone& zone) {
  std::vector<std::string> all;
  for (const centre::folded_head* h : n.heads()) all.push_back(known_text(*h, when, zone));
  std::string text = fmt::format("{}", fmt::join(all, "，"));
  if (!n.pair.empty()) text = fmt::format("{}（{}）", n.pair, text);
  return text;
}

bool is_known_to_the_end(const asked_node& n, period when) {
  const auto retired = n.retired();
  if (retired && n.known_to() == wall_t{}) return true;
  return n.known_to() >= (retired ? std::min(*retired, when.to) : when.to);
}

result<report::availability_report> centre_report(centre::database& db, const centre_file& s,
                                                  const centre_report_wanted& w) {
  const centre::one_state held(db);
  return making(db, s, w).make();
}

}  // namespace changtong
