#include "daemon/host/file_stamp.h"

#include <fmt/chrono.h>

#include <ctime>

namespace changtong::host {

std::string file_stamp() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  return fmt::format("{:%Y%m%d-%H%M%S}", parts);
}

}  // namespace changtong::host
