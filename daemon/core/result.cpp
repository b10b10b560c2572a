#include "daemon/core/result.h"

namespace changtong {

std::string to_string(const problem& p) {
  const std::string said = p.text_en.empty() ? p.text : p.text + " / " + p.text_en;
  if (p.file.empty()) return said;
  if (p.line == 0) return p.file + ": " + said;
  const std::string at = p.column == 0 ? "" : ":" + std::to_string(p.column);
  return p.file + ":" + std::to_string(p.line) + at + ": " + said;
}

void throw_exception_from_error(const problems& p, const boost::source_location&) {
  throw std::logic_error(p.list.empty() ? "no settings" : to_string(p.list.front()));
}

}  // namespace changtong
