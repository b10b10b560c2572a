#include "daemon/claims/table_blocks.h"

#include <algorithm>
#include <map>

#include "daemon/claims/words.h"

namespace changtong::claims {
namespace {

struct column_words {
  column is;
  std::vector<std::string_view> words;
};

/** The first row that fits: 全年预算数 before 预算, 实际完成值 before 完成. */
const std::vector<column_words>& column_rows() {
  static const std::vector<column_words> rows{
      {column::name, {"事项", "内容", "科目", "名称"}},
      {column::other, {"序号", "偏差", "原因", "说明", "备注", "同比", "增幅", "增长率", "上年"}},
      {column::share, {"占比", "比重", "比例"}},
      {column::rate, {"执行率", "完成率", "支出率", "支付率"}},
      {column::weight, {"分值", "权重", "标准分", "满分"}},
      {column::got, {"得分", "评分"}},
      {column::initial, {"年初预算"}},
      {column::budget, {"全年预算", "调整后预算", "调整预算", "预算数", "预算金额", "预算安排", "预算"}},
      {column::executed, {"执行数", "支出数", "全年执行", "实际支出", "决算数", "支付数", "支出"}},
      {column::actual, {"实际完成", "完成值", "实际值", "全年完成", "实际数", "完成数", "完成情况", "实际", "完成"}},
      {column::target, {"目标值", "指标值", "计划数", "计划值", "年度目标", "计划", "目标"}},
      {column::price, {"单价"}},
      {column::count, {"数量", "条数", "月数", "台数", "人数", "个数"}},
      {column::amount, {"金额", "合价", "总价", "费用"}},
      {column::total, {"合计", "小计", "总计", "全年"}},
      {column::name, {"指标", "项目", "名称", "单位", "类别", "资金", "部门", "乡镇", "月份", "季度"}},
  };
  return rows;
}

column kind_of(std::string_view cell) {
  for (const column_words& row : column_rows())
    if (std::ranges::any_of(row.words, [&](std::string_view w) { return has(cell, w); })) return row.is;
  return column::other;
}

std::vector<std::string> cells_of(std::string_view line, char mark) {
  std::vector<std::string> out;
  std::string cell;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] != mark) {
      cell += line[i];
      continue;
    }
    out.push_back(in_one_form(cell));
    cell.clear();
  }
  if (mark == '|' && out.size() > 2 && line.starts_with('|')) out.erase(out.begin());
  if (mark == '|' && out.size() > 2 && line.ends_with('|')) out.pop_back();
  return out;
}

bool is_head(const std::vector<std::string>& cells) {
  constexpr std::size_t most_columns = 64;  // a row of 合计 is spread to so many
  if (cells.size() > most_columns) return false;
  std::size_t known = 0, filled = 0;
  for (const std::string& c : cells) {
    if (c.empty()) continue;
    ++filled;
    if (figure_of(c) && kind_of(c) == column::other) return false;
    const column k = kind_of(c);
    known += k != column::other && k != column::name && length_of(c) <= 14 ? 1 : 0;
  }
  return filled >= 3 && known >= 2;
}

/** A head of a plain table: words only. */
bool is_plain_head(const std::vector<std::string>& cells) {
  return cells.size() >= 2 && std::ranges::none_of(cells, [](const std::string& c) {
           return c.empty() || !quantities_of(c).empty() || length_of(c) > 16;
         });
}

row row_of(int line, std::vector<std::string> cells, const section& in) {
  row out;
  out.line = line;
  if (!in.heads.empty() && has(in.heads[0], "序") && cells.size() < in.heads.size() && !cells[0].empty() &&
      quantities_of(cells[0]).empty())
    cells.insert(cells.begin(), std::string());  // 其中：… without the number of its row
  out.total = std::ranges::any_of(words().of("whole rows"), [&](const std::string& w) {
    return !cells.empty() &&
           (cells[0] == w || cells[0].ends_with(w) || (cells.size() > 1 && cells[0].empty() && cells[1] == w));
  });
  out.subtotal = out.total && has(cells[0], "小计");
  out.part = !cells.empty() &&
             (cells[0].starts_with("其中") || (cells.size() > 1 && cells[0].empty() && cells[1].starts_with("其中")));
  for (const std::string& c : cells) {
    auto q = figure_of(c);
    out.figures.push_back(std::move(q));
  }
  out.cells = std::move(cells);
  return out;
}

