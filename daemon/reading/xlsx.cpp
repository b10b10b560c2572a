#include "daemon/reading/xlsx.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <string_view>

#include "daemon/core/ascii.h"
#include "daemon/core/phrase.h"
#include "daemon/reading/days.h"
#include "daemon/reading/office_package.h"

namespace changtong::reading {
namespace {

using kind = sheet_cell::kind;

/** Writers differ in the prefix of a name: `row` and `x:row` are one. */
bool is(const pugi::xml_node& node, std::string_view name) {
  std::string_view full = node.name();
  if (const auto colon = full.rfind(':'); colon != std::string_view::npos) full.remove_prefix(colon + 1);
  return full == name;
}

pugi::xml_node child(const pugi::xml_node& of, std::string_view name) {
  for (const pugi::xml_node& n : of.children())
    if (is(n, name)) return n;
  return {};
}

/** `id` also as r:id. */
std::string_view attribute(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_attribute& a : node.attributes()) {
    std::string_view full = a.name();
    if (full == name ||
        (full.ends_with(name) && full.size() > name.size() && full[full.size() - name.size() - 1] == ':'))
      return a.value();
  }
  return {};
}

template <class T>
std::optional<T> number_of(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/** `B12` -> column 1, row 12; either may be missing (0 for a row). */
struct reference {
  std::optional<std::size_t> column;
  std::size_t row = 0;
};

reference reference_of(std::string_view text) {
  constexpr std::size_t most_columns = 16'384;
  reference r;
  std::size_t column = 0, at = 0;
  for (; at < text.size() && text[at] >= 'A' && text[at] <= 'Z' && column <= most_columns; ++at)
    column = column * 26 + static_cast<std::size_t>(text[at] - 'A' + 1);
  if (column > 0 && column <= most_columns) r.column = column - 1;
  r.row = number_of<std::size_t>(text.substr(at)).value_or(0);
  return r;
}

/** How the numbers of a style are shown. */
struct number_style {
  bool day = false;
  int percent = -1;       ///< digits behind the point
  std::size_t zeros = 0;  ///< filled up to so many digits
};

/** Without what stands in quotes and brackets; only what is for positive numbers. */
std::string bare_format(std::string_view code) {
  std::string out;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    if (code[i] == '"' || code[i] == '[') {
      i = std::min(code.find(code[i] == '"' ? '"' : ']', i + 1), code.size());
    } else if (code[i] == '\\' || code[i] == '_' || code[i] == '*') {
      ++i;
    } else {
      out += ascii::lower(code[i]);
    }
  }
  return out;
}

number_style style_of(std::string_view code) {
  number_style s;
  const std::string bare = bare_format(code);
  if (bare == "general") return s;
  s.day = bare.find_first_of("yd") != std::string::npos;
  if (!s.day && bare.ends_with('%')) {
    const auto point = bare.find('.');
    s.percent = point == std::string::npos ? 0 : static_cast<int>(std::min<std::size_t>(bare.size() - point - 2, 9));
  }
  if (!bare.empty() && bare.size() <= 32 && bare.find_first_not_of('0') == std::string::npos) s.zeros = bare.size();
  return s;
}

/** Formats that have a number and no code; those of Chinese versions among them. */
number_style built_in(unsigned id) {
  number_style s;
  s.day = (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) ||
          id == 57 || id == 58;
  s.percent = id == 9 ? 0 : id == 10 ? 2 : -1;
  return s;
}

class workbook_reader {
 public:
  explicit workbook_reader(office_package& from) : from_(from) {}

  result<workbook> read() {
    pugi::xml_document xml;
    const std::string folder = "xl/";
    if (const auto good = parse(folder + "workbook.xml", xml); !good) return good.error();
    const pugi::xml_node book = child(xml, "workbook");
    const std::string_view since = attribute(child(book, "workbookPr"), "date1904");
    out_.from_1904 = since == "1" || since == "true";
    if (const auto good = read_relations(folder); !good) return good.error();
    for (const pugi::xml_node& s : child(book, "sheets").children()) {
      const auto part = sheets_.find(std::string(attribute(s, "id")));
      if (!is(s, "sheet") || part == sheets_.end()) continue;
      workbook_sheet& made = out_.sheets.emplace_back();
      made.title = attribute(s, "name");
      const std::string_view state = attribute(s, "state");
      made.hidden = !state.empty() && state != "visible";
      if (const auto good = read_sheet(part->second, made); !good) return good.error();
    }
    if (out_.sheets.empty()) return said({"工作簿里没有工作表", "the workbook has no sheet"});
    return std::move(out_);
  }

