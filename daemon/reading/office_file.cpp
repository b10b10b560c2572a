#include "daemon/reading/office_file.h"

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/reading/docx_lines.h"
#include "daemon/reading/office_package.h"
#include "daemon/reading/xlsx.h"

namespace changtong::reading {
namespace {

const std::string document_part = "word/document.xml";
constexpr std::size_t most_columns = 1000;     ///< of a sheet, as cells of a line
constexpr std::size_t most_text = 16U << 20U;  ///< of a workbook, of a document

std::string one_line(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

result<std::string> text_of(const workbook& book) {
  std::string out;
  for (const workbook_sheet& sheet : book.sheets) {
    for (const sheet_row& row : sheet.rows) {
      std::size_t at = 0;
      for (const sheet_cell& cell : row.cells) {
        if (cell.column >= most_columns || out.size() > most_text)
          return said(both("工作表“{}”太大：至多 {} 列、{} MiB 文字",
                           "sheet {} is too large: {} columns, {} MiB of text", sheet.title, most_columns,
                           most_text >> 20));
        for (; at < cell.column; ++at) out += '\t';
        out += one_line(cell.text);
      }
      out += '\n';
    }
    out += end_of_sheet;
    out += '\n';
  }
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

enum class content { document, workbook, neither };

content content_of(const office_package& parts) {
  if (parts.has(document_part)) return content::document;
  return parts.has("xl/workbook.xml") ? content::workbook : content::neither;
}

problem neither() {
  return said({"压缩包里没有 Word 或 Excel 的正文，请另存为 .docx 或 .xlsx",
               "neither a document nor a workbook: save it as .docx or .xlsx"});
}

/** One table of a document, row by row. */
class table_reader {
 public:
  table_reader(office_table& into, std::size_t& cells) : into_(into), cells_(cells) {}

  void read(const pugi::xml_node& node, int depth) {
    if (depth > deepest_element) return;
    for (const pugi::xml_node& child : node.children()) {
      const std::string_view name = child.name();
      if (name == "w:sdt" || name == "w:sdtContent") read(child, depth + 1);
      if (name == "w:tr") row(child);
    }
  }

 private:
  static std::size_t whole(const pugi::xml_node& of, int least) {
    return static_cast<std::size_t>(std::clamp(of.attribute("w:val").as_int(least), least, 64));
  }

  void row(const pugi::xml_node& node) {
    std::size_t column = whole(node.child("w:trPr").child("w:gridBefore"), 0);
    for (const pugi::xml_node& c : node.children("w:tc")) {
      if (++cells_ > most_table_cells) return;
      const pugi::xml_node about = c.child("w:tcPr");
      const std::size_t span = whole(about.child("w:gridSpan"), 1);
      const pugi::xml_node merge = about.child("w:vMerge");
      const bool below = merge && std::string_view(merge.attribute("w:val").value()) != "restart";
      if (!below || !goes_on(column)) {
        last_[column] = into_.cells.size();
        into_.cells.push_back({.row = row_, .column = column, .rows = 1, .columns = span, .text = words_under(c)});
      }
      column += span;
    }
    ++row_;
  }

  /** The cell above in this column becomes longer. */
  bool goes_on(std::size_t column) {
    const auto above = last_.find(column);
    if (above == last_.end()) return false;
    office_cell& c = into_.cells[above->second];
    if (c.row + c.rows != row_) return false;
    ++c.rows;
    return true;
  }

  office_table& into_;
  std::size_t& cells_;
  std::size_t row_ = 0;
  std::map<std::size_t, std::size_t> last_;  ///< column -> its last cell
};

void tables_under(const pugi::xml_node& node, std::vector<office_table>& out, std::size_t& cells, int depth = 0) {
  if (depth > deepest_element) return;
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = child.name();
    if (name == "w:tbl") {
      table_reader(out.emplace_back(), cells).read(child, depth + 1);
    } else if (name == "w:sdt" || name == "w:sdtContent") {
      tables_under(child, out, cells, depth + 1);
    }
  }
}

office_table table_of(workbook_sheet& sheet, std::size_t& cells) {
  office_table table{.title = one_line(std::move(sheet.title)), .hidden = sheet.hidden, .cells = {}};
  std::map<std::pair<std::size_t, std::size_t>, const merged_range*> merged;
  for (const merged_range& m : sheet.merged) merged.emplace(std::pair(m.first_row, m.first_column), &m);
  for (sheet_row& row : sheet.rows)
    for (sheet_cell& c : row.cells) {
      if (++cells > most_table_cells) return table;
      office_cell& made = table.cells.emplace_back();
      made.row = row.number - 1;
      made.column = c.column;
      made.text = one_line(std::move(c.text));
      const auto m = merged.find({row.number, c.column});
      if (m == merged.end()) continue;
      made.rows = m->second->last_row - m->second->first_row + 1;
      made.columns = m->second->last_column - m->second->first_column + 1;
    }
  return table;
}

}  // namespace

office_kind office_kind_of(std::string_view bytes) {
  if (looks_like_package(bytes)) return office_kind::packed;
  if (looks_like_old_office(bytes)) return office_kind::old_office;
  return bytes.starts_with("%PDF") ? office_kind::pdf : office_kind::none;
}

bool is_document(const std::string& bytes) {
  if (!looks_like_package(bytes)) return false;
  const auto parts = office_package::over(bytes);
  return parts && content_of(*parts) == content::document;
}

result<std::string> office_text(std::string bytes) {
  auto parts = office_package::over(bytes);
  if (!parts) return parts.error();
  std::string out;
  switch (content_of(*parts)) {
    case content::document: {
      pugi::xml_document xml;
      if (const auto read = parse_part(*parts, document_part, false, xml); !read) return read.error();
      each_line(body_of(xml), [&](const pugi::xml_node& line) {
        if (out.size() <= most_text) out += line_of(line) + "\n";
      });
      if (out.size() > most_text)
        return said(both("文档太大：至多 {} MiB 文字", "the document is too large: {} MiB of text", most_text >> 20));
      break;
    }
    case content::workbook: {
      const auto book = read_xlsx(std::move(bytes));
      if (!book) return book.error();
      return text_of(*book);
    }
    case content::neither:
      return neither();
  }
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

result<std::vector<office_table>> office_tables(std::string bytes) {
  if (looks_like_old_office(bytes))
    return said({"这是旧格式（.doc、.xls、.wps、.et）或加了密码：在 Word、Excel 或 WPS 中“另存为” .docx 或 .xlsx",
                 "an old format (.doc, .xls, .wps), or one with a password: save it as .docx or .xlsx"});
  if (!looks_like_package(bytes))
    return said(
        {"不是 .docx 或 .xlsx：请用 Word、Excel 或 WPS 另存", "neither .docx nor .xlsx: save it as one of them"});
  auto parts = office_package::over(bytes);
  if (!parts) return parts.error();
  std::vector<office_table> out;
  std::size_t cells = 0;
  switch (content_of(*parts)) {
    case content::document: {
      pugi::xml_document xml;
      if (const auto read = parse_part(*parts, document_part, false, xml); !read) return read.error();
      tables_under(body_of(xml), out, cells);
      break;
    }
    case content::workbook: {
      auto book = read_xlsx(std::move(bytes));
      if (!book) return book.error();
      for (workbook_sheet& s : book->sheets) out.push_back(table_of(s, cells));
      break;
    }
    case content::neither:
      return neither();
  }
  if (cells > most_table_cells)
    return said(both("表格太大：超过 {} 格", "the tables are too large: more than {} cells", most_table_cells));
  return out;
}

}  // namespace changtong::reading
