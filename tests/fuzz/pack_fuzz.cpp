// A whole pack, or a workbook in it: any bytes are refused or read within bounds.
#include <cstdint>
#include <string>

#include "daemon/audit/cells.h"
#include "daemon/audit/compare.h"
#include "daemon/audit/zip_file.h"

namespace audit = changtong::audit;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto z = audit::zip_reader::over(std::string(reinterpret_cast<const char*>(bytes), size));
  if (!z) return 0;
  for (const audit::zip_member& m : z->members())
    if (const auto text = z->text(m, 1 << 16)) (void)audit::compare_text(m.name, *text, "{}");
  (void)audit::read_cells(*z, 1 << 16);
  return 0;
}
