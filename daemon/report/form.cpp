#include "daemon/report/form.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/exact.h"
#include "daemon/report/form_columns.h"
#include "daemon/report/form_words.h"
#include "daemon/report/shortfalls.h"
#include "daemon/report/upload_template.h"
#include "daemon/report/workbook.h"

namespace changtong::report {
namespace {

using evaluate::evaluation;
using evaluate::indicator_result;
using layouts::column;
using layouts::shown;

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
  explicit form_sheet(const evaluation& e) : e_(e), l_(layout_of(e)), pen_(g_), words_(form_words(e)) {
    g_.widths = l_.widths;
    g_.name = filled(l_.tab, words_);
    last_ = static_cast<int>(g_.widths.size()) - 1;
    if (!e.blocking.empty() && e.whole_year) g_.header = "草稿";
  }

  grid drawn() {
    heading();
    money();
    goals();
    indicators();
    total();
    for (const layouts::row& r : l_.tail) plain_row(r, 30, 30, side::left);
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
    grid_cell title = words_cell(filled(l_.title, words_));
    title.style.font = face::xiaobiaosong;
    title.style.points = 18;
    line(title, 36);
    if (!e_.blocking.empty() && !only_declares()) {
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
    for (const layouts::row& r : l_.head) plain_row(r, 24, 20, side::center);
  }

  /** Labels, and values that stand beside them. */
  void plain_row(const layouts::row& r, double least, double least_line, side align) {
    if (!r.empty() && r.front().at.columns == 0)
      return line(words_cell(filled(r.front().words, words_), align), least_line);
    std::vector<grid_cell> cells;
    for (const column& c : r) {
      const bool is_label = c.words.find('{') == std::string::npos;
      cells.push_back(
          at(c.at.column, c.at.columns, is_label ? label(c.words) : words_cell(filled(c.words, words_), align)));
    }
    pen_.row(cells, least);
  }

  [[nodiscard]] grid_cell heading_of(const column& c) const {
    return at(c.at.column, c.at.columns, label(filled(c.words, words_)));
  }

  /** Headings but for those that reach over the whole block. */
  [[nodiscard]] std::vector<grid_cell> headings(const layouts::row& r) const {
    std::vector<grid_cell> cells;
    for (const column& c : r)
      if (c.what != shown::side) cells.push_back(heading_of(c));
    return cells;
  }

  [[nodiscard]] double height_of_sides(const layouts::row& r) const {
    double highest = 0;
    for (const column& c : r)
      if (c.what == shown::side) highest = std::max(highest, pen_.height_of(heading_of(c)));
    return highest;
  }

  void sides(const layouts::row& r, int first) {
    for (const column& c : r)
      if (c.what == shown::side) pen_.over(first, pen_.next() - 1, heading_of(c));
  }

  [[nodiscard]] bool by_adjusted() const { return e_.execution.denominator.starts_with("调整后"); }

  void money() {
    if (l_.money.empty()) return;
    const auto& x = e_.execution;
    const double least = std::max(21.0, height_of_sides(l_.money) / static_cast<double>(x.rows.size() + 1));
    const int first = pen_.row(headings(l_.money), least);
    for (std::size_t i = 0; i < x.rows.size(); ++i) money_row(x.rows[i], i == 0, least);
    sides(l_.money, first);
  }

  void money_row(const evaluate::funds_row& f, bool is_total, double least) {
    if (is_total) execution_row_ = pen_.next();
    std::vector<grid_cell> cells;
    for (const column& c : l_.money)
      if (c.what != shown::side) cells.push_back(at(c.at.column, c.at.columns, money_cell(f, c.what, is_total)));
    pen_.row(cells, least);
  }

  grid_cell money_cell(const evaluate::funds_row& f, shown what, bool is_total) const {
    const auto amount = [](const std::string& text) { return text.empty() ? words_cell("") : number_cell(text); };
    const std::string& budget = by_adjusted() ? f.adjusted : f.full_year;
    switch (what) {
      case shown::name:
        return words_cell(f.name, side::left);
      case shown::initial:
        return amount(f.initial);
      case shown::budget:
        return amount(budget);
      case shown::executed:
        return amount(f.executed);
      case shown::weight:
        return is_total ? number_cell(e_.execution.weight.text) : words_cell("—");
      case shown::rate:
        return is_total ? rate_cell(f, budget) : words_cell("—");
      case shown::score:
        return is_total ? score_cell(f, budget) : words_cell("—");
      case shown::reason:
        return words_cell(is_total ? e_.execution.reason : "", side::left);
      default:
        return words_cell("");
    }
  }

  [[nodiscard]] std::string money_at(shown what) const {
    const column* c = layouts::layout::showing(l_.money, what);
    return c == nullptr ? std::string() : address_of(execution_row_, c->at.column);
  }

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
    return with_formula(c,
                        fmt::format("=ROUND({}/{}*100,{})", money_at(shown::executed), money_at(shown::budget), places),
                        part ? std::optional(rounded(*part * 100, places)) : std::nullopt);
  }

