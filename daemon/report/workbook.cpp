#include "daemon/report/workbook.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <system_error>

#include "changtong_version.h"
#include "daemon/core/exact.h"
#include "daemon/core/phrase.h"
#include "daemon/report/columns.h"
#include "daemon/report/tab_names.h"

namespace changtong::report {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_rows = 1'000'000;  // a sheet ends at 1,048,576
constexpr double line_height = 16.5;          // of 10 points, with fonts that are taller than 宋体 too

/** The formats of a book; owned by it. */
struct formats {
  lxw_format *title, *note, *table_title, *heading, *text;

  explicit formats(lxw_workbook* book) {
    const auto make = [&](const char* font, double size) {
      lxw_format* f = workbook_add_format(book);
      format_set_font_name(f, font);
      format_set_font_size(f, size);
      format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
      return f;
    };
    title = make("黑体", 16);
    note = make("宋体", 10);
    format_set_text_wrap(note);
    table_title = make("黑体", 12);
    heading = make("黑体", 10);
    format_set_border(heading, LXW_BORDER_THIN);
    format_set_bg_color(heading, 0xE8EEF7);
    format_set_align(heading, LXW_ALIGN_CENTER);
    format_set_text_wrap(heading);
    const auto value = [&](const char* numbers) {
      lxw_format* f = make("宋体", 10);
      format_set_border(f, LXW_BORDER_HAIR);
      if (numbers != nullptr) format_set_num_format(f, numbers);
      return f;
    };
    text = value(nullptr);
    format_set_text_wrap(text);
    for (std::size_t k = 0; k < numbers.size(); ++k)
      of_kind.at(k) = numbers.at(k) == nullptr ? text : value(numbers.at(k));
  }

  [[nodiscard]] lxw_format* of(cell::kind k) const { return of_kind.at(static_cast<std::size_t>(k)); }

 private:
  /** How a spreadsheet writes a number of each cell::kind, in their order; null: it is text. */
  static constexpr std::array<const char*, 10> numbers{nullptr,
                                                       nullptr,
                                                       "0",
                                                       "0.000000000000",
                                                       "[h]:mm:ss",
                                                       "#,##0.00",
                                                       "0.00000%",
                                                       "yyyy-mm-dd hh:mm:ss",
                                                       "+0.00000\"个百分点\";-0.00000\"个百分点\";0",
                                                       "+0.0%;-0.0%;0.0%"};
  static_assert(numbers.size() == static_cast<std::size_t>(cell::kind::change) + 1);
  std::array<lxw_format*, numbers.size()> of_kind{};
};

/** Lines that `text` takes in `cells` cells. */
double lines_in(std::string_view text, int cells) {
  const auto width = static_cast<std::size_t>(std::max(cells - 1, 1));
  return static_cast<double>(std::max<std::size_t>(1, (cells_of(text) + width - 1) / width));
}

/** The columns of a table in the order of a workbook: those that stand aside come last. */
std::vector<std::size_t> order_of(const table& t) {
  std::vector<std::size_t> out;
  for (const bool aside : {false, true})
    for (std::size_t i = 0; i < t.columns.size(); ++i)
      if (t.columns[i].aside == aside) out.push_back(i);
  return out;
}

/** Over its first value the bars of a sheet as a table. */
table bars_of(const sheet& s) {
  table t{.title = s.bars_title, .columns = s.bar_columns, .rows = {}};
  for (const bar& b : s.bars) {
    t.rows.push_back({text_cell(b.label)});
    t.rows.back().insert(t.rows.back().end(), b.values.begin(), b.values.end());
  }
  return t;
}

/** One sheet, written from top to bottom: the library keeps no row that is done. */
class page {
 public:
  page(lxw_workbook* book, lxw_worksheet* out, std::string tab, const formats& f, const sheet& s)
      : book_(book), out_(out), tab_(std::move(tab)), f_(f), sheet_(s), bars_(bars_of(s)) {
    for (const table& t : s.tables) widen(t);
    if (!s.bars.empty()) widen(bars_);
    if (widths_.empty()) widths_.assign(6, 16);
    on_paper_ = widths_.size();
    if (s.tables.size() == 1)
      on_paper_ -= static_cast<std::size_t>(std::ranges::count(s.tables[0].columns, true, &heading::aside));
    for (std::size_t i = 0; i < on_paper_; ++i) whole_ += widths_[i];
  }

