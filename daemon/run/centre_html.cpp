// The centre's page as text. What a node does not know is said to be unknown; colour is never alone.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>

#include "daemon/centre/newest_states.h"
#include "daemon/core/html.h"
#include "daemon/host/digest.h"
#include "daemon/publish/api/summary.h"
#include "daemon/run/centre_page.h"

namespace changtong {
namespace {

/** Whether what its books say last is how its lines stand now: of a pair one of the two is enough. */
bool is_known(const centre::asked_node& n, wall_t now) {
  const auto heads = n.heads();
  return std::ranges::any_of(heads, [&](const centre::folded_head* h) {
    return (h == &n.head || !n.apart()) && h->entries > 0 && !h->retired && !h->forked && !h->stuck &&
           centre::is_heard(*h, now);
  });
}

/** How a node stands, in a word; the sentence says what to do. */
struct standing {
  std::string_view state, sign, word;
  std::string sentence{};
};
standing standing_of(const centre::asked_node& n, const centre::folded_head& h, wall_t now) {
  if (h.retired) return {"unknown", "—", "已停用"};
  if (h.forked) return {"down", "✕", "已分叉", "恢复过备份或清空过账本，查明后用 changtong centre branch 另起分支"};
  if (h.entries == 0) return {"unknown", "?", "没有送过账"};
  if (h.stuck) return {"down", "✕", "折算停住", fmt::format("第 {} 条：{}", *h.stuck, h.why.cn)};
  if (&h != &n.head && n.apart())
    return {"down", "✕", "时钟不合", fmt::format("与 {} 的时钟相差超过 1 秒，它的账不计，请校时", n.head.node)};
  if (h.folded < h.entries) return {"degraded", "▲", "折算中"};
  if (!centre::is_heard(h, now))
    return {"degraded", "▲", "落后", is_known(n, now) ? "此后只有另一台的账" : "此后的账还在节点上，现状未知"};
  return {"up", "✓", "正常"};
}

std::string node_row(const centre::asked_node& n, const centre::folded_head& h, wall_t now, const civil_zone& zone) {
  const standing s = standing_of(n, h, now);
  const bool known = h.folded_to != wall_t{};
  return fmt::format(
      R"(<tr><th scope="row">{}{}</th><td data-label="区县">{}</td><td data-label="账到" class="time">{}</td>)"
      R"(<td data-label="落后" class="time">{}</td><td data-label="条目">{}</td>)"
      R"(<td class="{}"><span class="sign" aria-hidden="true">{}</span> {}<small> {}</small></td></tr>)",
      html_text(h.node), n.pair.empty() ? "" : fmt::format("<small>一对 {}</small>", html_text(n.pair)),
      html_text(n.district), known ? zone.format_short(h.folded_to) : "—",
      known && !h.retired ? api::duration_text(std::max(milliseconds{0}, now - h.folded_to)) : "—", h.entries, s.state,
      s.sign, s.word, html_text(s.sentence));
}

void add_part(std::string& place, const std::string& part) {
  if (!part.empty()) place += (place.empty() ? "" : " · ") + part;
}

/** The rest of the path of a row of `district`, or of `district,category`. */
std::string place_of(const centre::figure_row& row) {
  std::string out;
  for (const auto& [member, value] : row.of)
    if (member != "category") add_part(out, value);
  return out;
}

std::string ratio(const centre::figure_row* row) {
  return row == nullptr ? "—" : html_text(availability::chinese_ratio(row->what.sums));
}

std::string figures_table(const centre_sight& s) {
  std::vector<std::pair<std::string, std::string>> categories;  // key, name; in the order of the rows
  std::map<std::pair<std::string, std::string>, const centre::figure_row*> cells;
  for (const centre::figure_row& row : s.categories) {
    if (std::ranges::find(categories, row.what.key, &std::pair<std::string, std::string>::first) == categories.end())
      categories.emplace_back(row.what.key, row.what.title.empty() ? "（未填写）" : row.what.title);
    cells[{place_of(row), row.what.key}] = &row;
  }
  std::string out = R"(<table><thead><tr><th>区县</th><th>全部</th>)";
  for (const auto& [key, name] : categories) out += fmt::format("<th>{}</th>", html_text(name));
  out += "</tr></thead><tbody>";
  for (const centre::figure_row& row : s.districts) {
    const std::string place = place_of(row);
    out += fmt::format(R"(<tr><th scope="row">{}</th><td data-label="全部">{}</td>)", html_text(place), ratio(&row));
    for (const auto& [key, name] : categories) {
      const auto at = cells.find({place, key});
      out += fmt::format(R"(<td data-label="{}">{}</td>)", html_text(name),
                         ratio(at == cells.end() ? nullptr : at->second));
    }
    out += "</tr>";
  }
  for (const std::string& place : s.shows_closing() ? std::set<std::string>() : s.unfinished)
    out += fmt::format(
        R"(<tr><th scope="row">{}</th><td data-label="全部" colspan="{}"><span class="sign" aria-hidden="true">?</span> 尚未算出</td></tr>)",
        html_text(place), 1 + categories.size());
  return out + "</tbody></table>";
}

std::string cause_text(const availability::outage& o) {
  std::string out(chinese(o.why));
  if (o.found != cause::none) out += " · " + std::string(chinese(o.found));
  return out;
}

/** Of those that still ship. */
std::int64_t unknown_nodes(const centre_sight& s) {
  return std::ranges::count_if(s.nodes,
                               [&](const centre::asked_node& n) { return !n.retired() && !is_known(n, s.now); });
}

struct known_outage {
  const outage_of_node* what = nullptr;
  wall_t down_to{};
  bool now = false;
};
known_outage known_of(const centre_sight& s, const outage_of_node& o) {
  const auto [down_to, now] = reach_of(o, s.nodes, s.now);
  return {.what = &o, .down_to = down_to, .now = now};
}

/** Those that are known to be so now, as the metrics count them, or the others. */
std::vector<known_outage> open_outages(const centre_sight& s, bool now) {
  std::vector<known_outage> out;
  for (const outage_of_node& o : s.open.list)
    if (const known_outage k = known_of(s, o); k.now == now) out.push_back(k);
  return out;
}

std::string how_many_open(const centre_sight& s) {
  const std::size_t known = open_outages(s, true).size();
  const bool not_all = s.open.cut || !s.unfinished.empty();
  if (known > 0) return fmt::format(R"(<span class="count">{}{}</span>)", known, not_all ? " 条以上" : "");
  const bool is_none = unknown_nodes(s) == 0 && !s.nodes.empty() && !not_all && s.open.list.empty();
  return fmt::format(R"(<span class="count zero">{}</span>)", is_none ? "0" : "未知");
}

/** Time that nobody observed is no part of how long it has lasted. */
std::string lasted(const centre_sight& s, const known_outage& o, const civil_zone& zone) {
  const wall_t until = o.now ? s.now : o.down_to;
  std::string out = api::duration_text(std::max(milliseconds{0}, until - o.what->what.what.began));
  if (!o.now) out += fmt::format("<small>账到 {} 时断，现状未知</small>", zone.format_short(o.down_to));
  return out;
}

std::string outage_rows(const centre_sight& s, const std::vector<known_outage>& open, const civil_zone& zone) {
  if (open.empty()) return {};
  std::string out =
      R"(<table class="outages"><thead><tr><th>节点</th><th>名称</th><th>乡镇</th><th>运营商</th><th>开始</th><th>历时</th><th>原因</th></tr></thead><tbody>)";
  for (std::size_t i = 0; i < std::min(open.size(), s.most_shown); ++i) {
    const books::listed_outage& o = open[i].what->what;
    out += fmt::format(
        R"(<tr><td data-label="节点">{}</td><th scope="row">{}<small>{}</small></th><td data-label="乡镇">{}</td>)"
        R"(<td data-label="运营商">{}</td><td data-label="开始" class="time">{}</td>)"
        R"(<td data-label="历时" class="time long">{}</td><td data-label="原因">{}</td></tr>)",
        html_text(open[i].what->node), html_text(o.name), html_text(o.what.target), html_text(o.town),
        html_text(o.carrier), zone.format_short(o.what.began), lasted(s, open[i], zone), html_text(cause_text(o.what)));
  }
  out += "</tbody></table>";
  if (open.size() > s.most_shown)
    out +=
        fmt::format(R"(<p class="more">另有 {} 条{}未列出</p>)", open.size() - s.most_shown, s.open.cut ? "以上" : "");
  return out;
}

std::string outages_table(const centre_sight& s, const civil_zone& zone) {
  std::string out;
  if (const std::int64_t n = unknown_nodes(s); n > 0)
    out = fmt::format(R"(<p id="unknown"><span class="sign" aria-hidden="true">?</span> 有 {} 个节点此刻未知</p>)", n);
  else if (s.nodes.empty())
    out = R"(<p id="unknown">没有这样的节点</p>)";
  else if (s.open.list.empty() && !s.open.cut && s.unfinished.empty())
    out = R"(<p id="calm">✓ 各节点的账里没有未恢复的中断</p>)";
  if (!s.unfinished.empty())
    out += fmt::format(
        R"(<p id="unfinished"><span class="sign" aria-hidden="true">?</span> 有 {} 个区县尚未算出，其中断未列出</p>)",
        s.unfinished.size());
  out += outage_rows(s, open_outages(s, true), zone);
  const auto others = open_outages(s, false);
  if (!others.empty())
    out += fmt::format(
        R"(<p id="before"><span class="sign" aria-hidden="true">?</span> 另有 {} 条{}：账到时未恢复，现状未知，不计入上面的数</p>)",
        others.size(), s.open.cut ? "以上" : "");
  return out + outage_rows(s, others, zone);
}

std::string targets_of(const window_story& w) {
  if (w.targets == std::vector<std::string>{std::string(every_target)}) return "全部";
  if (w.targets.size() == 1) return w.targets.front();
  return fmt::format("{} 等 {} 个", w.targets.empty() ? std::string() : w.targets.front(), w.targets.size());
}

/** Nothing where none waits: most days. */
std::string waiting_text(const centre_sight& s, const civil_zone& zone) {
  std::string unknown;
  for (const std::string& district : s.windows_unknown)
    unknown += fmt::format(R"(<p><span class="sign" aria-hidden="true">?</span> {}：待批停机窗口尚未读完</p>)",
                           html_text(district));
  if (s.waiting.empty())
    return unknown.empty() ? unknown : R"(<section id="waiting"><h2>待批停机窗口</h2>)" + unknown + "</section>\n";
  std::string out = fmt::format(
      R"(<section id="waiting"><h2>待批停机窗口 <span class="count">{}</span></h2>{}<table><thead><tr><th>节点</th><th>编号</th><th>对象</th><th>起</th><th>止</th><th>申请人</th><th>事由</th></tr></thead><tbody>)",
      s.waiting.size(), unknown);
  for (const waiting_window& w : s.waiting | std::views::take(s.most_shown))
    out += fmt::format(
        R"(<tr><td data-label="节点">{}</td><th scope="row">{}{}</th><td data-label="对象">{}</td><td data-label="起" class="time">{}</td><td data-label="止" class="time">{}</td><td data-label="申请人">{}</td><td data-label="事由">{}</td></tr>)",
        html_text(w.node), html_text(w.story.id), w.story.late ? "<small>▲ 已过开始时间</small>" : "",
        html_text(targets_of(w.story)), zone.format_short(w.story.when.from), zone.format_short(w.story.when.to),
        html_text(w.story.revised_by.empty() ? w.story.requested_by : w.story.revised_by), html_text(w.story.text));
  out += "</tbody></table>";
  if (s.waiting.size() > s.most_shown)
    out += fmt::format(R"(<p class="more">另有 {} 个未列出</p>)", s.waiting.size() - s.most_shown);
  return out + "<p>按各节点送到的账；节点上或中心（changtong centre approve、refuse）批准之前不剔除。</p></section>\n";
}

constexpr std::string_view of_pairs =
    R"(<p id="pairs">一对的两台算一个，专线、中断只计一次：任一台看见通就是通，都没有送来的时间是未知；只有一台送到的时段，另一台补送后可能更正。</p>)";

/** Who keeps it elsewhere can prove what was before it. */
std::string seal_text(const centre_sight& s, const civil_zone& zone) {
  if (!s.seal) return "还没有";
  if (!s.seal->unread.en.empty())
    return fmt::format(R"({} <span class="sign" aria-hidden="true">▲</span> 封存读不出<small>{}</small>)",
                       zone.format_short(s.seal->at), html_text(s.seal->unread.cn));
  return fmt::format("{} 第 {} 次<small>密钥指纹 {} · 摘要 {}…</small>", zone.format_short(s.seal->at), s.seal->number,
                     ledger::short_form(s.seal->key), host::hex(ledger::bytes_of(s.seal->hash)).substr(0, 16));
}

/** Nodes that had not shipped the period's end; of a pair one that had is enough. */
std::int64_t behind_at_closing(const centre_sight& s, const centre::month_closed& c) {
  const auto to_the_end = [&c](const std::string& node) {
    const auto at = std::ranges::find(c.nodes, node, &centre::known_node::node);
    return at != c.nodes.end() && at->as_of && *at->as_of >= c.when.to;
  };
  const auto of_its_pair = [&](const centre::known_node& n) {
    return std::ranges::any_of(s.nodes, [&](const centre::asked_node& pair) {
      const auto heads = pair.heads();
      return std::ranges::find(heads, n.node, &centre::folded_head::node) != heads.end() &&
             std::ranges::any_of(heads, [&](const centre::folded_head* h) { return to_the_end(h->node); });
    });
  };
  return std::ranges::count_if(c.nodes,
                               [&](const centre::known_node& n) { return !to_the_end(n.node) && !of_its_pair(n); });
}

/** 「第N版」 of a closed period, and what has happened to the books since. */
std::string closing_text(const centre_sight& s, const civil_zone& zone) {
  if (!s.closed) return {};
  const centre::month_closed& c = s.closed->closing.what;
  if (!s.closed->closing.unread.en.empty())
    return fmt::format(
        R"(<p id="closed"><span class="sign" aria-hidden="true">▲</span> 已于 {} 结账，但结账读不出：{}。下表是现在的账，不是结账的数；可用 changtong centre close 重新结账</p>)",
        zone.format_short(c.at), html_text(s.closed->closing.unread.cn));
  const std::int64_t behind = behind_at_closing(s, c);
  std::string out = fmt::format(R"(<p id="closed">已结账「第{}版」：{} 于 {} 结)", c.version, html_text(c.author),
                                zone.format_short(c.at));
  if (behind > 0) out += fmt::format("，当时有 {} 个节点的账没有到期末", behind);
  if (s.closed->of_nodes)
    out += "。按节点看的是现在的账，不是结账的数";
  else if (!s.unfinished.empty())
    out += "。下表是结账的数；有区县尚未算出，没有与现在的账比较";
  else if (!s.closed->differs)
    out += "。下表是结账的数；没有与现在的账比较";
  else if (*s.closed->differs > 0)
    out += fmt::format(
        R"(。下表是结账的数；<span class="sign" aria-hidden="true">▲</span> 现在的账已有 {} 个数与它不同，用 changtong centre close 结第 {} 版)",
        *s.closed->differs, c.version + 1);
  else
    out += "，现在的账与它一致";
  return out + "</p>";
}

}  // namespace

std::string place_text(const centre::asked_node& n) {
  std::string out;
  for (const std::string* part : {&n.province, &n.city, &n.district}) add_part(out, *part);
  return out;
}

std::string centre_html(const centre_sight& s, const civil_zone& zone) {
  std::string nodes;
  for (const centre::asked_node& n : s.nodes)
    for (const centre::folded_head* h : n.heads()) nodes += node_row(n, *h, s.now, zone);
  const bool pairs = std::ranges::any_of(s.nodes, [](const centre::asked_node& n) { return !n.pair.empty(); });
  return fmt::format(
      R"(<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="60"><title>畅通 · 中心</title><link rel="stylesheet" href="/status.css"></head>
<body><header><h1>畅通 · 中心<small>{}</small></h1>
<dl class="stamp"><div><dt>刷新于</dt><dd>{}</dd></div><div><dt>上次封存</dt><dd id="seal">{}</dd></div></dl></header><main>
<section><h2>各节点</h2><table><thead><tr><th>节点</th><th>区县</th><th>账到</th><th>落后</th><th>条目</th><th>状况</th></tr></thead><tbody>{}</tbody></table>{}</section>
<section><h2>当前中断 {}</h2>{}</section>
{}<section><h2>畅通率 {}</h2>{}{}
<form><label>期间 <input name="month" value="{}" pattern="[0-9]{{4}}(-([0-9]{{2}}|Q[1-4]))?" title="2026-10、2026-Q3、2026" size="7"></label> <button>查看</button></form>
<p>报表 <a href="/centre/v1/reports/{}.html">网页</a> <a href="/centre/v1/reports/{}.xlsx">XLSX</a></p></section>
</main><footer><p>节点没有送来的时间一律是未知，从不算作畅通；送来之后补上。数字由各节点的账算出，与节点上的相同。</p></footer></body></html>
)",
      s.centre.empty() ? "各节点电子政务外网专线运行状况" : html_text(s.centre), zone.format_short(s.now),
      seal_text(s, zone), nodes, pairs ? of_pairs : "", how_many_open(s), outages_table(s, zone), waiting_text(s, zone),
      html_text(s.month_name), closing_text(s, zone), figures_table(s), html_text(s.month_name),
      html_text(s.month_name), html_text(s.month_name));
}

}  // namespace changtong
