#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/core/clock_text.h"
#include "daemon/core/exact.h"
#include "daemon/report/document.h"
#include "daemon/report/report_charts.h"

namespace changtong::report {
namespace {

using evaluate::day_mark;

constexpr milliseconds hour{3'600'000};

/** How a day is shown; colours of SVG and the styles of DOCX are the same. */
struct kind {
  const char *colour, *style, *legend;
};
constexpr kind good{"#8FC79A", "MarkGood", "未观测到中断"};
constexpr kind brief{"#F2C14E", "MarkLess", "中断不足1小时"};
constexpr kind bad{"#D9534F", "MarkBad", "中断1小时至24小时"};
constexpr kind worst{"#8B1A1A", "MarkWorst", "中断24小时以上"};
constexpr kind unseen{"#8A8F98", "MarkUnknown", "未观测超过1%"};
constexpr kind none{"#D9DCE1", "MarkNone", "没有记录"};

const kind& kind_of(const availability::seconds& s) {
  const milliseconds all = s.up + s.down + s.unknown;
  if (all.count() <= 0) return none;
  if (s.down >= 24 * hour) return worst;
  if (s.down >= hour) return bad;
  if (s.down.count() > 0) return brief;
  return s.unknown.count() * 100 > all.count() ? unseen : good;
}

struct place {
  int month = 0, day = 0;  ///< 1 .. 12, 1 .. 31
};
/** Of "2026-03-14"; nothing else is a day. */
std::optional<place> place_of(const std::string& day) {
  if (day.size() != 10) return std::nullopt;
  const auto number = [&](std::size_t at) {
    const int high = day[at] - '0', low = day[at + 1] - '0';
    return high < 0 || high > 9 || low < 0 || low > 9 ? 0 : high * 10 + low;
  };
  const place p{number(5), number(8)};
  if (p.month < 1 || p.month > 12 || p.day < 1 || p.day > 31) return std::nullopt;
  return p;
}

std::string words(const day_mark& d) {
  std::string out = fmt::format("{}：{}", d.day, kind_of(d.sums).legend);
  if (d.sums.down.count() > 0) out += fmt::format("，共{}（各线路合计）", clock_text(d.sums.down));
  if (d.sums.unknown.count() > 0) out += fmt::format("，未观测{}", clock_text(d.sums.unknown));
  return safe_text(out);
}

/** The calendar's days by month ("2026-03"), in order. */
std::map<std::string, std::map<int, const day_mark*>> by_month(const std::vector<day_mark>& days) {
  std::map<std::string, std::map<int, const day_mark*>> out;
  for (const day_mark& d : days)
    if (const auto p = place_of(d.day)) out[d.day.substr(0, 7)][p->day] = &d;
  return out;
}

std::string month_label(const std::string& month) { return std::to_string(std::stoi(month.substr(5))) + "月"; }

}  // namespace

std::string days_chart(const std::vector<day_mark>& days) {
  const auto months = by_month(days);
  if (months.empty()) return {};
  std::string out =
      fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 {}\" role=\"img\" class=\"days\">\n",
                  24 + 21 * months.size() + 56);
  for (int d = 1; d <= 31; ++d)
    out +=
        fmt::format("<text x=\"{:.1f}\" y=\"14\" text-anchor=\"middle\" class=\"small\">{}</text>", 54.5 + 21 * d, d);
  int top = 20;
  for (const auto& [month, cells] : months) {
    out += fmt::format("\n<text x=\"56\" y=\"{}\" text-anchor=\"end\">{}</text>", top + 13, month_label(month));
    for (const auto& [day, mark] : cells)
      out += fmt::format(
          "<rect class=\"day\" x=\"{}\" y=\"{}\" width=\"18\" height=\"18\" fill=\"{}\"><title>{}</title></rect>",
          45 + 21 * day, top, kind_of(mark->sums).colour, words(*mark));
    top += 21;
  }
  out += '\n';
  int n = 0;
  for (const kind* k : {&good, &brief, &bad, &worst, &unseen, &none}) {
    const int left = 66 + n % 3 * 210, y = top + 10 + n / 3 * 22;
    out += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"14\" height=\"14\" fill=\"{}\"/><text x=\"{}\" y=\"{}\">{}</text>\n", left, y,
        k->colour, left + 20, y + 12, k->legend);
    ++n;
  }
  return out + "</svg>\n";
}

