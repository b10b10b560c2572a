#include "daemon/report/workbook.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>

#include "daemon/core/json.h"
#include "daemon/report/columns.h"

namespace changtong::report {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_rows = 1'000'000;  // a sheet ends at 1,048,576
constexpr double line_height = 16.5;          // of 10 points, with fonts that are taller than 宋体 too

/** The formats of a book; owned by it. */
struct formats {
  lxw_format *title, *note, *table_title, *heading, *text, *count, *ratio, *duration, *money;

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
    count = value("0");
    ratio = value("0.000000000000");
    duration = value("[h]:mm:ss");
    money = value("#,##0.00");
  }

  [[nodiscard]] lxw_format* of(cell::kind k) const {
    switch (k) {
      case cell::kind::count:
        return count;
      case cell::kind::ratio:
        return ratio;
      case cell::kind::duration:
        return duration;
      case cell::kind::money:
        return money;
      default:
        return text;
    }
  }
};

/** Lines that `text` takes in `cells` cells. */
double lines_in(std::string_view text, int cells) {
  const auto width = static_cast<std::size_t>(std::max(cells - 1, 1));
  return static_cast<double>(std::max<std::size_t>(1, (cells_of(text) + width - 1) / width));
}

/** One sheet, written from top to bottom: the library keeps no row that is done. */
class page {
 public:
  page(lxw_worksheet* out, const formats& f, const sheet& s) : out_(out), f_(f), sheet_(s) {
    for (const table& t : s.tables)
      for (std::size_t i = 0; i < t.columns.size(); ++i) {
        if (widths_.size() <= i) widths_.push_back(8);
        widths_[i] = std::max(widths_[i], t.columns[i].width);
      }
    if (widths_.empty()) widths_.assign(6, 16);
    for (const int w : widths_) whole_ += w;
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
    if (!sheet_.bars.empty()) line(sheet_.bars_title, f_.table_title, 20);
    for (const bar& b : sheet_.bars)  // a bar is for the eye; here its number stands
      line(fmt::format("{}　{}", b.label, b.text), f_.note, line_height);
    for (std::size_t i = 0; i < sheet_.tables.size(); ++i) write(sheet_.tables[i], i == 0);
  }

 private:
  /** Text over the whole width. */
  void line(const std::string& raw, lxw_format* f, double height) {
    const std::string text = plain(raw);
    worksheet_set_row(out_, row_, std::min(height, 400.0), nullptr);
    if (widths_.size() > 1)
      worksheet_merge_range(out_, row_, 0, row_, static_cast<lxw_col_t>(widths_.size() - 1), text.c_str(), f);
    else
      worksheet_write_string(out_, row_, 0, text.c_str(), f);
    ++row_;
  }

  void write(const table& t, bool first) {
    ++row_;
    if (!t.title.empty()) line(t.title, f_.table_title, 20);
    double height = line_height;
    for (std::size_t i = 0; i < t.columns.size(); ++i)
      height = std::max(height, line_height * lines_in(t.columns[i].text, widths_[i]));
    worksheet_set_row(out_, row_, height + 3, nullptr);
    for (std::size_t i = 0; i < t.columns.size(); ++i)
      worksheet_write_string(out_, row_, static_cast<lxw_col_t>(i), t.columns[i].text.c_str(), f_.heading);
    if (first && sheet_.tables.size() == 1) {
      worksheet_freeze_panes(out_, row_ + 1, 0);
      worksheet_repeat_rows(out_, row_, row_);
    }
    ++row_;
    if (t.rows.empty()) line(t.if_empty, f_.note, line_height);
    for (std::size_t r = 0; r < t.rows.size(); ++r) {
      if (r == most_rows) return line(fmt::format("另有 {} 行未列出", t.rows.size() - r), f_.note, line_height);
      row_of(t.rows[r]);
    }
  }

