#include "daemon/report/evaluation_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace changtong {
namespace {

using evaluate::indicator_result;
using evaluate::light;

constexpr std::array<std::size_t, 5> widths{34, 14, 34, 6, 8};  // columns on a terminal; Chinese takes two

struct glyph {
  std::size_t bytes, columns;
};
glyph glyph_at(std::string_view text) {
  const auto c = static_cast<unsigned char>(text[0]);
  const std::size_t bytes = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  return {std::min(bytes, text.size()), bytes >= 3 && c != 0xe2 ? 2U : 1U};  // U+2000 …: ≥ ≤ … — are narrow
}

/** Padded to `columns`, or cut with an ellipsis; never inside a character. */
std::string fitted(std::string_view text, std::size_t columns) {
  std::size_t all = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const glyph g = glyph_at(rest);
    all += g.columns;
    rest.remove_prefix(g.bytes);
  }
  if (all <= columns) return std::string(text) + std::string(columns - all, ' ');
  std::string out;
  std::size_t used = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const glyph g = glyph_at(rest);
    if (used + g.columns + 1 > columns) break;
    out += rest.substr(0, g.bytes);
    used += g.columns;
    rest.remove_prefix(g.bytes);
  }
  return out + "…" + std::string(columns - used - 1, ' ');
}

std::string row(const std::array<std::string, 6>& cells) {
  std::string out;
  for (std::size_t k = 0; k < widths.size(); ++k) out += fitted(cells.at(k), widths.at(k)) + " ";
  return out + cells[5] + "\n";
}

std::string_view colour(const indicator_result& i) {
  if (i.how == evaluate::standing::insufficient) return "证据不足";
  if (i.how == evaluate::standing::undecided) return "未评定";
  return i.colour == light::green ? "绿" : i.colour == light::yellow ? "黄" : i.colour == light::red ? "红" : "—";
}

std::string list(const char* title, const std::vector<std::string>& lines) {
  std::string out;
  if (!lines.empty()) out += fmt::format("{}\n", title);
  for (const std::string& l : lines) out += fmt::format("  - {}\n", l);
  return out;
}

std::string totals(const evaluate::evaluation& e) {
  if (!e.scored) return "本方案不计分\n";
  std::string out = e.total ? fmt::format("总分 {}（{}）\n", e.total->text, e.grade)
                            : fmt::format("总分：尚不能得出（已有 {} 分）\n", e.total_so_far.text);
  if (e.forecast_total) out += fmt::format("全年预计 {}（{}）\n", e.forecast_total->text, e.forecast_grade);
  if (!e.before_total.empty()) out += fmt::format("{} 年总分 {}\n", e.before_year, e.before_total);
  return out;
}

}  // namespace

std::string evaluation_table(const evaluate::evaluation& e) {
  std::string out = fmt::format("{}\n评价期 {}\n\n", e.title, e.period_text);
  out += row({"指标", "指标值", "完成值", "分值", "得分", e.whole_year ? "状态" : "状态  全年预计"});
  const auto& money = e.execution;
  out += row({"预算执行率", "100%", money.rate.text.empty() ? "—" : money.rate.text + "%", money.weight.text,
              money.score.text,
              money.forecast_score ? fmt::format("      {} {}", money.forecast_score->text, money.forecast_text) : ""});
  std::string level;
  for (const indicator_result& i : e.indicators) {
    if (i.level1 != level) out += fmt::format("{}\n", level = i.level1);
    std::string last(colour(i));
    if (!e.whole_year && i.forecast_score) last += fmt::format("  {} {}", i.forecast_score->text, i.forecast_text);
    out += row({"  " + i.level3, i.target_text, i.actual_text, i.weight.text, i.score ? i.score->text : "—", last});
  }
  out += "\n" + totals(e);
  std::vector<std::string> numbered, passed;
  for (const std::string& b : e.blocking) numbered.push_back(fmt::format("[{}] {}", numbered.size() + 1, b));
  for (const auto& o : e.overridden) passed.push_back(fmt::format("{}（{}：{}）", o.block, o.by, o.reason));
  out += list("阻碍定稿：", numbered);
  out += list("已由人放行：", passed);
  out += list("提示：", e.warnings);
  out += list("报告自查（不写入报送件）：", e.findings);
  return out;
}

}  // namespace changtong
