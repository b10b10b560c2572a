// Never waits for whoever reads a pipe or socket at our standard error: while that stands still lines are lost, and
// then counted. A journal whose disk hangs would otherwise take the thread that probes and the one that answers with
// it.
#include "daemon/core/log.h"

#include <poll.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "daemon/core/mutex.h"
#include "daemon/core/utf8.h"

namespace changtong::log {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto l = spdlog::stderr_color_mt("changtong");
    l->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    return l;
  }();
  return *instance;
}

spdlog::level::level_enum convert(level l) {
  switch (l) {
    case level::debug:
      return spdlog::level::debug;
    case level::info:
      return spdlog::level::info;
    case level::warn:
      return spdlog::level::warn;
    case level::error:
      break;
  }
  return spdlog::level::err;
}

/** A pipe that has room takes one write of this size whole. */
constexpr std::size_t most_bytes = 4'000;

/** Whether whoever reads our log keeps up; a file always does. */
bool has_room() {
  pollfd out{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&out, 1, 0) != 0;
}

mutex writing;
std::uint64_t lost GUARDED_BY(writing) = 0;

}  // namespace

void write(level l, std::string_view text) {
  if (!logger().should_log(convert(l))) return;
  const holding lock(writing);
  if (!has_room()) {
    ++lost;
    return;
  }
  if (lost > 0) {
    logger().warn("日志的读取方停顿，{0} 行未能写出 / who reads the log stood still: {0} lines are lost", lost);
    lost = 0;
    if (!has_room()) {
      ++lost;
      return;
    }
  }
  logger().log(convert(l), "{}{}", shortened(text, most_bytes), text.size() > most_bytes ? " …" : "");
}

void set_level(level l) { logger().set_level(convert(l)); }

}  // namespace changtong::log
