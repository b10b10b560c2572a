#include "daemon/report/form.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/exact.h"
#include "daemon/report/form_columns.h"
#include "daemon/report/shortfalls.h"
#include "daemon/report/upload_template.h"
#include "daemon/report/workbook.h"

namespace changtong::report {
namespace {

using evaluate::evaluation;
using evaluate::indicator_result;

constexpr std::uint32_t draft_ink = 0xC00000;
constexpr double first_row = 48;  // names up to three lines stand whole in the first row of their group

grid_cell at(int column, int columns, grid_cell c) {
  c.column = column;
  c.columns = columns;
  return c;
}

grid_cell label(std::string_view text) {
  grid_cell c = words_cell(text);
  c.style.bold = true;
  return c;
}

/** `formula`, if it gives what is printed. */
grid_cell with_formula(grid_cell c, const std::string& formula, const std::optional<exact>& gives) {
  if (gives && c.number && parse_exact(c.text) == gives) c.formula = formula;
  return c;
}

/** The main sheet, from top to bottom. */
class form_sheet {
 public:
  explicit form_sheet(const evaluation& e) : e_(e), l_(layout_of(e)), pen_(g_) {
    g_.name = l_.tab;
    g_.widths = {10, 11, 11, 20};
    for (const form_column& c : l_.columns) g_.widths.push_back(c.width);
    last_ = static_cast<int>(g_.widths.size()) - 1;
    if (!e.blocking.empty() && e.whole_year) g_.header = "草稿";
  }

  grid drawn() {
    heading();
    money();
    goals();
    indicators();
    total();
    if (l_.conclusions) conclusions();
    notes();
    keep_off_page_breaks(g_);
    return std::move(g_);
  }

 private:
  void line(grid_cell c, double least = 15) {
    c.style.framed = false;
    pen_.row({at(0, last_ + 1, std::move(c))}, least);
  }

  void heading() {
    grid_cell title = words_cell(l_.title);
    title.style.font = face::xiaobiaosong;
    title.style.points = 18;
    line(title, 36);
    if (!e_.blocking.empty()) {
      grid_cell draft = words_cell(e_.whole_year ? "草稿　不得报送。以下事项完成后才能形成正式表："
                                                 : "绩效运行监控，不是年度自评。年终自评前须补齐：",
                                   side::left);
      draft.style.ink = draft_ink;
      draft.style.bold = true;
      line(draft, 20);
      for (std::size_t i = 0; i < e_.blocking.size(); ++i) {
        grid_cell c = words_cell(fmt::format("　{}. {}", i + 1, e_.blocking[i]), side::left);
        c.style.ink = draft_ink;
        line(c);
      }
    }
    if (!e_.whole_year) line(words_cell("监控期间：" + e_.period_text + "（" + until_text(e_) + "）"), 20);
    pen_.row({at(0, 3, label("项目名称")), at(3, last_ - 2, words_cell(e_.project))}, 24);
    pen_.row({at(0, 3, label("主管部门")), at(3, 2, words_cell(e_.department)), at(5, 1, label("实施单位")),
              at(6, last_ - 5, words_cell(e_.unit))},
             24);
  }

  grid_cell funds(std::size_t field, grid_cell c) const {
    return at(l_.money[field].first, l_.money[field].second, std::move(c));
  }

  [[nodiscard]] bool by_adjusted() const { return e_.execution.denominator.starts_with("调整后"); }

  void money() {
    const auto& x = e_.execution;
    const std::string full = by_adjusted() ? "调整后预算数" : "全年预算数";
    const std::string spent = e_.whole_year ? "全年执行数" : "执行数";
    const grid_cell side_label = at(0, 1, label("项目资金\n（万元）"));
    const double least = std::max(21.0, pen_.height_of(side_label) / static_cast<double>(x.rows.size() + 1));
    const int first = pen_.row(
        {funds(0, label("资金名称")), funds(1, label("年初预算数")), funds(2, label(full)), funds(3, label(spent)),
         funds(4, label(l_.points)), funds(5, label("执行率")), funds(6, label("得分"))},
        least);
    for (std::size_t i = 0; i < x.rows.size(); ++i) money_row(x.rows[i], i == 0, least);
    pen_.over(first, pen_.next() - 1, side_label);
  }

  void money_row(const evaluate::funds_row& f, bool is_total, double least) {
    const auto amount = [](const std::string& text) { return text.empty() ? words_cell("") : number_cell(text); };
    const std::string& budget = by_adjusted() ? f.adjusted : f.full_year;
    grid_cell points = words_cell("—"), rate = points, score = points;
    if (is_total) {
      points = number_cell(e_.execution.weight.text);
      rate = rate_cell(f, budget);
      score = score_cell(f, budget);
      execution_row_ = pen_.next();
    }
    pen_.row({funds(0, words_cell(f.name, side::left)), funds(1, amount(f.initial)), funds(2, amount(budget)),
              funds(3, amount(f.executed)), funds(4, points), funds(5, rate), funds(6, score)},
             least);
  }

