// A line of an auditor's pack, of any of its files: any bytes are refused or read, and what was read is written as the
// same bytes.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/audit/compare.h"
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
  const std::string_view computed = "a,b,later\r\n1,2,x\r\n";
  if (audit::compare_text("t.csv", all, computed).empty() != (all == computed)) std::abort();
  (void)audit::compare_text("t.csv", all, computed, audit::columns::first_ones);
  return 0;
}
