#include "daemon/publish/api/status_page.h"

#include <fmt/format.h>

#include "daemon/core/html.h"

namespace changtong::api {
namespace {

/** Colour is never alone: every state has a sign and a word. `none` greys out a zero. */
std::string cell(std::string_view state, std::string_view sign, std::string_view word, std::size_t n) {
  return fmt::format(R"(<td class="n {}{}" data-label="{}"><span class="sign" aria-hidden="true">{}</span>{}</td>)",
                     state, n == 0 ? " none" : "", word, sign, n);
}

std::string tile(std::string_view id, std::string_view sign, std::string_view word, std::size_t n) {
  return fmt::format(
      R"(<li class="tile {}{}"><span class="word"><span class="sign" aria-hidden="true">{}</span> {}</span>)"
      R"(<b id="n-{}">{}</b></li>)",
      id, n == 0 ? " none" : "", sign, word, id, n);
}

std::string tiles(const summary& s) {
  const state_counts& n = s.lines.count;
  return tile("total", "≡", "专线", n.total) + tile("up", "✓", "通", n.up) + tile("down", "✕", "断", n.down) +
         tile("degraded", "▲", "劣化", n.degraded) + tile("unknown", "?", "未知", n.unknown);
}

std::string category_row(const category_summary& c) {
  return fmt::format(R"(<tr><th scope="row">{}</th><td class="n" data-label="总数">{}</td>)", html_text(c.name),
                     c.count.total) +
         cell("up", "✓", "通", c.count.up) + cell("down", "✕", "断", c.count.down) +
         cell("degraded", "▲", "劣化", c.count.degraded) + cell("unknown", "?", "未知", c.count.unknown) +
         fmt::format(R"(<td class="ratio">{}<small>{}</small></td></tr>)", html_text(c.ratio_text()),
                     html_text(c.bounds_text()));
}

std::string tags(const open_outage& o) {
  return std::string(o.unrecorded ? R"(<em class="tag">未入账</em>)" : "") +
         (o.seen_now ? "" : R"(<em class="tag">现状未知</em>)");
}

std::string outage_row(const open_outage& o, wall_t now, const civil_zone& zone) {
  const milliseconds length = now > o.began ? now - o.began : milliseconds{0};
  return fmt::format(
      R"(<tr><th scope="row">{}<small>{}</small></th><td data-label="类别">{}</td><td data-label="乡镇">{}</td>)"
      R"(<td data-label="运营商">{}</td><td data-label="开始" class="time">{}</td>)"
      R"(<td data-label="历时" class="time long">{}</td><td data-label="原因">{}{}</td></tr>)",
      html_text(o.name), html_text(o.id), html_text(o.category), html_text(o.town), html_text(o.carrier),
      zone.format_short(o.began), duration_text(length), html_text(o.cause_text()), tags(o));
}

std::string banner(const summary& s) {
  if (!s.stale()) return R"(<div id="banner" role="alert" hidden></div>)";
  const std::string text = s.heartbeat > wall_from_ms(0) ? fmt::format("账本心跳已停 {}：下面的状态可能已经过时",
                                                                       duration_text(s.heartbeat_age()))
                                                         : std::string("监测尚未开始记账：下面的状态还没有依据");
  return R"(<div id="banner" role="alert">)" + text + "</div>";
}

std::string whose_figures(const summary& s, const civil_zone& zone) {
  const shown_view& v = s.pair->view;
  std::string names;
  for (const std::string& one : v.observers) names += (names.empty() ? "" : "、") + one;
  const std::string when = s.dated() ? "，算到 " + zone.format_short(s.pair->as_of) : "";
  if (v.of == shown_view::kind::merged)
    return "今日畅通率：两台合并（" + names + "）" + when + "；此刻的通断是本机所见";
  return "今日畅通率：本机所见" + (v.why ? "，暂不能合并：" + v.why->cn : "");
}

/** Neither hides anything else nor goes away by itself. */
std::string remarks(const summary& s, const civil_zone& zone) {
  std::string out;
  const auto add = [&](const std::string& text) {
    out += fmt::format(R"(<p class="remark" role="note">{}</p>)", html_text(text));
  };
  for (const reason& r : s.remarks) add(r.text);
  if (s.pair) add(whose_figures(s, zone));
  return out;
}

std::string heartbeat_text(const summary& s) {
  if (s.heartbeat <= wall_from_ms(0)) return "无";
  return fmt::format("{:.1f} 秒前", static_cast<double>(s.heartbeat_age().count()) / 1e3);
}

constexpr std::string_view head =
    R"(<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>畅通 · 专线运行状况</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%230b57a4'/%3E%3Cpath d='M3 9h3l2-5 2 8 1.5-3H13' fill='none' stroke='white' stroke-width='1.5'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/status.css"><script src="/status.js" defer></script>
<noscript><meta http-equiv="refresh" content="5"></noscript></head>
)";

std::string outage_section(const summary& s, const civil_zone& zone) {
  std::string rows;
  for (const open_outage& o : s.outages) rows += outage_row(o, s.now, zone);
  const std::size_t hidden = s.outages_open - s.outages.size();
  return fmt::format(
      R"(<section><h2>当前中断 <span class="count{}" id="open">{}</span></h2>
<p id="calm"{}>✓ 当前没有中断</p>
<table class="outages" id="outage-table"{}><thead><tr><th>名称</th><th>类别</th><th>乡镇</th><th>运营商</th><th>开始</th><th>历时</th><th>原因</th></tr></thead>
<tbody id="outages">{}</tbody></table><p id="more"{}>另有 <span id="hidden">{}</span> 条较早的中断未列出</p></section>
)",
      s.outages_open == 0 ? " zero" : "", s.outages_open, s.outages_open == 0 ? "" : " hidden",
      s.outages_open == 0 ? " hidden" : "", rows, hidden == 0 ? " hidden" : "", hidden);
}

}  // namespace