  void write(const std::string& title) {
    worksheet_set_landscape(out_);
    worksheet_set_paper(out_, 9);  // A4
    worksheet_fit_to_pages(out_, 1, 0);
    worksheet_set_margins(out_, 0.5, 0.5, 0.6, 0.6);
    worksheet_set_footer(out_, "&L&A&R第 &P 页，共 &N 页");
    for (std::size_t i = 0; i < widths_.size(); ++i)
      worksheet_set_column(out_, static_cast<lxw_col_t>(i), static_cast<lxw_col_t>(i), widths_[i], nullptr);
    line(title, f_.title, 24);
    for (const std::string& n : sheet_.notes) line(n, f_.note, line_height * lines_in(n, whole_));
    // The chart stands below the first table, its numbers at the end.
    lxw_row_t chart = 0;
    for (std::size_t i = 0; i < sheet_.tables.size(); ++i) {
      write(sheet_.tables[i]);
      if (i > 0 || sheet_.bars.empty()) continue;
      chart = ++row_;
      row_ += chart_rows;
    }
    if (!sheet_.bars.empty()) draw(chart);
    if (on_paper_ < widths_.size())
      worksheet_print_area(out_, 0, 0, std::max<lxw_row_t>(row_, 1) - 1, static_cast<lxw_col_t>(on_paper_ - 1));
  }

 private:
  static constexpr lxw_row_t chart_rows = 15;

  void widen(const table& t) {
    const std::vector<std::size_t> order = order_of(t);
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (widths_.size() <= i) widths_.push_back(8);
      widths_[i] = std::max(widths_[i], t.columns[order[i]].width);
    }
  }

  /** The numbers of the bars, and a chart over them from row `at` on. */
  void draw(lxw_row_t at) {
    write(bars_);
    const auto last = static_cast<lxw_row_t>(row_ - 1);
    const auto first = static_cast<lxw_row_t>(row_ - bars_.rows.size());
    lxw_chart* chart = workbook_add_chart(book_, LXW_CHART_COLUMN);
    if (chart == nullptr) return;
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, tab_.c_str(), first, 0, last, 0);
    chart_series_set_values(series, tab_.c_str(), first, 1, last, 1);
    chart_title_set_name(chart, plain(sheet_.bars_title).c_str());
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    chart_axis_set_num_format(chart->y_axis, bars_.rows[0][1].what == cell::kind::duration ? "[h]:mm" : "0");
    constexpr double usual_width = 480, usual_height = 288, digit = 7, row = 22;  // pixels
    lxw_chart_options options{};
    options.x_scale = std::min(2.0, whole_ * digit / usual_width);
    options.y_scale = chart_rows * row / usual_height * 0.9;
    worksheet_insert_chart_opt(out_, at, 0, chart, &options);
  }

  /** Text over the whole width. */
  void line(const std::string& raw, lxw_format* f, double height) {
    const std::string text = plain(raw);
    worksheet_set_row(out_, row_, std::min(height, 400.0), nullptr);
    if (on_paper_ > 1)
      worksheet_merge_range(out_, row_, 0, row_, static_cast<lxw_col_t>(on_paper_ - 1), text.c_str(), f);
    else
      worksheet_write_string(out_, row_, 0, text.c_str(), f);
    ++row_;
  }

  void write(const table& t) {
    ++row_;
    const std::vector<std::size_t> order = order_of(t);
    if (!t.title.empty()) line(t.title, f_.table_title, 20);
    double height = line_height;
    for (std::size_t i = 0; i < order.size(); ++i)
      height = std::max(height, line_height * lines_in(t.columns[order[i]].text, widths_[i]));
    worksheet_set_row(out_, row_, height + 3, nullptr);
    for (std::size_t i = 0; i < order.size(); ++i)
      worksheet_write_string(out_, row_, static_cast<lxw_col_t>(i), t.columns[order[i]].text.c_str(), f_.heading);
    if (sheet_.tables.size() == 1 && sheet_.bars.empty()) {
      worksheet_freeze_panes(out_, row_ + 1, 0);
      worksheet_repeat_rows(out_, row_, row_);
      if (!t.rows.empty())
        worksheet_autofilter(out_, row_, 0, static_cast<lxw_row_t>(row_ + std::min(t.rows.size(), most_rows)),
                             static_cast<lxw_col_t>(order.size() - 1));
    }
    ++row_;
    if (t.rows.empty()) line(t.if_empty, f_.note, line_height);
    for (std::size_t r = 0; r < t.rows.size(); ++r) {
      if (r == most_rows) return line(fmt::format("另有 {} 行未列出", t.rows.size() - r), f_.note, line_height);
      row_of(t.rows[r], order);
    }
  }

  void row_of(const std::vector<cell>& cells, const std::vector<std::size_t>& order) {
    double height = line_height;
    for (std::size_t i = 0; i < order.size(); ++i)
      if (const cell& c = cells[order[i]]; c.what == cell::kind::text)
        height = std::max(height, line_height * lines_in(c.text, widths_[i]));
    worksheet_set_row(out_, row_, std::min(height, 150.0), nullptr);
    for (std::size_t i = 0; i < order.size(); ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      const cell& c = cells[order[i]];
      if (c.what == cell::kind::blank || (c.what == cell::kind::text && c.text.empty()))
        worksheet_write_blank(out_, row_, column, f_.text);
      else if (c.what == cell::kind::text)
        worksheet_write_string(out_, row_, column, c.text.c_str(), f_.text);
      else
        worksheet_write_number(out_, row_, column, c.number, f_.of(c.what));
    }
    ++row_;
  }

  lxw_workbook* book_;
  lxw_worksheet* out_;
  std::string tab_;
  const formats& f_;
  const sheet& sheet_;
  table bars_;
  std::vector<int> widths_;
  std::size_t on_paper_ = 0;  ///< columns
  int whole_ = 0;             ///< width of these
  lxw_row_t row_ = 0;
};