std::string days_table(const std::vector<day_mark>& days) {
  const auto months = by_month(days);
  if (months.empty()) return {};
  const auto square = [](const kind& k) { return fmt::format("<span data-custom-style=\"{}\">■</span>", k.style); };
  std::string out = "<table class=\"calendar\">\n<colgroup><col style=\"width:7%\"/>";
  for (int d = 1; d <= 31; ++d) out += "<col style=\"width:3%\"/>";
  out += "</colgroup>\n<thead><tr><th>月</th>";
  for (int d = 1; d <= 31; ++d) out += fmt::format("<th><span data-custom-style=\"Small\">{}</span></th>", d);
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& [month, cells] : months) {
    out += fmt::format("<tr><td>{}</td>", month_label(month));
    for (int d = 1; d <= 31; ++d)
      out += fmt::format("<td>{}</td>", cells.contains(d) ? square(kind_of(cells.at(d)->sums)) : "");
    out += "</tr>\n";
  }
  out += "</tbody></table>\n<div data-custom-style=\"Remark\"><p>";
  for (const kind* k : {&good, &brief, &bad, &worst, &unseen, &none}) out += square(*k) + k->legend + "　";
  return out + "</p></div>\n";
}

namespace {

struct amount_bar {
  std::string label, text;
  exact value;
};

/** "　　　其他资金：" -> "其他资金". */
std::string trimmed(std::string name) {
  constexpr std::string_view blank = "　", colon = "：";
  while (name.starts_with(blank)) name.erase(0, blank.size());
  while (name.ends_with(colon)) name.erase(name.size() - colon.size());
  return name;
}

/** Budget and spending of each kind of money that has any. */
std::vector<amount_bar> bars_of(const evaluate::execution_result& x) {
  std::vector<amount_bar> out;
  const bool adjusted = x.denominator.starts_with("调整后");
  for (const evaluate::funds_row& r : x.rows) {
    const std::string& budget = adjusted ? r.adjusted : r.full_year;
    const auto planned = parse_exact(budget), spent = parse_exact(r.executed);
    if (!planned || !spent || (*planned <= 0 && *spent <= 0)) continue;
    out.push_back({trimmed(r.name) + (adjusted ? "　调整后预算数" : "　全年预算数"), budget, *planned});
    out.push_back({trimmed(r.name) + "　执行数", r.executed, *spent});
  }
  return out;
}

exact longest(const std::vector<amount_bar>& bars) {
  exact most = 0;
  for (const amount_bar& b : bars) most = std::max(most, b.value);
  return most;
}

}  // namespace

std::string execution_chart(const evaluate::execution_result& x) {
  const auto bars = bars_of(x);
  if (bars.empty()) return {};
  const exact most = longest(bars);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 {}\" role=\"img\" class=\"execution\">\n",
      26 * bars.size() + 8);
  int top = 4;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double length = exact(bars[i].value / most).convert_to<double>() * 340;
    out += fmt::format(
        "<text x=\"236\" y=\"{0}\" text-anchor=\"end\">{1}</text><rect x=\"244\" y=\"{2}\" width=\"{3:.1f}\" "
        "height=\"16\" "
        "fill=\"{4}\" stroke=\"#1f5fa8\"/><text x=\"{5:.1f}\" y=\"{0}\">{6}{7}</text>\n",
        top + 14, safe_text(bars[i].label), top + 1, std::max(length, 0.5), i % 2 == 0 ? "#ffffff" : "#1f5fa8",
        250 + length, safe_text(bars[i].text), x.yuan ? "元" : "万元");
    top += 26;
  }
  return out + "</svg>\n";
}

std::string execution_bars(const evaluate::execution_result& x) {
  const auto bars = bars_of(x);
  if (bars.empty()) return {};
  const exact most = longest(bars);
  std::string out =
      "<table class=\"bars\">\n<colgroup><col style=\"width:34%\"/><col style=\"width:50%\"/><col "
      "style=\"width:16%\"/></colgroup>\n"
      "<thead><tr><th>资金</th><th>比较</th><th>" +
      std::string(x.yuan ? "元" : "万元") + "</th></tr></thead>\n<tbody>\n";
  for (const amount_bar& b : bars) {
    std::string blocks;
    const int count = static_cast<int>(rounded(exact(b.value / most * 20), 0).convert_to<double>());
    for (int i = 0; i < count; ++i) blocks += "█";
    out += fmt::format(
        "<tr><td>{}</td><td><span data-custom-style=\"MarkBar\">{}</span></td><td "
        "style=\"text-align:right\">{}</td></tr>\n",
        safe_text(b.label), blocks, safe_text(b.text));
  }
  return out + "</tbody></table>\n";
}

}  // namespace changtong::report
