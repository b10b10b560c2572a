// Never waits for whoever reads a pipe or socket at our standard error, nor for the disk of a file there: while that
// stands still lines are lost, and then counted. A journal whose disk hangs would otherwise take the thread that probes
// and the one that answers with it.
#include "daemon/core/log.h"

#include <poll.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/core/civil.h"
#include "daemon/core/log_lines.h"
#include "daemon/core/mutex.h"
#include "daemon/core/utf8.h"

namespace changtong::log {
namespace {

/** Never destroyed: a line on its way to a disk that hangs may outlive main. */
spdlog::logger& logger() {
  static const auto& instance = *new auto([] {
    auto l = spdlog::stderr_color_mt("changtong");
    l->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");  // coloured on a terminal
    return l;
  }());
  return *instance;
}

class civil_time final : public spdlog::custom_flag_formatter {
 public:
  explicit civil_time(civil_zone zone) : zone_(std::move(zone)) {}
  void format(const spdlog::details::log_msg& line, const std::tm& /*machine's*/, spdlog::memory_buf_t& to) override {
    const std::string text = zone_.format(std::chrono::floor<milliseconds>(line.time));
    to.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<civil_time>(zone_);
  }

 private:
  civil_zone zone_;
};

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

/** Whether whoever reads our log keeps up; a file has room always, and its disk may hang. */
bool has_room() {
  pollfd out{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&out, 1, 0) != 0;
}

bool is_a_file() {
  struct stat about{};
  return ::fstat(STDERR_FILENO, &about) == 0 && S_ISREG(about.st_mode);
}

void say_lost(std::uint64_t count) {
  logger().warn("日志的读取方停顿，{0} 行未能写出 / who reads the log stood still: {0} lines are lost", count);
}

void put(const line& l, std::uint64_t lost_before) {
  if (lost_before > 0) say_lost(lost_before);
  logger().log(l.at, {}, convert(l.of), l.text);
}

mutex writing;
std::uint64_t lost GUARDED_BY(writing) = 0;

/** To a pipe, socket or terminal. */
void write_now(const line& l) REQUIRES(writing) {
  if (!has_room()) {
    ++lost;
    return;
  }
  if (lost > 0) {
    say_lost(lost);
    lost = 0;
    if (!has_room()) {
      ++lost;
      return;
    }
  }
  put(l, 0);
}

}  // namespace

void write(level l, std::string_view text) {
  if (!logger().should_log(convert(l))) return;
  line one{.at = std::chrono::system_clock::now(), .of = l, .text = std::string(shortened(text, most_bytes))};
  if (text.size() > most_bytes) one.text += " …";
  if (is_a_file()) {
    static lines waiting(put);
    return waiting.add(std::move(one));
  }
  const holding lock(writing);
  write_now(one);
}

void set_level(level l) { logger().set_level(convert(l)); }

void begin(level l, const civil_zone& zone) {
  set_level(l);
  auto lines = std::make_unique<spdlog::pattern_formatter>();
  lines->add_flag<civil_time>('*', zone).set_pattern("%* %^%l%$ %v");
  logger().set_formatter(std::move(lines));
}

}  // namespace changtong::log