problem refusal(const std::string& path, std::string_view why) {
  return said(both("{0}：无法写入{1}；检查目录是否存在、可写、有空间",
                   "{0} cannot be written{2}: check that the folder exists, is writable and has room", path,
                   why.empty() ? "" : fmt::format("：{}", why), why.empty() ? "" : fmt::format(" ({})", why)));
}

/** Makes the file with one sheet a name; `fill` writes them. */
template <class Fill>
result<void> write_book(const std::string& path, const std::string& title, std::optional<wall_t> made, bool streamed,
                        const std::vector<std::string>& names, const Fill& fill) {
  const std::string part = path + ".part";
  std::string folder = fs::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  lxw_workbook_options options{};
  options.constant_memory = streamed ? LXW_TRUE : LXW_FALSE;
  options.tmpdir = folder.data();
  if (const std::ofstream first(part, std::ios::binary); !first) return refusal(path, "");  // the library would print
  lxw_workbook* book = workbook_new_opt(part.c_str(), &options);
  if (book == nullptr) return refusal(path, "");
  lxw_doc_properties properties{};
  std::string name = plain(title), maker = "畅通 Changtong " CHANGTONG_VERSION;
  properties.title = name.data();
  properties.author = maker.data();
  if (made) properties.created = ms_of(*made) / 1000;
  workbook_set_properties(book, &properties);
  bool whole = true;
  std::vector<lxw_worksheet*> sheets;
  for (std::size_t i = 0; whole && i < names.size(); ++i) {
    sheets.push_back(workbook_add_worksheet(book, names[i].c_str()));
    whole = sheets.back() != nullptr;  // the temporary file of a sheet could not be made
  }
  if (whole) fill(book, sheets);
  const lxw_error failed = workbook_close(book);
  std::error_code e;
  if (whole && failed == LXW_NO_ERROR) fs::rename(part, path, e);
  if (whole && failed == LXW_NO_ERROR && !e) return {};
  const std::string why = e ? e.message() : std::string(lxw_strerror(failed));
  fs::remove(part, e);
  return refusal(path, why);
}

/** The sheets of a form: few cells, so they stay in memory and merges may reach upwards. */
class form_page {
 public:
  explicit form_page(lxw_workbook* book) : book_(book) {}

  void write(lxw_worksheet* out, const grid& g) {
    if (g.landscape) worksheet_set_landscape(out);
    worksheet_set_paper(out, 9);  // A4
    worksheet_fit_to_pages(out, 1, 0);
    worksheet_center_horizontally(out);
    worksheet_set_margins(out, 0.6, 0.6, 0.75, 0.7);
    worksheet_set_footer(out, "&C第 &P 页，共 &N 页");
    if (!g.header.empty()) worksheet_set_header(out, ("&C" + plain(g.header)).c_str());
    for (std::size_t i = 0; i < g.widths.size(); ++i)
      worksheet_set_column(out, static_cast<lxw_col_t>(i), static_cast<lxw_col_t>(i), g.widths[i], nullptr);
    for (std::size_t i = 0; i < g.heights.size(); ++i)
      worksheet_set_row(out, static_cast<lxw_row_t>(i), g.heights[i], nullptr);
    if (g.repeated)
      worksheet_repeat_rows(out, static_cast<lxw_row_t>(*g.repeated), static_cast<lxw_row_t>(*g.repeated));
    for (const grid_cell& c : g.cells) write(out, c);
  }

