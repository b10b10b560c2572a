#include "daemon/cli/report_file.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/cli/pdf_text.h"
#include "daemon/core/phrase.h"
#include "daemon/host/plain_file.h"
#include "daemon/reading/office_file.h"
#include "daemon/reading/words.h"

namespace changtong {
namespace {

constexpr std::size_t most_bytes = 1 << 20;        // of a text
constexpr std::size_t most_file_bytes = 16 << 20;  // of a document
constexpr std::size_t most_text_bytes = 4 << 20;   // of its text

problem at_file(const std::string& file, problem p) {
  p.file = file;
  return p;
}

/** Each cell costs hundreds of bytes when it is read: columns by rows of nothing would take all of the machine. */
std::optional<phrase> too_large(std::string_view text) {
  if (text.size() > most_text_bytes)
    return both("正文有 {} MiB，至多核对 {} MiB：请删去无关的附件和表格",
                "{} MiB of text, {} are the most: leave out what does not belong to it", text.size() >> 20,
                most_text_bytes >> 20);
  const auto cells = std::ranges::count_if(text, [](char c) { return c == '\t' || c == '|'; });
  if (static_cast<std::size_t>(cells) <= reading::most_table_cells) return std::nullopt;
  return both("表格太大：{} 格，至多核对 {} 格：请删去空的列和无关的表",
              "the tables are too large: {} cells, {} are the most: leave out empty columns and tables that do not "
              "belong to it",
              cells, reading::most_table_cells);
}

/** Text of a file that is none of an office's: UTF-8 or GB18030. */
result<std::string> plain_text(std::string bytes) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff"))
    return said({"这是 UTF-16 文本，请另存为 UTF-8 或 GB18030", "this is UTF-16: save it as UTF-8"});
  auto text = reading::to_utf8(std::move(bytes));
  if (!text)
    return said_at({"既不是 UTF-8 也不是 GB18030 文本，请另存为 UTF-8", "neither UTF-8 nor GB18030"}, text.error().line,
                   text.error().column);
  if (text->find('\0') != std::string::npos)
    return said({"含有 NUL 字节，不是文本", "not a text: it has bytes of zero"});
  return text;
}

result<std::string> text_of(const std::string& path, std::string bytes) {
  switch (reading::office_kind_of(bytes)) {
    case reading::office_kind::packed:
      return reading::office_text(std::move(bytes));
    case reading::office_kind::pdf:
      return pdf_text(path);
    case reading::office_kind::old_office:
      return said({"这是旧格式（.doc、.xls、.wps、.et）：在 Word 或 WPS 中打开，“另存为” .docx 或 .xlsx 后再核对",
                   "an old format (.doc, .xls, .wps): open it and save it as .docx or .xlsx"});
    case reading::office_kind::none:
      break;
  }
  if (bytes.size() > most_bytes) return said(both("超过 {} 字节", "larger than {} bytes", most_bytes));
  return plain_text(std::move(bytes));
}

}  // namespace

result<report_file> read_report_file(const std::string& path) {
  auto bytes = host::read_any_file(path, most_file_bytes);
  if (!bytes) return at_file(path, said(both("无法读取：{}", "cannot be read: {}", words_of(bytes.error()))));
  report_file out{.bytes = std::move(*bytes), .text = {}};
  auto text = text_of(path, out.bytes);
  if (!text) return at_file(path, text.error());
  if (const auto large = too_large(*text)) return at_file(path, said(*large));
  if (text->find_first_not_of(" \t\r\n\f") == std::string::npos)
    return at_file(path, said({"没有文字：可能是扫描件或图片，请先识别为文字（OCR）后另存",
                               "no text in it: a scan or pictures; recognise the text first"}));
  out.text = std::move(*text);
  out.is_document = reading::is_document(out.bytes);
  return out;
}

}  // namespace changtong