 private:
  /** No document type and no entities are read: a workbook has none, and a hostile one must not grow here. */
  result<void> parse(const std::string& name, pugi::xml_document& into) {
    const auto text = from_.part(name);
    if (!text) return text.error();
    if (!into.load_buffer(text->data(), text->size(),
                          pugi::parse_minimal | pugi::parse_escapes | pugi::parse_ws_pcdata))
      return said(both("部件 {} 不是 XML", "the part {} is no XML", name));
    return {};
  }

  result<void> read_relations(const std::string& folder) {
    pugi::xml_document xml;
    if (const auto good = parse(folder + "_rels/workbook.xml.rels", xml); !good) return good;
    std::string strings, styles;
    for (const pugi::xml_node& r : child(xml, "Relationships").children()) {
      const std::string_view type = attribute(r, "Type"), target = attribute(r, "Target");
      const std::string part = target.starts_with('/') ? std::string(target.substr(1)) : folder + std::string(target);
      if (type.ends_with("/worksheet")) sheets_.emplace(attribute(r, "Id"), part);
      if (type.ends_with("/sharedStrings")) strings = part;
      if (type.ends_with("/styles")) styles = part;
    }
    if (!strings.empty() && from_.has(strings))
      if (const auto good = read_strings(strings); !good) return good;
    if (!styles.empty() && from_.has(styles)) return read_styles(styles);
    return {};
  }

  result<void> read_strings(const std::string& part) {
    pugi::xml_document xml;
    if (const auto good = parse(part, xml); !good) return good;
    for (const pugi::xml_node& si : child(xml, "sst").children())
      if (is(si, "si")) strings_.push_back(text_under(si));
    return {};
  }

  result<void> read_styles(const std::string& part) {
    pugi::xml_document xml;
    if (const auto good = parse(part, xml); !good) return good;
    std::map<unsigned, number_style> own;
    const pugi::xml_node sheet = child(xml, "styleSheet");
    for (const pugi::xml_node& f : child(sheet, "numFmts").children())
      own[number_of<unsigned>(attribute(f, "numFmtId")).value_or(0)] = style_of(attribute(f, "formatCode"));
    for (const pugi::xml_node& x : child(sheet, "cellXfs").children()) {
      const unsigned id = number_of<unsigned>(attribute(x, "numFmtId")).value_or(0);
      const auto known = own.find(id);
      styles_.push_back(known == own.end() ? built_in(id) : known->second);
    }
    return {};
  }

  /** The text of a string, plain or in runs; how it is pronounced (rPh) is left out. */
  static std::string text_under(const pugi::xml_node& node) {
    std::string text;
    for (const pugi::xml_node& n : node.children()) {
      if (is(n, "t")) text += n.child_value();
      if (is(n, "r")) text += child(n, "t").child_value();
    }
    return without_returns(text);
  }