  /** The weight stands in its cell, or as a number where the layout has it in a heading only. */
  [[nodiscard]] std::string weight_of_execution() const {
    const std::string cell = money_at(shown::weight);
    return cell.empty() ? e_.execution.weight.text : cell;
  }

  grid_cell score_cell(const evaluate::funds_row& f, const std::string& budget) const {
    const grid_cell c = printed_points_cell(e_.execution.score, l_);
    const int places = decimals_of(c.text);
    const exact& weight = e_.execution.weight.value;
    const auto part = share(f, budget);
    return with_formula(c,
                        fmt::format("=ROUND(MIN({0},{0}*{1}/{2}),{3})", weight_of_execution(),
                                    money_at(shown::executed), money_at(shown::budget), places),
                        part ? std::optional(rounded(std::min(weight, exact(weight * *part)), places)) : std::nullopt);
  }

  void goals() {
    if (l_.goals.empty()) return;
    const int first = pen_.row(headings(l_.goals));
    std::vector<grid_cell> texts;
    for (const column& c : l_.goals)
      if (c.what != shown::side)
        texts.push_back(at(c.at.column, c.at.columns,
                           words_cell(c.what == shown::expected ? e_.expected_goal : e_.reached_goal, side::left)));
    pen_.row(texts, std::max(42.0, height_of_sides(l_.goals) - 21));
    sides(l_.goals, first);
  }

  /** How many indicators from `from` on share their first (and second) level. */
  [[nodiscard]] std::size_t run(std::size_t from, bool second) const {
    std::size_t to = from + 1;
    while (to < e_.indicators.size() && e_.indicators[to].level1 == e_.indicators[from].level1 &&
           (!second || e_.indicators[to].level2 == e_.indicators[from].level2))
      ++to;
    return to - from;
  }

  [[nodiscard]] grid_cell level1_cell(const column& c, std::size_t from, std::size_t count) const {
    const std::string& name = e_.indicators[from].level1;
    std::string weight;
    for (const evaluate::level_sum& s : e_.levels)
      if (s.name == name) weight = s.weight.text;
    exact sum = 0;
    for (std::size_t i = from; i < from + count; ++i) sum += e_.indicators[i].weight.value;
    const meanings words{{"name", name}, {"points", weight.empty() ? shortest(sum) : weight}};
    return at(c.at.column, c.at.columns, label(filled(l_.level, words)));
  }

  void indicators() {
    const double side_height = height_of_sides(l_.indicators);
    g_.repeated = pen_.row(headings(l_.indicators), e_.indicators.empty() ? side_height : 21);
    first_indicator_ = pen_.next();
    least_ = std::max(28.0, (side_height - 21) / static_cast<double>(std::max<std::size_t>(1, e_.indicators.size())));
    for (std::size_t i = 0; i < e_.indicators.size(); i += run(i, false)) level1(i, run(i, false));
    sides(l_.indicators, *g_.repeated);
  }

  void level1(std::size_t from, std::size_t count) {
    const column* c = layouts::layout::showing(l_.indicators, shown::level1);
    const grid_cell name = c == nullptr ? grid_cell{} : level1_cell(*c, from, count);
    const double height = c == nullptr ? 0 : pen_.height_of(name), least = height / static_cast<double>(count);
    const int first = pen_.next();
    for (std::size_t i = from; i < from + count; i += run(i, true))
      level2(i, run(i, true), i == from ? std::max(least, std::min(height, first_row)) : least);
    if (c != nullptr) pen_.over(first, pen_.next() - 1, name);
  }