  [[nodiscard]] std::string money_at(std::size_t field) const { return address_of(pen_.next(), l_.money[field].first); }

  /** executed/budget as a fraction, if both are stated. */
  static std::optional<exact> share(const evaluate::funds_row& f, const std::string& budget) {
    const std::optional<exact> spent = parse_exact(f.executed), of = parse_exact(budget);
    if (!spent || !of || *of <= 0) return std::nullopt;
    return exact(*spent / *of);
  }

  grid_cell rate_cell(const evaluate::funds_row& f, const std::string& budget) const {
    const grid_cell c = percent_cell(e_.execution.rate.text);
    const int places = decimals_of(c.text);
    const auto part = share(f, budget);
    return with_formula(c, fmt::format("=ROUND({}/{}*100,{})", money_at(3), money_at(2), places),
                        part ? std::optional(rounded(*part * 100, places)) : std::nullopt);
  }

  grid_cell score_cell(const evaluate::funds_row& f, const std::string& budget) const {
    const grid_cell c = number_cell(e_.execution.score.text);
    const int places = decimals_of(c.text);
    const exact& weight = e_.execution.weight.value;
    const auto part = share(f, budget);
    return with_formula(c,
                        fmt::format("=ROUND(MIN({0},{0}*{1}/{2}),{3})", money_at(4), money_at(3), money_at(2), places),
                        part ? std::optional(rounded(std::min(weight, exact(weight * *part)), places)) : std::nullopt);
  }

  void goals() {
    const int first = pen_.row(
        {at(1, 4, label("预期目标")), at(5, last_ - 4, label(e_.whole_year ? "实际完成情况" : "目前完成情况"))});
    const grid_cell side_label = at(0, 1, label("年度总体\n目标"));
    pen_.row(
        {at(1, 4, words_cell(e_.expected_goal, side::left)), at(5, last_ - 4, words_cell(e_.reached_goal, side::left))},
        std::max(42.0, pen_.height_of(side_label) - 21));
    pen_.over(first, pen_.next() - 1, side_label);
  }

  /** How many indicators from `from` on share their first (and second) level. */
  [[nodiscard]] std::size_t run(std::size_t from, bool second) const {
    std::size_t to = from + 1;
    while (to < e_.indicators.size() && e_.indicators[to].level1 == e_.indicators[from].level1 &&
           (!second || e_.indicators[to].level2 == e_.indicators[from].level2))
      ++to;
    return to - from;
  }

  [[nodiscard]] grid_cell level1_cell(std::size_t from, std::size_t count) const {
    const std::string& name = e_.indicators[from].level1;
    std::string weight;
    for (const evaluate::level_sum& s : e_.levels)
      if (s.name == name) weight = s.weight.text;
    exact sum = 0;
    for (std::size_t i = from; i < from + count; ++i) sum += e_.indicators[i].weight.value;
    return at(1, 1, label(fmt::format("{}\n（{}分）", name, weight.empty() ? shortest(sum) : weight)));
  }

  void indicators() {
    std::vector<grid_cell> names{at(0, 1, label("类别")), at(1, 1, label("一级指标")), at(2, 1, label("二级指标")),
                                 at(3, 1, label("三级指标"))};
    for (std::size_t i = 0; i < l_.columns.size(); ++i)
      names.push_back(at(first_own_column + static_cast<int>(i), 1, label(l_.columns[i].heading)));
    g_.repeated = pen_.row(names);
    first_indicator_ = pen_.next();
    for (std::size_t i = 0; i < e_.indicators.size(); i += run(i, false)) level1(i, run(i, false));
    if (pen_.next() > first_indicator_) pen_.over(first_indicator_, pen_.next() - 1, at(0, 1, label("绩效指标")));
  }

  void level1(std::size_t from, std::size_t count) {
    const grid_cell name = level1_cell(from, count);
    const double height = pen_.height_of(name), least = height / static_cast<double>(count);
    const int first = pen_.next();
    for (std::size_t i = from; i < from + count; i += run(i, true))
      level2(i, run(i, true), i == from ? std::max(least, std::min(height, first_row)) : least);
    pen_.over(first, pen_.next() - 1, name);
  }

  void level2(std::size_t from, std::size_t count, double least) {
    const grid_cell name = at(2, 1, words_cell(e_.indicators[from].level2));
    const double height = pen_.height_of(name);
    const int first = pen_.next();
    for (std::size_t i = from; i < from + count; ++i) {
      std::vector<grid_cell> cells{at(3, 1, words_cell(e_.indicators[i].level3, side::left))};
      for (std::size_t k = 0; k < l_.columns.size(); ++k)
        cells.push_back(at(first_own_column + static_cast<int>(k), 1, l_.columns[k].cell(e_.indicators[i])));
      pen_.row(cells, std::max({28.0, least, height / static_cast<double>(count),
                                i == from ? std::min(height, first_row) : 0.0}));
    }
    pen_.over(first, pen_.next() - 1, name);
  }

