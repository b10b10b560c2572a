// Any bytes as an office's sheet, against an inventory: what is added is a line, what is wrong has a row, and the
// inventory that would be written reads back.
#include <cstdint>
#include <cstdlib>

#include "daemon/sheets/preview.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  static const sheets::word_list words = [] {
    sheets::word_list w;
    if (!w.add(std::string(sheets::built_in_import_words()), "import.yaml", false)) std::abort();
    return w;
  }();
  static const std::vector<category> categories{{"township", "乡镇街"}, {"village", "村/社区"}, {"health", "卫生"}};
  const auto grids = sheets::read_grids(std::string(reinterpret_cast<const char*>(bytes), size),
                                        [](const sheets::grid_row& row) { return sheets::headings_in(row, words); });
  if (!grids) return 0;
  auto inventory = sheets::table_file::read(
      "# 清单\r\n编号,类别,电路编号,地址\r\nT01,乡镇街,ZX-1,10.66.1.2\r\n\"V01\",村,ZX-2,\"10.66.1.3 10.66.1.4\"\r\n");
  if (!inventory) std::abort();
  const std::size_t before = inventory->count();
  const sheets::preview p = sheets::compare(sheets::read_sheet(*grids, {}, words, categories), std::move(*inventory),
                                            {.categories = categories, .words = words});
  for (const sheets::added_line& a : p.added)
    if (a.row == 0 || a.cells[sheets::line_columns::id].empty() || a.cells[sheets::line_columns::address].empty())
      std::abort();
  for (const sheets::remark& r : p.problems)
    if (r.text.cn.empty() || r.text.en.empty()) std::abort();
  const auto again = sheets::table_file::read(p.lines_csv);
  if (!again || again->count() != before + p.added.size()) std::abort();
  (void)sheets::to_json(p);
  return 0;
}