  void level2(std::size_t from, std::size_t count, double least) {
    const column* c = layouts::layout::showing(l_.indicators, shown::level2);
    const grid_cell name =
        c == nullptr ? grid_cell{} : at(c->at.column, c->at.columns, words_cell(e_.indicators[from].level2));
    const double height = c == nullptr ? 0 : pen_.height_of(name);
    const int first = pen_.next();
    for (std::size_t i = from; i < from + count; ++i) {
      std::vector<grid_cell> cells;
      for (const column& own : l_.indicators)
        if (own.what != shown::side && own.what != shown::level1 && own.what != shown::level2)
          cells.push_back(at(own.at.column, own.at.columns, indicator_cell(e_.indicators[i], own.what, l_)));
      pen_.row(cells, std::max({least_, least, height / static_cast<double>(count),
                                i == from ? std::min(height, first_row) : 0.0}));
    }
    if (c != nullptr) pen_.over(first, pen_.next() - 1, name);
  }

  /** Of a column of the indicators and the cell of the money block that shows the same; empty where one is not there.
   */
  [[nodiscard]] std::string sum_of(shown what) const {
    const column* c = layouts::layout::showing(l_.indicators, what);
    const std::string execution = money_at(what);
    if (c == nullptr || execution.empty()) return {};
    if (pen_.next() == first_indicator_) return "=" + execution;
    return fmt::format("=ROUND({}+SUM({}:{}),6)", execution, address_of(first_indicator_, c->at.column),
                       address_of(pen_.next() - 1, c->at.column));
  }

  [[nodiscard]] bool is_final() const { return e_.total && e_.whole_year; }

  [[nodiscard]] grid_cell total_points() const {
    if (!e_.scored) return label("—");
    if (!e_.whole_year) return label(e_.forecast_total ? e_.forecast_total->text : "—");
    if (!is_final()) return label("未评定");
    exact scores = e_.execution.score.value;
    for (const indicator_result& i : e_.indicators)
      if (i.score) scores += i.score->value;
    grid_cell points = with_formula(printed_points_cell(*e_.total, l_), sum_of(shown::score), scores);
    points.style.bold = true;
    return points;
  }

  [[nodiscard]] std::string beside_total() const {
    if (!e_.scored) return "—";
    if (is_final()) return e_.grade.empty() ? "" : "自评等级：" + e_.grade;
    if (!e_.whole_year && e_.forecast_total) return e_.forecast_grade.empty() ? "" : "预计等级：" + e_.forecast_grade;
    return fmt::format("已评部分合计{}分", e_.total_so_far.text);
  }

  [[nodiscard]] grid_cell total_cell(const column& c) const {
    switch (c.what) {
      case shown::weight: {
        exact weights = e_.execution.weight.value;
        for (const indicator_result& i : e_.indicators) weights += i.weight.value;
        return with_formula(number_cell(shortest(weights)), sum_of(shown::weight), weights);
      }
      case shown::score:
        return total_points();
      case shown::grade:
        return label(beside_total());
      case shown::side:
        return label(filled(c.words, words_));
      default:
        return words_cell(filled(c.words, words_));
    }
  }

  void total() {
    if (l_.total.empty()) return;
    std::vector<grid_cell> cells;
    for (const column& c : l_.total) cells.push_back(at(c.at.column, c.at.columns, total_cell(c)));
    pen_.row(cells, 26);
  }

  /** Targets alone: there is nothing to be proven yet. */
  [[nodiscard]] bool only_declares() const { return layouts::layout::showing(l_.indicators, shown::actual) == nullptr; }

  void notes() {
    if (only_declares()) return;
    const std::vector<std::string> lines = statement_of(e_);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      grid_cell c = words_cell(fmt::format("{}{}. {}", i == 0 ? "说明：" : "　　　", i + 1, lines[i]), side::left);
      c.style.font = face::fangsong;
      c.style.points = 9;
      line(c);
    }
  }

  const evaluation& e_;
  const layouts::layout& l_;
  grid g_;
  pen pen_;
  const meanings words_;
  int last_ = 0;             ///< column
  int execution_row_ = 0;    ///< of the total in the money block
  int first_indicator_ = 0;  ///< row
  double least_ = 28;        ///< height of an indicator
};

}  // namespace

std::vector<grid> form_sheets(const evaluation& e) {
  std::vector<grid> sheets{form_sheet(e).drawn()};
  if (e.whole_year && layout_of(e).upload) sheets.push_back(upload_template(e));
  return sheets;
}

result<void> write_form(const evaluation& e, const std::string& path) {
  return write_workbook(e.title, form_sheets(e), path);
}

}  // namespace changtong::report
