#include "daemon/report/upload_template.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/report/form_columns.h"

namespace changtong::report {
namespace {

constexpr int money_row = 8, goal_row = 12, indicator_row = 14;  // counted from 0

std::vector<grid_cell> row_of(const std::vector<grid_cell>& cells) {
  std::vector<grid_cell> out = cells;
  for (std::size_t i = 0; i < out.size(); ++i) out[i].column = static_cast<int>(i);
  return out;
}

grid_cell name_cell(std::string_view text) {
  grid_cell c = words_cell(text);
  c.style.bold = true;
  return c;
}

std::vector<grid_cell> names(const std::vector<std::string_view>& texts) {
  std::vector<grid_cell> out;
  for (const std::string_view t : texts) out.push_back(name_cell(t));
  return row_of(out);
}

/** One physical row whatever the texts: the system counts rows. Heights end at what a row can have. */
void add(grid& g, const pen& p, std::vector<grid_cell> cells) {
  double height = 18;
  for (grid_cell& c : cells) {
    c.row = static_cast<int>(g.heights.size());
    height = std::max(height, p.height_of(c));
    g.cells.push_back(c);
  }
  g.heights.push_back(std::min(height, 400.0));
}

grid_cell amount(const std::string& text) { return text.empty() ? words_cell("") : number_cell(text); }

std::vector<grid_cell> money_of(const evaluate::evaluation& e, std::size_t i) {
  const auto& x = e.execution;
  if (i >= x.rows.size()) return names({"", "", "", "", "", "", ""});
  const evaluate::funds_row& f = x.rows[i];
  grid_cell none = words_cell("");
  return row_of({words_cell(f.name, side::left), amount(f.initial),
                 amount(x.denominator.starts_with("调整后") ? f.adjusted : f.full_year), amount(f.executed),
                 i == 0 ? number_cell(x.weight.text) : none, i == 0 ? percent_cell(x.rate.text) : none,
                 i == 0 ? number_cell(x.score.text) : none});
}

std::vector<grid_cell> indicator_of(const evaluate::indicator_result& i) {
  return row_of({words_cell(i.level1), words_cell(i.level2), words_cell(i.level3, side::left),
                 words_cell(i.target_text), words_cell(i.actual_text), number_cell(i.weight.text),
                 i.score ? number_cell(i.score->text) : words_cell(""), reason_cell(i)});
}

}  // namespace

grid upload_template(const evaluate::evaluation& e) {
  grid g;
  g.name = "上传模板";
  g.widths = {34, 34, 26, 16, 18, 8, 10, 44};
  g.landscape = true;
  const pen p(g);
  const auto line = [&](const std::string& text) {
    grid_cell c = words_cell(text, side::left);
    c.columns = 8;
    c.style.framed = false;
    add(g, p, {c});
  };
  line(fmt::format("项目支出绩效自评（{}年度）上传模板{}", e.year, e.blocking.empty() ? "" : "　草稿　不得报送"));
  line("第9至12行为资金，第13行为目标（A列预期目标，B列实际完成情况），第15行起为指标；请勿插入或删除行。");
  line(e.execution.rows.size() > 4 ? fmt::format("模板只有四行资金，另有{}行未列入。", e.execution.rows.size() - 4)
                                   : "");
  line("项目名称：" + e.project);
  line("主管部门：" + e.department);
  line("实施单位：" + e.unit);
  line("评价期间：" + e.period_text);
  add(g, p, names({"资金名称", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"}));
  for (std::size_t i = 0; money_row + static_cast<int>(i) < goal_row; ++i) add(g, p, money_of(e, i));
  add(g, p, row_of({words_cell(e.expected_goal, side::left), words_cell(e.reached_goal, side::left)}));
  add(g, p, names({"一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"}));
  static_assert(indicator_row == goal_row + 2);
  for (const auto& i : e.indicators) add(g, p, indicator_of(i));
  return g;
}

}  // namespace changtong::report