  [[nodiscard]] std::string sum_of(std::size_t column, std::size_t money_field) const {
    const int c = first_own_column + static_cast<int>(column);
    const std::string execution = address_of(execution_row_, l_.money[money_field].first);
    if (pen_.next() == first_indicator_) return "=" + execution;
    return fmt::format("=ROUND({}+SUM({}:{}),6)", execution, address_of(first_indicator_, c),
                       address_of(pen_.next() - 1, c));
  }

  void total() {
    exact weights = e_.execution.weight.value, scores = e_.execution.score.value;
    for (const indicator_result& i : e_.indicators) {
      weights += i.weight.value;
      if (i.score) scores += i.score->value;
    }
    const int weight = first_own_column + static_cast<int>(l_.weight);
    const int score = first_own_column + static_cast<int>(l_.score);
    grid_cell points = label(e_.whole_year ? "未评定" : "—");
    const bool final = e_.total && e_.whole_year;
    std::string beside = final ? "" : fmt::format("已评部分合计{}分", e_.total_so_far.text);
    if (final) {
      points = with_formula(number_cell(e_.total->text), sum_of(l_.score, 6), scores);
      points.style.bold = true;
    }
    if (!e_.whole_year && e_.forecast_total) {
      points = label(e_.forecast_total->text);
      beside = e_.forecast_grade.empty() ? "" : "预计等级：" + e_.forecast_grade;
    }
    if (final && !e_.grade.empty()) beside = "自评等级：" + e_.grade;
    std::vector<grid_cell> cells{
        at(0, weight, label("总分")),
        at(weight, 1, with_formula(number_cell(shortest(weights)), sum_of(l_.weight, 4), weights)),
        at(score, 1, points)};
    for (int c = score + 1; c < last_; ++c) cells.push_back(at(c, 1, words_cell("—")));
    cells.push_back(at(last_, 1, label(beside)));
    pen_.row(cells, 26);
  }

  void conclusion(std::string_view name, const std::string& text) {
    pen_.row({at(0, 3, label(name)), at(3, last_ - 2, words_cell(text, side::left))}, 30);
  }

  void conclusions() {
    std::string problems, measures;
    for (const shortfall& s : shortfalls_of(e_)) {
      problems += fmt::format("{}{}：{}", problems.empty() ? "" : "\n", s.indicator->level3, s.what);
      if (!s.why.empty()) measures += fmt::format("{}{}：{}", measures.empty() ? "" : "\n", s.indicator->level3, s.why);
    }
    for (const std::string& p : paragraphs_of(e_, "存在问题")) problems += (problems.empty() ? "" : "\n") + p;
    for (const std::string& p : paragraphs_of(e_, "改进措施")) measures += (measures.empty() ? "" : "\n") + p;
    conclusion("评价结论", conclusion_of(e_) + e_.reached_goal);
    conclusion("存在问题", problems.empty() ? "没有未完成的指标。" : problems);
    conclusion("改进措施", measures.empty() ? "—" : measures);
    pen_.row({at(0, 3, label("项目负责人")), at(3, 2, words_cell("")), at(5, 2, label("财务负责人")),
              at(7, last_ - 6, words_cell(""))},
             30);
  }

  void notes() {
    if (!l_.conclusions)
      line(words_cell("填报单位（盖章）：　　　　　　　　填报人：　　　　　　　　单位负责人：　　　　　　　　填报日期："
                      "　　　　年　　月　　日",
                      side::left),
           30);
    const std::vector<std::string> lines = statement_of(e_);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      grid_cell c = words_cell(fmt::format("{}{}. {}", i == 0 ? "说明：" : "　　　", i + 1, lines[i]), side::left);
      c.style.font = face::fangsong;
      c.style.points = 9;
      line(c);
    }
  }

  const evaluation& e_;
  const form_layout l_;
  grid g_;
  pen pen_;
  int last_ = 0;             ///< column
  int execution_row_ = 0;    ///< of the total in the money block
  int first_indicator_ = 0;  ///< row
};

}  // namespace

std::vector<grid> form_sheets(const evaluation& e) {
  std::vector<grid> sheets{form_sheet(e).drawn()};
  if (e.whole_year && e.layout != "sichuan") sheets.push_back(upload_template(e));
  return sheets;
}

result<void> write_form(const evaluation& e, const std::string& path) {
  return write_workbook(e.title, form_sheets(e), path);
}

}  // namespace changtong::report