bool numbered(const row& w) {
  const std::string_view name = w.name();
  const std::size_t mark = name.find("、");
  return mark != name.npos && chinese_numeral(name.substr(0, mark)) > 0;
}

/** The rows behind 其中：甲 are its neighbours in the row before it: until the next 二、 or total where rows are
 * numbered, else as far as they make that row up. */
void mark_parts(std::vector<row>& rows) {
  const bool levels = std::ranges::count_if(rows, numbered) > 1;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (!rows[i].part || rows[i - 1].part || rows[i - 1].total) continue;
    std::size_t to = i + 1;
    const auto column = std::ranges::find_if(rows[i].figures, [](const auto& q) { return q.has_value(); });
    const auto at = static_cast<std::size_t>(column - rows[i].figures.begin());
    const quantity* whole = rows[i - 1].at(at);
    exact sum = rows[i].at(at) == nullptr ? exact(0) : rows[i].at(at)->value;
    for (std::size_t k = i + 1; k < rows.size() && !rows[k].total && !numbered(rows[k]); ++k) {
      sum += rows[k].at(at) == nullptr ? exact(0) : rows[k].at(at)->value;
      if (levels || (whole != nullptr && sum == whole->value)) to = k + 1;
    }
    for (std::size_t k = i; k < to; ++k) rows[k].part = true;
  }
}

/** One of a unit; nothing where the text is none. */
std::optional<quantity> one_of(const std::string& unit) {
  const std::string text = "1" + unit;
  auto all = quantities_of(text);
  return !unit.empty() && all.size() == 1 && all[0].at.to == text.size() && !all[0].unit.empty() ? std::optional(all[0])
                                                                                                 : std::nullopt;
}

/** 万元 of 预算数(万元), which is cut off; nothing where the brackets hold no unit. */
std::optional<quantity> unit_behind(std::string& text) {
  const std::size_t open = text.rfind('(');
  if (open == text.npos || !text.ends_with(')')) return std::nullopt;
  auto q = one_of(text.substr(open + 1, text.size() - open - 2));
  if (q) text.erase(open);
  return q;
}

/** 单位：万元 just above a table's head. */
std::optional<quantity> unit_above(const written_report& report, int line) {
  constexpr std::string_view mark = "单位：";
  for (int n = line - 1; n > 0 && n >= line - 2; --n) {
    const std::string above = in_one_form(report.source_line(n));
    if (const std::size_t at = above.find(mark); at != above.npos)
      return one_of(above.substr(at + mark.size(), above.find_first_of(")；", at + mark.size()) - at - mark.size()));
  }
  return std::nullopt;
}

bool of_money(column c) {
  return c == column::initial || c == column::budget || c == column::executed || c == column::amount;
}

/** The same figure, counted in `unit`. */
void take_unit(quantity& q, const std::optional<quantity>& unit) {
  if (!unit || !q.unit.empty()) return;
  q.value *= unit->scale, q.grain *= unit->scale;
  q.scale = unit->scale, q.what = unit->what, q.unit = unit->unit;
}

bool tells_an_amount(column c) {
  return c != column::name && c != column::weight && c != column::got && c != column::rate && c != column::share &&
         c != column::price;
}

/** 2023年, 上年 at the beginning of a head, which is cut off; 本年 says nothing. */
std::string year_words_of(std::string& head) {
  static const word_list years{"上一年度", "上一年", "上年度", "上年", "去年", "本年度", "本年", "当年", "今年"};
  std::string out;
  if (head.size() > 7 && digits_in(head.substr(0, 4)) > 1900 && head.substr(4, 3) == "年") out = head.substr(0, 7);
  for (const std::string& w : years)
    if (out.empty() && head.starts_with(w)) out = w;
  head.erase(0, out.size());
  if (!out.empty() && head.starts_with("度")) head.erase(0, 3);
  return out == "本年度" || out == "本年" || out == "当年" || out == "今年" ? std::string() : out;
}