 private:
  lxw_format* of(const look& l) {
    const auto known = formats_.find(l);
    if (known != formats_.end()) return known->second;
    static constexpr std::array names{"宋体", "仿宋", "黑体", "方正小标宋简体"};
    lxw_format* f = workbook_add_format(book_);
    format_set_font_name(f, names.at(static_cast<std::size_t>(l.font)));
    format_set_font_size(f, l.points);
    if (l.bold) format_set_bold(f);
    format_set_align(f, l.top ? LXW_ALIGN_VERTICAL_TOP : LXW_ALIGN_VERTICAL_CENTER);
    format_set_align(f, l.align == side::left    ? LXW_ALIGN_LEFT
                        : l.align == side::right ? LXW_ALIGN_RIGHT
                                                 : LXW_ALIGN_CENTER);
    format_set_text_wrap(f);
    if (l.framed) format_set_border(f, LXW_BORDER_THIN);
    if (l.ink != 0) format_set_font_color(f, l.ink);
    if (l.fill != 0xFFFFFF) format_set_bg_color(f, l.fill);
    if (!l.numbers.empty()) format_set_num_format(f, l.numbers.c_str());
    return formats_.emplace(l, f).first->second;
  }

  void write(lxw_worksheet* out, const grid_cell& c) {
    const auto row = static_cast<lxw_row_t>(c.row);
    const auto column = static_cast<lxw_col_t>(c.column);
    lxw_format* f = of(c.style);
    if (c.rows > 1 || c.columns > 1)
      worksheet_merge_range(out, row, column, static_cast<lxw_row_t>(c.row + c.rows - 1),
                            static_cast<lxw_col_t>(c.column + c.columns - 1), "", f);
    const std::string text = lines(c.text);
    const std::optional<double> number = c.number || !c.formula.empty() ? number_of(text) : std::nullopt;
    if (!c.formula.empty() && number)
      worksheet_write_formula_num(out, row, column, c.formula.c_str(), f, *number);
    else if (number)
      worksheet_write_number(out, row, column, *number, f);
    else if (text.empty())
      worksheet_write_blank(out, row, column, f);
    else
      worksheet_write_string(out, row, column, text.c_str(), f);
  }

  /** The double nearest to a printed decimal. The library writes 16 digits of it, which read back as the same double;
   * spreadsheets show 15, the decimal. */
  static std::optional<double> number_of(std::string text) {
    if (!parse_exact(text)) return std::nullopt;
    std::erase(text, ',');
    const char* first = text.data() + (text.starts_with('+') ? 1 : 0);
    double value = 0;
    const auto read = std::from_chars(first, text.data() + text.size(), value);
    return read.ec == std::errc() ? std::optional(value) : std::nullopt;
  }

  static std::string lines(const std::string& text) {
    std::string out;
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t to = std::min(text.find('\n', from), text.size());
      if (from > 0) out += '\n';
      out += plain(std::string_view(text).substr(from, to - from));
      from = to + 1;
    }
    return out.size() <= 32'000 ? out : plain(text);
  }

  lxw_workbook* book_;
  std::map<look, lxw_format*> formats_;
};

}  // namespace

result<void> write_workbook(const document& d, const std::string& path) {
  std::vector<std::string> wanted;
  for (const sheet& s : d.sheets) wanted.push_back(s.name);
  const std::vector<std::string> tabs = tab_names(wanted);
  return write_book(path, d.title, d.made, true, tabs,
                    [&](lxw_workbook* book, const std::vector<lxw_worksheet*>& sheets) {
                      const formats f(book);
                      for (std::size_t i = 0; i < sheets.size(); ++i)
                        page(book, sheets[i], tabs[i], f, d.sheets[i])
                            .write(i == 0 ? d.title : fmt::format("{} · {}", d.title, d.sheets[i].name));
                    });
}

result<void> write_workbook(const std::string& title, const std::vector<grid>& sheets, const std::string& path) {
  std::vector<std::string> wanted;
  for (const grid& g : sheets) wanted.push_back(g.name);
  return write_book(path, title, std::nullopt, false, tab_names(wanted),
                    [&](lxw_workbook* book, const std::vector<lxw_worksheet*>& out) {
                      form_page page(book);
                      for (std::size_t i = 0; i < out.size(); ++i) page.write(out[i], sheets[i]);
                    });
}

}  // namespace changtong::report
