// Any bytes as a written report: every finding quotes the report verbatim, in a line that exists.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "daemon/claims/consistency.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong::claims;
  const std::string_view report(reinterpret_cast<const char*>(bytes), size);
  const auto lines = std::count(report.begin(), report.end(), '\n') + 1;
  measured_figures books{.period = "2023 年", .lines = {}};
  books.lines.up = changtong::milliseconds{1000};
  const beside others{.books = [&](int, int) { return std::optional(books); }, .plan = nullptr};
  for (const contradiction& c : contradictions(report, others)) {
    if (c.quotes.empty() || c.quotes.size() != c.lines.size() || c.quotes.size() != c.places.size()) std::abort();
    for (const std::string& q : c.quotes)
      if (report.find(q) == std::string_view::npos) std::abort();
    for (const int line : c.lines)
      if (line < 1 || line > lines) std::abort();
    if (c.text.empty() || chinese_kind(c.kind) == c.kind) std::abort();
  }
  return 0;
}