class rows_of_section {
 public:
  rows_of_section(const written_report& report, const section& s)
      : report_(report), s_(s), above_(unit_above(report, s.line)) {
    for (std::size_t i = 0; i < s.heads.size(); ++i) {
      heads_.push_back(s.heads[i]);
      units_.push_back(unit_behind(heads_.back()));
      if (heads_[i] == "单位" || heads_[i] == "计量单位")
        unit_column_ = i;
      else if (s.columns[i] == column::name)
        names_.push_back(i);
    }
    if (names_.empty()) names_.push_back(unit_column_);
  }

  void read(const row& w, std::size_t paragraph, std::vector<claim>& out) const {
    std::string name;
    for (const std::size_t i : names_)
      if (i < w.cells.size() && !w.cells[i].empty()) name = w.cells[i];
    if (name.starts_with("其中：")) name.erase(0, std::string_view("其中：").size());
    auto unit = unit_behind(name);
    if (!unit && unit_column_ < w.cells.size()) unit = one_of(w.cells[unit_column_]);
    if (w.total) {
      read_points(w, paragraph, out);
      name.clear();  // 受益学生数 of the row 合计 is 受益学生数
      if (w.subtotal) return;
    } else if (name.empty()) {
      return;
    }
    const std::string& text = report_.paragraphs[paragraph].text;
    bool budgeted = false;
    for (std::size_t i = 0, at = 0; i < std::min(heads_.size(), w.cells.size()); ++i) {
      at = std::min(text.find(w.cells[i], at), text.size());
      if (w.at(i) == nullptr || !tells_an_amount(s_.columns[i])) continue;
      claim c = of_cell(*w.at(i), at, name, i);
      take_unit(c.what, units_[i]);
      take_unit(c.what, unit);
      if (of_money(s_.columns[i])) take_unit(c.what, above_);
      const bool budget = s_.columns[i] == column::initial || s_.columns[i] == column::budget;
      if (budget && (has_any(c.before, words().of("adjusted")) || (budgeted && !c.earlier))) continue;
      budgeted |= budget && !c.earlier;
      c.paragraph = paragraph;
      c.words = {0, text.size()};
      if (w.total) c.noun = whole_row;
      out.push_back(std::move(c));
    }
  }

 private:
  /** The points that a table of a hundred comes to. */
  void read_points(const row& w, std::size_t paragraph, std::vector<claim>& out) const {
    const quantity *weight = w.at(s_.find(column::weight)), *got = w.at(s_.find(column::got));
    if (weight == nullptr || got == nullptr || weight->value != 100) return;
    claim c;
    c.what = *got;
    c.what.what = measure::score;
    c.what.unit = "分";
    const std::string& text = report_.paragraphs[paragraph].text;
    const std::size_t at = text.find(w.cells[s_.find(column::got)], text.find(w.cells[s_.find(column::weight)]) + 1);
    if (at == text.npos) return;
    for (stretch* s : {&c.what.at, &c.what.digits}) s->from += at, s->to += at;
    c.before = c.label = c.name = "总分";
    c.paragraph = paragraph;
    c.words = {0, text.size()};
    out.push_back(std::move(c));
  }

  [[nodiscard]] claim of_cell(quantity q, std::size_t at, const std::string& name, std::size_t i) const {
    claim c;
    for (stretch* s : {&q.at, &q.digits}) s->from += at, s->to += at;
    c.what = std::move(q);
    c.before = name + heads_[i];
    std::string head = heads_[i];
    const std::string year = year_words_of(head);
    const column is = s_.columns[i];
    if (is == column::initial || is == column::budget) head = "预算";
    c.planned = is == column::target;
    c.earlier = has_any(heads_[i], words().of("earlier"));
    if (year.size() == 7 && year != std::to_string(report_.year) + "年") c.time = year.substr(0, 4);
    c.label = year + std::string(stripped(name + (c.planned ? "" : std::string(stripped(head, words().of("neutral")))),
                                          words().of("neutral")));
    c.name = plain(c.label, report_);
    return c;
  }

