#include "daemon/forms/fill.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/html.h"
#include "daemon/evaluate/score.h"
#include "daemon/forms/fill_rows.h"

namespace changtong::forms {
namespace {

constexpr std::string_view measures_mark = "改进措施：";

std::array<std::string, 4> notes_of(const plans::plan& plan) {
  return {
      fmt::format("只填空白处和要改的格：空白的格不改方案；“—”处不填；编号、指标值{}不能在此改，完成值只能改填报的数。",
                  plan.scored ? "、分值" : ""),
      plan.scored
          ? "定性指标填写完成情况、评定得分、评定人、评定日期；其余指标只有评定得分低于计分规则时才填评定四格，"
            "并写明理由。"
          : fmt::format("定性指标填写完成情况，照印；写“{}”“{}”“{}”即为评定，依据是文件的还须填评定人、评定日期。",
                        plans::actual_text(plans::tier::reached), plans::actual_text(plans::tier::partly),
                        plans::actual_text(plans::tier::missed)),
      "名称前有 ▲ 的行未达到指标值，还没有写原因：请填“未完成原因”（红底）。",
      "填好后：changtong plan import --fill 本文件 方案.yaml"};
}

bool asks_for_points(field f) { return f == field::weight || f == field::points || f == field::why; }

/** The sheet's columns, in order: a plan without points has none for them. */
std::vector<field> columns_of(const plans::plan& plan) {
  std::vector<field> out;
  for (std::size_t k = 0; k < fields; ++k)
    if (const auto f = static_cast<field>(k); plan.scored || !asks_for_points(f)) out.push_back(f);
  return out;
}

std::string value_text(const plans::indicator& i) {
  if (i.target.how == plans::sign::none) return std::string(not_asked);  // 完成情况 has a column of its own
  if (const auto* s = std::get_if<plans::stated_source>(&i.source)) {
    if (s->value) return s->value->text.empty() ? shortest(s->value->number) + i.target.unit : s->value->text;
    return s->date;
  }
  if (const auto* d = std::get_if<plans::document_source>(&i.source)) {
    if (d->value) return shortest(*d->value) + i.target.unit;
    return {};
  }
  return std::holds_alternative<plans::measured_source>(i.source) ? "由账本得出" : "由文件得出";
}

/** Whether the plan itself shows that the target was missed; of books and files only an evaluation can say. */
bool is_missed(const plans::indicator& i) {
  if (const plans::assessment* v = verdict_of(i.source)) return v->how && *v->how != plans::tier::reached;
  const auto* s = std::get_if<plans::stated_source>(&i.source);
  const auto* d = std::get_if<plans::document_source>(&i.source);
  if (i.target.how == plans::sign::none) return false;
  if (s != nullptr && i.target.is_date) return s->date > i.target.number_text;
  if (s != nullptr && s->value && s->value->how != plans::sign::equal) return plans::surely_misses(*s->value, i.target);
  std::optional<exact> value;
  if (s != nullptr && s->value) value = s->value->number;
  if (d != nullptr) value = d->value;
  return value && !evaluate::score(i.rule, i.target, *value, i.weight, {}).met;
}

fill_row plain_row(std::string_view id, std::string_view name) {
  fill_row r;
  r.cells.fill(std::string(not_asked));
  r[field::id] = id;
  r[field::name] = name;
  return r;
}

void take_reason(fill_row& r, const std::string& whole) {
  const auto at = whole.find(measures_mark);
  r[field::reason] = whole.substr(0, at);
  if (at == std::string::npos) return;
  r[field::measures] = whole.substr(at + measures_mark.size());
  constexpr std::string_view end = "。";  // put between them by joined_reason
  if (r[field::reason].ends_with(end)) r[field::reason].resize(r[field::reason].size() - end.size());
}

void take_verdict(fill_row& r, const plans::assessment& v, bool scored) {
  r[field::text] = v.text.empty() && v.how && !scored ? std::string(plans::actual_text(*v.how)) : v.text;
  if (scored) r[field::points] = shortest(v.points);
  r[field::by] = v.by;
  r[field::on] = v.on;
}

fill_row indicator_row(const plans::indicator& i, bool scored) {
  fill_row r;
  r[field::id] = i.id;
  r[field::name] = (i.reason.empty() && is_missed(i) ? std::string(reason_mark) : "") + i.level3;
  r[field::target] = i.target.text;
  r[field::actual] = value_text(i);
  r[field::weight] = shortest(i.weight);
  take_reason(r, i.reason);
  if (i.target.how == plans::sign::none) {
    r[field::why] = not_asked;
    if (const plans::assessment* v = verdict_of(i.source)) take_verdict(r, *v, scored);
    return r;
  }
  r[field::text] = not_asked;
  if (!scored) r[field::by] = r[field::on] = not_asked;
  if (!i.given) return r;
  r[field::points] = shortest(i.given->points);
  r[field::by] = i.given->by;
  r[field::on] = i.given->on;
  r[field::why] = i.given->why;
  return r;
}

}  // namespace

const plans::assessment* verdict_of(const plans::source& s) {
  const std::optional<plans::assessment>* v = nullptr;
  if (const auto* d = std::get_if<plans::document_source>(&s)) v = &d->decided;
  if (const auto* d = std::get_if<plans::stated_source>(&s)) v = &d->decided;
  return v != nullptr && *v ? &**v : nullptr;
}

std::string joined_reason(const std::string& reason, const std::string& measures) {
  if (measures.empty()) return reason;
  const bool ended = reason.empty() || reason.ends_with("。") || reason.ends_with("；");
  return reason + (ended ? "" : "。") + std::string(measures_mark) + measures;
}

std::vector<fill_row> fill_rows(const plans::plan& plan) {
  std::vector<fill_row> out;
  fill_row goal = plain_row(goal_row, "年度总体目标的实际完成情况");
  goal[field::text] = plan.reached_goal;
  fill_row execution = plain_row(execution_row, "未达到 100% 的原因");
  execution[field::reason] = plan.execution.reason;
  fill_row change = plain_row(change_row, "年中调整预算的原因");
  change[field::reason] = plan.execution.change_reason;
  out.push_back(std::move(goal));
  out.push_back(std::move(execution));
  out.push_back(std::move(change));
  for (const plans::indicator& i : plan.indicators) {
    out.push_back(indicator_row(i, plan.scored));
    if (!plan.scored)
      for (const field f : {field::weight, field::points, field::why}) out.back()[f] = not_asked;
  }
  return out;
}

report::grid fill_sheet(const plans::plan& plan) {
  constexpr std::uint32_t to_fill = 0xFFF8E1, must_fill = 0xF8C8C8;
  constexpr double most_height = 400, least_height = 30;
  report::grid g;
  g.name = "填报";
  g.landscape = true;
  const std::vector<field> columns = columns_of(plan);
  for (const field f : columns) g.widths.push_back(column_of(f).width);
  const report::pen p(g);
  const auto add = [&](std::vector<report::grid_cell> cells, double least) {
    double height = least;
    for (report::grid_cell& c : cells) {
      c.row = static_cast<int>(g.heights.size());
      height = std::max(height, p.height_of(c));
      g.cells.push_back(std::move(c));
    }
    g.heights.push_back(std::min(height, most_height));
  };
  const auto line = [&](std::string_view text, bool bold) {
    report::grid_cell c{.column = 0,
                        .columns = static_cast<int>(columns.size()),
                        .text = std::string(text),
                        .style = {},
                        .formula = {}};
    c.style.align = report::side::left;
    c.style.framed = false;
    c.style.bold = bold;
    add({std::move(c)}, 18);
  };
  line(fmt::format("{}：原因与评定填报表", plan.title), true);
  for (const std::string& n : notes_of(plan)) line(n, false);
  std::vector<report::grid_cell> heads;
  for (const field f : columns) {
    heads.push_back({.column = static_cast<int>(heads.size()),
                     .text = std::string(column_of(f).heading),
                     .style = {},
                     .formula = {}});
    heads.back().style.bold = true;
  }
  g.repeated = static_cast<int>(g.heights.size());
  add(std::move(heads), 24);
  for (const fill_row& r : fill_rows(plan)) {
    std::vector<report::grid_cell> cells;
    for (const field f : columns) {
      report::grid_cell c{.column = static_cast<int>(cells.size()), .text = r[f], .style = {}, .formula = {}};
      const bool middle = f == field::id || f == field::weight || c.text == not_asked;
      c.style.align = middle ? report::side::center : report::side::left;
      if (f >= field::reason && c.text != not_asked) c.style.fill = to_fill;
      if (f == field::reason && r[field::name].starts_with(reason_mark)) c.style.fill = must_fill;
      cells.push_back(std::move(c));
    }
    add(std::move(cells), least_height);
  }
  return g;
}

std::string fill_page(const plans::plan& plan) {
  std::string out = fmt::format(
      "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{0}</title>"
      "</head><body><h1>{0}：原因与评定填报表</h1>",
      html_text(plan.title));
  for (const std::string& n : notes_of(plan)) out += fmt::format("<p>{}</p>", n);
  out += "<table><thead><tr>";
  const std::vector<field> columns = columns_of(plan);
  for (const field f : columns) out += fmt::format("<th>{}</th>", column_of(f).heading);
  out += "</tr></thead><tbody>";
  for (const fill_row& r : fill_rows(plan)) {
    out += "<tr>";
    for (const field f : columns) out += fmt::format("<td>{}</td>", html_text(r[f]));
    out += "</tr>";
  }
  return out + "</tbody></table></body></html>";
}

}  // namespace changtong::forms
