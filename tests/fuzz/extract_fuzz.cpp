// A line of an auditor's pack, of any of its files: any bytes are refused or read, and what was read is written as the
// same bytes.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/audit/csv_table.h"
#include "daemon/audit/extract.h"
#include "daemon/audit/head.h"
#include "daemon/audit/manifest.h"

namespace audit = changtong::audit;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(bytes), size);
  if (const auto l = audit::read_line(all); l && audit::line_of(*l) != all) std::abort();
  if (const auto m = audit::read_manifest(all); m && audit::manifest_text(*m) != all) std::abort();
  if (const auto s = audit::read_signature(all); s && audit::signature_text(*s) != all) std::abort();
  if (const auto h = audit::read_head(all); h && audit::head_text(*h) != all) std::abort();
  const audit::csv_table table = audit::read_csv(all);
  for (const auto& row : table.rows)
    if (row.size() != table.headings.size()) std::abort();
  return 0;
}