  const written_report& report_;
  const section& s_;
  std::optional<quantity> above_;
  std::vector<std::string> heads_;
  std::vector<std::optional<quantity>> units_;
  std::vector<std::size_t> names_;
  std::size_t unit_column_ = static_cast<std::size_t>(-1);
};

}  // namespace

std::vector<claim> claims_of_tables(const written_report& report) {
  std::map<int, std::size_t> paragraphs;  // of each row's line
  for (std::size_t n = 0; n < report.paragraphs.size(); ++n)
    if (report.paragraphs[n].table) paragraphs.emplace(report.line(report.paragraphs[n], 0), n);
  std::vector<claim> out;
  for (const block& b : blocks_of(report))
    for (const section& s : b) {
      const rows_of_section rows(report, s);
      for (const row& w : s.rows)
        if (const auto p = paragraphs.find(w.line); p != paragraphs.end()) rows.read(w, p->second, out);
    }
  return out;
}

bool comparable(const quantity& a, const quantity& b) {
  return a.what == b.what ? a.what != measure::other || a.unit == b.unit
                          : (a.unit.empty() || b.unit.empty()) && a.what != measure::percent &&
                                b.what != measure::percent && a.what != measure::money && b.what != measure::money;
}

int year_of_head(std::string& head) {
  const bool dated =
      digits_in(head.substr(0, 4)) > 1900 && head.substr(std::min<std::size_t>(4, head.size())).starts_with("年");
  const int year = dated                      ? digits_in(head.substr(0, 4))
                   : head.starts_with("上年") ? 1
                   : head.starts_with("本年") ? 2
                                              : 0;
  if (year > 0) head.erase(0, dated ? 7 : 6);
  if (year > 0 && head.starts_with("度")) head.erase(0, 3);
  return year;
}

std::optional<quantity> figure_of(std::string_view cell) {
  auto all = quantities_of(cell);
  if (all.size() != 1 || all[0].range) return std::nullopt;
  if (cell.substr(0, all[0].at.from) == "−") all[0].value = -all[0].value;
  return all[0];
}

std::vector<block> blocks_of(const written_report& report) {
  std::vector<block> out;
  char open = '\0';
  const auto lines = static_cast<int>(report.line_starts.size());
  for (int n = 1; n <= lines; ++n) {
    const std::string_view line = report.source_line(n);
    const char mark = has(line, "|") ? '|' : '\t';
    auto cells = cells_of(line, mark);
    const std::size_t end = report.line_starts[static_cast<std::size_t>(n) - 1] + line.size();
    if (cells.size() == 1 && open == '\t' && end < report.source.size() && report.source[end] == '\t')
      cells.emplace_back();  // (一)防洪工程 above its rows: a row whose other cells are empty
    if (cells.size() < 2 || mark != open) open = '\0';
    if (cells.size() < 2 || (mark == '|' && line.find_first_not_of("|-: ") == line.npos)) continue;
    if (open == '\0') out.emplace_back();
    if (is_head(cells) || (open == '\0' && is_plain_head(cells))) {
      section s;
      s.line = n;
      for (const std::string& c : cells)
        s.columns.push_back(s.columns.empty() && kind_of(c) != column::other ? column::name : kind_of(c));
      s.heads = std::move(cells);
      out.back().push_back(std::move(s));
    } else if (open == '\0') {  // rows before any head: they belong to the block, and say nothing
      out.back().emplace_back();
    } else {
      section& s = out.back().back();
      s.rows.push_back(row_of(n, std::move(cells), s));
    }
    open = mark;
  }
  for (block& b : out)
    for (section& s : b) mark_parts(s.rows);
  return out;
}

}  // namespace changtong::claims