  void row_of(const std::vector<cell>& cells) {
    double height = line_height;
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i].what == cell::kind::text)
        height = std::max(height, line_height * lines_in(cells[i].text, widths_[i]));
    worksheet_set_row(out_, row_, std::min(height, 150.0), nullptr);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      const cell& c = cells[i];
      if (c.what == cell::kind::blank || (c.what == cell::kind::text && c.text.empty()))
        worksheet_write_blank(out_, row_, column, f_.text);
      else if (c.what == cell::kind::text)
        worksheet_write_string(out_, row_, column, c.text.c_str(), f_.text);
      else
        worksheet_write_number(out_, row_, column, c.number, f_.of(c.what));
    }
    ++row_;
  }

  lxw_worksheet* out_;
  const formats& f_;
  const sheet& sheet_;
  std::vector<int> widths_;
  int whole_ = 0;
  lxw_row_t row_ = 0;
};

std::string legal(std::string_view name) {
  std::string out;
  std::size_t characters = 0;
  for (std::string_view rest = name; !rest.empty() && characters < 31; ++characters) {
    const std::size_t length = std::max<std::size_t>(utf8_length(rest), 1);
    if (length == 4) ++characters;  // two UTF-16 units
    const char c = rest[0];
    if (std::string_view("[]:*?/\\'").find(c) != std::string_view::npos)
      out += '_';
    else
      out += rest.substr(0, length);
    rest.remove_prefix(length);
  }
  return out.empty() ? "_" : out;
}

problem refusal(const std::string& path, std::string_view why) {
  return {.text = fmt::format(
              "{}: 无法写入{}{}；检查目录是否存在、可写、有空间 / cannot be written: check that the folder exists, is "
              "writable and has room",
              path, why.empty() ? "" : "：", why)};
}

/** As spreadsheets compare them. */
std::string folded(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

}  // namespace

std::vector<std::string> tab_names(const document& d) {
  std::set<std::string> taken{"history"};  // reserved by Excel
  std::vector<std::string> out;
  for (const sheet& s : d.sheets) {
    std::string name = legal(plain(s.name));
    for (int n = 2; !taken.insert(folded(name)).second; ++n) {
      const std::string suffix = fmt::format("_{}", n);
      name = legal(plain(s.name));
      while (!name.empty() && cells_of(name) + suffix.size() > 31) {
        do name.pop_back();
        while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xC0U) == 0x80U);
        if (!name.empty() && static_cast<unsigned char>(name.back()) >= 0xC0U) name.pop_back();
      }
      name += suffix;
    }
    out.push_back(name);
  }
  return out;
}

result<void> write_workbook(const document& d, const std::string& path) {
  const std::string part = path + ".part";
  std::string folder = fs::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = folder.data();
  if (const std::ofstream first(part, std::ios::binary); !first) return refusal(path, "");  // the library would print
  lxw_workbook* book = workbook_new_opt(part.c_str(), &options);
  if (book == nullptr) return refusal(path, "");
  lxw_doc_properties properties{};
  std::string title = plain(d.title), maker = "畅通 Changtong " CHANGTONG_VERSION;
  properties.title = title.data();
  properties.author = maker.data();
  if (d.made) properties.created = ms_of(*d.made) / 1000;
  workbook_set_properties(book, &properties);
  const formats f(book);
  const std::vector<std::string> names = tab_names(d);
  bool whole = true;
  for (std::size_t i = 0; i < d.sheets.size(); ++i) {
    lxw_worksheet* out = workbook_add_worksheet(book, names[i].c_str());
    if (out == nullptr) {
      whole = false;  // the temporary file of a sheet could not be made
      break;
    }
    page(out, f, d.sheets[i]).write(i == 0 ? d.title : fmt::format("{} · {}", d.title, d.sheets[i].name));
  }
  const lxw_error failed = workbook_close(book);
  std::error_code e;
  if (whole && failed == LXW_NO_ERROR) fs::rename(part, path, e);
  if (whole && failed == LXW_NO_ERROR && !e) return {};
  const std::string why = e ? e.message() : std::string(lxw_strerror(failed));
  fs::remove(part, e);
  return refusal(path, why);
}

}  // namespace changtong::report
