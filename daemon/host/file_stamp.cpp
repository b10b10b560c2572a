#include "daemon/host/file_stamp.h"

#include <fmt/chrono.h>

#include <ctime>

namespace changtong::host {

std::string file_stamp(std::chrono::seconds ago) {
  const std::time_t now = std::time(nullptr) - ago.count();
  std::tm parts{};
  ::localtime_r(&now, &parts);
  return fmt::format("{:%Y%m%d-%H%M%S}", parts);
}

}  // namespace changtong::host
