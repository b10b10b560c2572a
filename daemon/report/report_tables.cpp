#include "daemon/report/report_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "daemon/core/exact.h"
#include "daemon/report/form_columns.h"
#include "daemon/report/report_charts.h"

namespace changtong::report {
namespace {

using evaluate::evaluation;
using evaluate::indicator_result;
using evaluate::standing;

struct text_column {
  std::string name;
  int width = 10;  ///< a share of the sum of all
  bool left = false;
};

std::string opened(const std::string& caption, const std::vector<text_column>& columns, std::string_view kind) {
  std::string out = fmt::format("<table class=\"{}\">\n<caption>{}</caption>\n<colgroup>", kind, safe_text(caption));
  int all = 0, left = 1000;  // tenths of a percent: the last column takes what rounding has left
  for (const text_column& c : columns) all += c.width;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int share = i + 1 == columns.size() ? left : columns[i].width * 1000 / all;
    left -= share;
    out += fmt::format("<col style=\"width:{}.{}%\"/>", share / 10, share % 10);
  }
  out += "</colgroup>\n<thead><tr>";
  for (const text_column& c : columns)
    out += fmt::format("<th style=\"text-align:{}\">{}</th>", c.left ? "left" : "center", safe_text(c.name));
  return out + "</tr></thead>\n<tbody>\n";
}

constexpr std::string_view closed = "</tbody></table>\n";

std::string cell(std::string_view text, bool left = false, std::size_t rows = 1) {
  return fmt::format("<td style=\"text-align:{}\"{}>{}</td>", left ? "left" : "center",
                     rows > 1 ? fmt::format(" rowspan=\"{}\"", rows) : "", safe_text(text));
}

std::string points(const indicator_result& i) {
  if (i.score) return i.score->text;
  return i.how == standing::insufficient ? "证据不足" : "待评定";
}

std::string or_dash(const std::string& text) { return text.empty() ? "—" : text; }

/** How many indicators from `from` on are in its first, or first and second level. */
std::size_t run(const std::vector<indicator_result>& all, std::size_t from, bool second) {
  std::size_t to = from + 1;
  while (to < all.size() && all[to].level1 == all[from].level1 && (!second || all[to].level2 == all[from].level2)) ++to;
  return to - from;
}

/** The columns behind the levels: name, width and value. */
struct value_column {
  text_column head;
  std::string (*value)(const indicator_result&);
};

std::vector<value_column> columns_of(const evaluation& e) {
  std::vector<value_column> out;
  out.push_back({{"年度指标值", 16}, [](const indicator_result& i) { return or_dash(i.target_text); }});
  if (std::any_of(e.indicators.begin(), e.indicators.end(), [](const auto& i) { return !i.before.empty(); }))
    out.push_back({{"上年值", 11}, [](const indicator_result& i) { return or_dash(i.before); }});
  out.push_back({{e.whole_year ? "实际完成值" : "目前完成值", 18},
                 [](const indicator_result& i) { return or_dash(i.actual_text); }});
  if (!e.whole_year)
    out.push_back({{"全年预计", 14}, [](const indicator_result& i) { return or_dash(i.forecast_text); }});
  if (e.scored) out.push_back({{"分值", 8}, [](const indicator_result& i) { return i.weight.text; }});
  if (e.whole_year && e.scored)
    out.push_back({{"得分", 9}, points});
  else
    out.push_back({{"状态", 7}, [](const indicator_result& i) { return std::string(light_name(i.colour)); }});
  return out;
}

std::string coverage(const indicator_result& i) {
  return i.coverage ? fixed(exact(i.coverage->value * 100), 3, rounding::down) + "%" : "—";
}

/** Without its folder: the column is narrow. */
std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::string levels_table(const evaluation& e, const std::string& caption) {
  std::string out = opened(caption, {{"指标", 50}, {"分值", 25}, {e.whole_year ? "得分" : "目前得分", 25}}, "figures");
  const auto row = [&](std::string_view name, std::string_view weight, std::string_view score) {
    out += fmt::format("<tr>{}{}{}</tr>\n", cell(name), cell(weight), cell(score));
  };
  row("预算执行率", e.execution.weight.text, e.execution.score.text);
  exact weights = e.execution.weight.value;
  for (const evaluate::level_sum& s : e.levels) {
    weights += s.weight.value;
    row(s.name, s.weight.text, s.score ? s.score->text : "未评定");
  }
  row("总分", shortest(weights), !e.whole_year ? "—" : e.total ? e.total->text : "未评定");
  return out + std::string(closed);
}

std::string funds_table(const evaluation& e, const std::string& caption) {
  const bool adjusted = e.execution.denominator.starts_with("调整后");
  std::string out = opened(
      caption,
      {{"资金名称", 40, true}, {"年初预算数", 20}, {adjusted ? "调整后预算数" : "全年预算数", 20}, {"执行数", 20}},
      "figures");
  for (const evaluate::funds_row& r : e.execution.rows)
    out += fmt::format("<tr>{}{}{}{}</tr>\n", cell(r.name, true), cell(or_dash(r.initial)),
                       cell(or_dash(adjusted ? r.adjusted : r.full_year)), cell(or_dash(r.executed)));
  return out + std::string(closed);
}

std::string indicators_table(const evaluation& e, const std::string& caption) {
  const std::vector<value_column> values = columns_of(e);
  std::vector<text_column> heads{{"一级指标", 13}, {"二级指标", 14}, {"三级指标", 24, true}};
  for (const value_column& v : values) heads.push_back(v.head);
  std::string out = opened(caption, heads, "indicators");
  const auto& all = e.indicators;
  std::size_t first = 0, second = 0;  // where the next level begins
  for (std::size_t i = 0; i < all.size(); ++i) {
    out += "<tr>";
    if (i == first) {
      const std::size_t count = run(all, i, false);
      out += cell(all[i].level1, false, count);
      first += count;
    }
    if (i == second) {
      const std::size_t count = run(all, i, true);
      out += cell(all[i].level2, false, count);
      second += count;
    }
    out += cell(all[i].level3, true);
    for (const value_column& v : values) out += cell(v.value(all[i]));
    out += "</tr>\n";
  }
  return out + std::string(closed);
}

std::string sources_table(const evaluation& e, const std::string& caption) {
  std::vector<text_column> heads{{"三级指标", 20, true}, {"数据来源", e.scored ? 22 : 52, true}};
  if (e.scored) heads.push_back({"得分计算方法", 30, true});
  heads.insert(heads.end(), {{"覆盖率", 10}, {"证明材料", 18, true}});
  std::string out = opened(caption, heads, "sources");
  for (const indicator_result& i : e.indicators) {
    std::string files = file_name(i.evidence_file);
    for (const evaluate::named_file& f : i.evidence.files) files += (files.empty() ? "" : "；") + file_name(f.name);
    out += fmt::format("<tr>{}{}{}{}{}</tr>\n", cell(i.level3, true), cell(or_dash(i.source_text), true),
                       e.scored ? cell(or_dash(i.method), true) : "", cell(coverage(i)), cell(or_dash(files), true));
  }
  return out + std::string(closed);
}

}  // namespace changtong::report
