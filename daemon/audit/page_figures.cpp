#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "daemon/audit/page.h"
#include "daemon/books/formulas.h"
#include "daemon/books/policy.h"
#include "daemon/core/html.h"

namespace changtong::audit {
namespace {

using availability::availability_row;
using availability::outage;
using availability::seconds;
using availability::truncated_percent;

/** Seconds with the milliseconds that are there: 86400, 17.25. */
std::string s_of(milliseconds ms) {
  std::string text = fmt::format("{}.{:03}", ms.count() / 1000, ms.count() % 1000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string percent(milliseconds part, milliseconds whole) {
  const std::string text = truncated_percent(part.count(), whole.count(), 5);
  return whole.count() > 0 ? text + " %" : "无值（分母为 0）";
}

/** One formula, its meaning, and the numbers put into it. */
std::string formula_row(std::string_view name, std::string_view formula, const std::string& worked) {
  return fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", name, formula, html_text(worked));
}

constexpr std::string_view classes = R"(<h2>四、数字怎样算出</h2>
<p>期内每条线路的每一毫秒只属于一类：<b>通 U</b>、<b>断 D</b>、<b>计划停机 X</b>（事先批准的窗口，从分母剔除）、
<b>未观测 K</b>（监测系统自己没有看到，既不算通也不算断）；开通之前、停用之后不在账内。先后次序：不在账内 &gt; 计划停机 &gt;
未观测 &gt; 断或通。所有时长按整毫秒相加，最后才相除；百分数一律截断，从不进位；只有 D = 0 且 K = 0 才写 100 %。</p>
)";

std::string one_line(const availability_row& r) {
  const seconds& s = r.sums;
  const milliseconds measured = s.up + s.down, counted = measured + s.unknown;
  std::string out = fmt::format(
      "<p>以线路 <b>{}</b>（{}）为例，取自本包 figures/availability_by_line.csv：U = {} 秒，D = {} 秒，X = {} 秒，"
      "K = {} 秒，中断 {} 次。</p>\n<table>\n<tr><th>名称</th><th>公式</th><th>代入本线路</th></tr>\n",
      html_text(r.key), html_text(r.title), s_of(s.up), s_of(s.down), s_of(s.excluded), s_of(s.unknown), s.outages);
  out += formula_row("在账时长", "S = U + D + X + K",
                     fmt::format("{} + {} + {} + {} = {} 秒", s_of(s.up), s_of(s.down), s_of(s.excluded),
                                 s_of(s.unknown), s_of(counted + s.excluded)));
  out += formula_row("畅通率 A", "U / (U + D)",
                     fmt::format("{} / ({} + {}) = {}", s_of(s.up), s_of(s.up), s_of(s.down), percent(s.up, measured)));
  out += formula_row("下限 A_low", "U / (U + D + K)，未观测全当作断",
                     fmt::format("{} / {} = {}", s_of(s.up), s_of(counted), percent(s.up, counted)));
  out += formula_row(
      "上限 A_high", "(U + K) / (U + D + K)，未观测全当作通",
      fmt::format("{} / {} = {}", s_of(s.up + s.unknown), s_of(counted), percent(s.up + s.unknown, counted)));
  out += formula_row("覆盖率 c", "(U + D) / (S − X)",
                     fmt::format("{} / {} = {}", s_of(measured), s_of(counted), percent(measured, counted)));
  const std::string mttr =
      s.outages == 0 ? "没有中断，无值"
                     : fmt::format("{} / {} = {} 秒（截断到毫秒）", s_of(s.down), s.outages, s_of(s.down / s.outages));
  out += formula_row("平均修复 MTTR", "D / 中断次数", mttr);
  out += formula_row("中断时长的范围", "最短 ≤ 居中 ≤ 最长（见下）",
                     fmt::format("{} ≤ {} ≤ {} 秒", s_of(s.down_min), s_of(s.down_mid), s_of(s.down_max)));
  return out + "</table>\n";
}

std::string one_outage(const outage& o, const civil_zone& zone) {
  const auto or_none = [&](wall_t at) { return at == wall_min ? std::string("（此前没有好样本）") : zone.format(at); };
  std::string out = fmt::format(
      "<p><b>中断的误差范围。</b>监测是逐次提问，中断的起止只能定在两次样本之间。例：线路 {} 的一次中断，"
      "最后一个好样本 {}，第一个坏样本 {}，开始时刻在两者之间，账上记 {}；",
      html_text(o.target), or_none(o.began_edge.after), zone.format(o.began_edge.until), zone.format(o.began));
  if (o.ended == wall_max) return out + "它还没有结束。</p>\n";
  out += fmt::format("最后一个坏样本 {}，其后第一个好样本（加往返时间）{}，结束时刻在两者之间，账上记 {}。",
                     or_none(o.ended_edge.after), zone.format(o.ended_edge.until), zone.format(o.ended));
  return out +
         "居中时长取两端各自的中点；最短取开始的上限到结束的下限，最长反之；其中未观测的空洞另列。确认需要连续几个坏样"
         "本，"
         "但开始时刻倒推到第一个坏样本：确认推迟的是告警，不是账。</p>\n";
}

/** A group's value by one formula, with what it was formed from. */
std::string worked(const books::group_books& g) {
  const availability::group_value& v = g.value;
  const seconds& s = g.row.sums;
  if (!v.value) return v.by == availability::formula::r4 ? "这些线路没有合同目标，无值" : "没有观测到任何线路，无值";
  const std::string result = truncated_percent(v.value->units, availability::part::one, 5) + " %";
  switch (v.by) {
    case availability::formula::r1:
      return fmt::format("{} / {} = {}", s_of(s.up), s_of(s.up + s.down), percent(s.up, s.up + s.down));
    case availability::formula::r2:
      return fmt::format("N = {}：{}", v.counted, result);
    case availability::formula::r3:
      return fmt::format("{} 个时刻，每 {} 秒一个：{}", v.counted, s_of(v.step), result);
    default:
      return fmt::format("{} / {} = {}", v.reached, v.counted, result);
  }
}

/** R1 to R4 (rules.md 4.4) of the category with the most down time. */
std::string groups(const pack_sources& pack) {
  const ledger::reader& books = *pack.folded.books;
  const auto policies = books::read_policies(books.policies());
  const auto by = [&](availability::formula f) {
    return books::books_by(books, pack.head.when, pack.head.exported, books::grouping::category, f,
                           availability::default_step, policies ? *policies : std::vector<books::dated_policy>{});
  };
  const auto r1 = by(availability::formula::r1);
  if (r1.empty()) return {};
  const auto chosen = std::ranges::max_element(r1, {}, [](const auto& g) { return g.row.sums.down; });
  std::string out = fmt::format(
      "<p><b>一组线路的四种算法</b>，互不相等，不可混用；报告每个数字都写明用哪一种，本包的分组文件一律用 R1。"
      "下面代入类别 <b>{}</b>（{}）：</p>\n<table>\n<tr><th>名称</th><th>公式</th><th>代入</th></tr>\n",
      html_text(chosen->row.key), html_text(chosen->row.title));
  const auto row = [&](std::string_view name, std::string_view formula, availability::formula f) {
    for (const books::group_books& g : by(f))
      if (g.row.key == chosen->row.key) out += formula_row(name, formula, worked(g));
  };
  row("R1 时长畅通率", "ΣU / Σ(U + D)", availability::formula::r1);
  row("R2 线路平均", "(1/N) ΣA，没有 A 的线路不计入 N", availability::formula::r2);
  row("R3 快照", "各时刻（通的线路数 / 观测到的线路数）的平均", availability::formula::r3);
  row("R4 达标率", "A ≥ 合同目标的线路数 / N，按整数比较", availability::formula::r4);
  return out + "</table>\n";
}

constexpr std::string_view columns =
    R"(<p><b>各列。</b>key 编号或分组；up_s、down_s、excluded_s、unknown_s 即 U、D、X、K，单位秒；down_min_s、down_mid_s、
down_max_s 是断的最短、居中、最长；outages 是剔除计划停机后仍有断的中断次数（跨日的中断两天各计一次）；unconfirmed 是未确认的
坏样本次数（不算断）；availability、lower、upper、coverage 即 A（或 R1）、下限、上限、覆盖率；mttr_s 平均修复；formula 所用公式；
scope_from、scope_to 在账的起止。没有值的格子是空的（JSON 里是 null）。</p>
)";

}  // namespace

std::string figures_explained(const page_sources& from) {
  std::string out(classes);
  const auto most_down = std::ranges::max_element(
      from.lines, {}, [](const availability_row& r) { return std::tuple(r.sums.down, r.sums.unknown, r.sums.up); });
  if (most_down == from.lines.end()) return out + "<p>期内没有任何线路在账。</p>\n" + std::string(columns);
  out += one_line(*most_down) + groups(from.pack);
  const outage* shown = nullptr;  // of that line if there is one, and one that ended if there is one
  for (const outage& o : from.outages) {
    const auto worth = [&](const outage& w) { return std::pair(w.ended != wall_max, w.target == most_down->key); };
    if (shown == nullptr || worth(o) > worth(*shown)) shown = &o;
  }
  if (shown != nullptr) out += one_outage(*shown, from.pack.folded.books->zone());
  return out + std::string(columns);
}

}  // namespace changtong::audit
