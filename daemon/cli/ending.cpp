#include "daemon/cli/ending.h"

#include <fmt/core.h>

#include <csignal>

namespace changtong {
namespace {

volatile std::sig_atomic_t noted = 0;
void note(int) { noted = 1; }

}  // namespace

int fail(int code, const std::string& text) {
  fmt::print(stderr, "changtong: {}\n", text);
  return code;
}

int fail(const problem& p) { return fail(p.text.starts_with("--") ? exit_usage : exit_cannot, to_string(p)); }

void notice_interrupts() {
  std::signal(SIGINT, note);
  std::signal(SIGTERM, note);
}

bool interrupted() { return noted != 0; }

}  // namespace changtong
