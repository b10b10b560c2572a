#include "daemon/core/clock_text.h"

#include <fmt/format.h>

namespace changtong {

std::string clock_text(milliseconds length) {
  const std::int64_t s = length.count() / 1000;
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

}  // namespace changtong