  /** `_x000D_` is a character that XML cannot hold, of which only line ends are met. */
  static std::string without_returns(std::string_view text) {
    constexpr std::string_view mark = "_x000D_";
    std::string out;
    for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark)) {
      out += text.substr(0, at);
      text.remove_prefix(at + mark.size());
    }
    return out += text;
  }

  result<void> read_sheet(const std::string& part, workbook_sheet& into) {
    constexpr std::size_t most_rows = 1'048'576;
    pugi::xml_document xml;
    if (const auto good = parse(part, xml); !good) return good;
    const pugi::xml_node sheet = child(xml, "worksheet");
    std::size_t number = 0;
    for (const pugi::xml_node& row : child(sheet, "sheetData").children()) {
      if (!is(row, "row")) continue;
      const std::size_t stated = number_of<std::size_t>(attribute(row, "r")).value_or(number + 1);
      if (stated <= number || stated > most_rows)
        return said({"工作表的行次序不对：请在 Excel 或 WPS 中打开后另存",
                     "the rows of the sheet are out of order: open it in Excel or WPS and save it anew"});
      number = stated;
      if (const auto good = read_row(row, number, into); !good) return good;
    }
    for (const pugi::xml_node& m : child(sheet, "mergeCells").children()) {
      if (into.merged.size() == most_merged_ranges) break;
      const std::string_view range = attribute(m, "ref");
      const auto colon = std::min(range.find(':'), range.size());
      const reference from = reference_of(range.substr(0, colon));
      const reference to = colon == range.size() ? from : reference_of(range.substr(colon + 1));
      if (from.column && to.column && from.row >= 1 && from.row <= to.row && *from.column <= *to.column)
        into.merged.push_back({from.row, to.row, *from.column, *to.column});
    }
    return {};
  }

  result<void> read_row(const pugi::xml_node& row, std::size_t number, workbook_sheet& into) {
    const std::string_view hidden = attribute(row, "hidden");
    sheet_row made{.number = number, .hidden = hidden == "1" || hidden == "true", .cells = {}};
    std::size_t next = 0;
    for (const pugi::xml_node& c : row.children()) {
      if (!is(c, "c")) continue;
      const std::size_t column = reference_of(attribute(c, "r")).column.value_or(next);
      next = column + 1;
      sheet_cell cell = cell_of(c);
      if (cell.text.empty()) continue;
      cell.column = column;
      cells_ += 1;
      text_ += cell.text.size();
      if (cells_ > most_sheet_cells || text_ > most_sheet_text)
        return said({"工作簿过大：请删去无关的工作表后另存",
                     "the workbook is too large: remove sheets that do not belong to it"});
      made.cells.push_back(std::move(cell));
    }
    std::ranges::sort(made.cells, {}, &sheet_cell::column);
    if (!made.cells.empty()) into.rows.push_back(std::move(made));
    return {};
  }

  sheet_cell cell_of(const pugi::xml_node& c) {
    const std::string_view type = attribute(c, "t");
    if (type == "inlineStr") return sheet_cell{.text = text_under(child(c, "is")), .what = kind::text};
    const std::string_view value = child(c, "v").child_value();
    if (type == "s") {
      const auto place = number_of<std::size_t>(value);
      return sheet_cell{.text = place && *place < strings_.size() ? strings_[*place] : "", .what = kind::text};
    }
    if (type == "e") return sheet_cell{.text = std::string(value), .what = kind::error};
    if (type == "b") return sheet_cell{.text = value == "1" ? "TRUE" : "FALSE", .what = kind::text};
    const auto number = type.empty() || type == "n" ? number_of<double>(value) : std::nullopt;
    if (!number) return sheet_cell{.text = std::string(value), .what = kind::text};
    const std::size_t style = number_of<std::size_t>(attribute(c, "s")).value_or(styles_.size());
    return shown(*number, style < styles_.size() ? styles_[style] : number_style{});
  }

  [[nodiscard]] sheet_cell shown(double value, const number_style& how) const {
    constexpr double exact = 1e15;
    if (how.day)
      if (auto day = day_of_serial(value, out_.from_1904))
        return sheet_cell{.text = std::move(*day), .what = kind::day};
    if (!std::isfinite(value) || std::fabs(value) >= exact)
      return sheet_cell{.text = fmt::format("{:.15g}", value), .what = kind::spoilt};
    if (how.percent >= 0)
      return sheet_cell{.text = fmt::format("{:.{}f}%", value * 100, how.percent), .what = kind::number};
    const bool whole = value == std::floor(value);
    std::string text = whole ? fmt::format("{:.0f}", value) : fmt::format("{:.15g}", value);
    if (whole && value >= 0 && text.size() < how.zeros) text.insert(0, how.zeros - text.size(), '0');
    return sheet_cell{.text = std::move(text), .what = kind::number};
  }

  office_package& from_;
  workbook out_;
  std::map<std::string, std::string, std::less<>> sheets_;  ///< id of the relation -> part
  std::vector<std::string> strings_;
  std::vector<number_style> styles_;
  std::size_t cells_ = 0, text_ = 0;
};

}  // namespace

result<workbook> read_xlsx(std::string bytes) {
  auto package = office_package::over(std::move(bytes));
  if (!package) return package.error();
  if (!package->has("xl/workbook.xml"))
    return said({"不是 Excel 工作簿（XLSX）：请另存为 .xlsx 或 CSV",
                 "it is no workbook of Excel (XLSX): save it as .xlsx or CSV"});
  return workbook_reader(*package).read();
}

}  // namespace changtong::reading