std::string status_page(const summary& s, const civil_zone& zone, bool console) {
  std::string rows;
  for (const category_summary& c : s.categories) rows += category_row(c);
  std::string out(head);
  out += fmt::format(
      R"(<body{}><header><h1>畅通<small>电子政务外网专线运行状况</small></h1>
{}<dl class="stamp"><div><dt>账本心跳</dt><dd id="heartbeat">{}</dd></div><div><dt>刷新于</dt><dd id="now">{}</dd></div></dl></header>
{}{}<main><ul class="tiles">{}<li class="tile ratio"><span class="word">今日畅通率（全部专线）</span><b id="ratio">{}</b><small id="bounds">{}</small></li></ul>
<section><h2>分类</h2><table class="categories"><thead><tr><th>类别</th><th class="n">总数</th><th class="n">通</th><th class="n">断</th><th class="n">劣化</th><th class="n">未知</th><th>今日畅通率</th></tr></thead>
<tbody id="categories">{}</tbody></table></section>
{}</main>
)",
      s.stale() ? R"( class="stale")" : "", console ? R"(<a class="console" href="/console/">打开控制台</a>)" : "",
      heartbeat_text(s), zone.format_short(s.now), banner(s), remarks(s, zone), tiles(s),
      html_text(s.lines.ratio_text()), html_text(s.lines.bounds_text()), rows, outage_section(s, zone));
  out += fmt::format(
      R"(<footer><p>“通”不含“劣化”；劣化计入畅通时间。未观测的时间从不算作畅通。</p><p>畅通 {} · 本次启动 {} · 时区 {} · {} · <a href="/metrics">指标</a> · <a href="/api/v1/openapi.json">接口说明</a></p></footer></body></html>
)",
      html_text(s.version), s.started > wall_from_ms(0) ? zone.format_short(s.started) : "—", html_text(zone.name()),
      console ? "控制台在 /console/" : "控制台未安装");
  return out;
}

}  // namespace changtong::api
