// The encodings in which Chinese spreadsheets arrive; the one file that knows ICU.
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/ustring.h>

#include <memory>
#include <vector>

#include "daemon/core/utf8.h"
#include "daemon/reading/encoding.h"
#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

/** A UTF-8 file with a few damaged bytes has mostly whole sequences; GB18030 text read as UTF-8 has mostly broken ones.
 */
bool rather_utf8(std::string_view text) {
  std::size_t whole = 0, broken = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = utf8_length(text.substr(i));
    if (n > 1) ++whole;
    if (n == 0) ++broken;
    i += n == 0 ? 1 : n;
  }
  return whole >= broken;
}

/** None if a byte is no text of this encoding. */
std::optional<std::string> from(const char* encoding, std::string_view bytes) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(encoding, &status), &ucnv_close);
  if (U_FAILURE(status)) return std::nullopt;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  std::vector<UChar> wide(bytes.size() + 1);  // neither encoding has more UTF-16 units than bytes
  const std::int32_t units = ucnv_toUChars(converter.get(), wide.data(), static_cast<std::int32_t>(wide.size()),
                                           bytes.data(), static_cast<std::int32_t>(bytes.size()), &status);
  if (U_FAILURE(status)) return std::nullopt;
  std::string out(static_cast<std::size_t>(units) * 3, '\0');
  std::int32_t length = 0;
  status = U_ZERO_ERROR;
  u_strToUTF8(out.data(), static_cast<std::int32_t>(out.size()), &length, wide.data(), units, &status);
  if (U_FAILURE(status)) return std::nullopt;
  out.resize(static_cast<std::size_t>(length));
  return out;
}

/** The name of its order, or null. Without a mark it shows by the zeros beside ASCII: separators and line ends. */
const char* order_of_utf16(std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe")) return "UTF-16LE";
  if (bytes.starts_with("\xfe\xff")) return "UTF-16BE";
  std::size_t even = 0, odd = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] == '\0') ++(i % 2 == 0 ? even : odd);
  if (even == odd || bytes.size() % 2 != 0) return nullptr;
  return even > odd ? "UTF-16BE" : "UTF-16LE";
}

}  // namespace

result<std::string> sheet_to_utf8(std::string bytes) {
  const char* order = order_of_utf16(bytes);
  if (order == nullptr) return to_utf8(std::move(bytes));
  if (auto text = from(order, bytes)) {
    if (text->starts_with("\xef\xbb\xbf")) text->erase(0, 3);
    return result<std::string>(boost::system::in_place_value, std::move(*text));
  }
  return said_at({"不是完好的 UTF-16 文字：请另存为 'CSV UTF-8'", "this is no sound UTF-16: save it as 'CSV UTF-8'"}, 1,
                 1);
}

std::size_t first_bad_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    const std::size_t n = utf8_length(text.substr(i));
    if (n == 0) return i;
    i += n;
  }
  return std::string_view::npos;
}

result<std::string> to_utf8(std::string bytes) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff"))
    return said_at(
        {"这是 UTF-16 编码：请另存为 'CSV UTF-8'（或 GB18030）", "this is UTF-16: save it as 'CSV UTF-8' (or GB18030)"},
        1, 1);
  if (bytes.starts_with("PK\x03\x04"))
    return said_at({"这是电子表格（XLSX），不是 CSV：请另存为 'CSV UTF-8'",
                    "this is a spreadsheet (XLSX), not CSV: save it as 'CSV UTF-8'"},
                   1, 1);
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.erase(0, 3);
  const std::size_t bad = first_bad_utf8(bytes);
  if (bad == std::string::npos) return result<std::string>(boost::system::in_place_value, std::move(bytes));
  if (!rather_utf8(bytes))
    if (auto converted = from("GB18030", bytes))
      return result<std::string>(boost::system::in_place_value, std::move(*converted));
  const line_column at = position(bytes, bad);
  return said_at({"此字节既不是 UTF-8 也不是 GB18030 文字：请另存为 'CSV UTF-8'",
                  "this byte is neither UTF-8 nor GB18030 text: save the file as 'CSV UTF-8'"},
                 at.line, at.column);
}

}  // namespace changtong::reading
