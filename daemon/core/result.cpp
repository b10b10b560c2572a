#include "daemon/core/result.h"

namespace changtong {

std::string to_string(const problem& p) {
  if (p.file.empty()) return p.text;
  return p.file + ":" + std::to_string(p.line) + ":" + std::to_string(p.column) + ": " + p.text;
}

}  // namespace changtong
