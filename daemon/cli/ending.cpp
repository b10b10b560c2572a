#include "daemon/cli/ending.h"

#include <fmt/core.h>

#include <csignal>

namespace changtong {
namespace {

volatile std::sig_atomic_t noted = 0;
void note(int) { noted = 1; }

}  // namespace

int exit_code_of(problem_class c) { return c == problem_class::usage ? exit_usage : exit_cannot; }

int fail(int code, const std::string& text) {
  fmt::print(stderr, "changtong: {}\n", text);
  return code;
}

int fail(const problem& p) { return fail(exit_code_of(p.what), to_string(p)); }

int fail_all(int code, const problems& p) {
  for (const problem& one : p.list) fmt::print(stderr, "{}\n", to_string(one));
  return code;
}

void notice_interrupts() {
  std::signal(SIGINT, note);
  std::signal(SIGTERM, note);
}

bool interrupted() { return noted != 0; }

}  // namespace changtong
