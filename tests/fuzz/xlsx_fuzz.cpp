// Any bytes as one part of a workbook, the others in order; the first byte says which.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "daemon/reading/xlsx.h"
#include "tests/reading/packed.h"

namespace {

using part = std::pair<const char*, std::string>;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  std::array<part, 5> parts{
      part{
          "xl/worksheets/sheet1.xml",
          R"(<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45352</v></c></row></sheetData></worksheet>)"},
      {"xl/sharedStrings.xml", "<sst><si><t>x</t></si></sst>"},
      {"xl/styles.xml", R"(<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>)"},
      {"xl/workbook.xml", R"(<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>)"},
      {"xl/_rels/workbook.xml.rels",
       R"(<Relationships><Relationship Id="r1" Type="/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" )"
       R"(Type="/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="/styles" Target="styles.xml"/></Relationships>)"}};
  parts[bytes[0] % parts.size()].second.assign(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const auto book = changtong::reading::read_xlsx(changtong::test::packed(parts));
  if (!book) return 0;
  for (const auto& sheet : book->sheets) {
    std::size_t before = 0;
    for (const auto& row : sheet.rows) {
      if (row.number <= before || row.cells.empty()) std::abort();
      before = row.number;
      for (const auto& cell : row.cells)
        if (cell.text.empty() || cell.column >= 1U << 20) std::abort();
    }
    for (const auto& m : sheet.merged)
      if (m.first_row > m.last_row || m.first_column > m.last_column) std::abort();
  }
  return 0;
}
