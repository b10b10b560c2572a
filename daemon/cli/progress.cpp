#include "daemon/cli/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <string>

#include "daemon/cli/ending.h"

namespace changtong {
namespace {

bool terminal() {
  static const bool is = isatty(STDERR_FILENO) != 0;
  return is;
}

}  // namespace

bool progress(const char* what, std::int64_t done, std::int64_t all) {
  if (terminal()) fmt::print(stderr, "\r{} {} / {}{}", what, done, all, done >= all ? "\n" : "");
  return !interrupted();
}

bool progress(const char* what, double part) {
  static std::string last;
  std::string line = fmt::format("{} {:.0f} %", what, 100 * part);
  if (terminal() && line != last) fmt::print(stderr, "\r\x1b[K{}{}", line, part >= 1 ? "\n" : "");
  last = std::move(line);
  return !interrupted();
}

}  // namespace changtong
