#include "daemon/cli/ending.h"

#include <csignal>
#include <cstdio>

namespace changtong {
namespace {

volatile std::sig_atomic_t noted = 0;
void note(int) { noted = 1; }

}  // namespace

int exit_code_of(problem_class c) { return c == problem_class::usage ? exit_usage : exit_cannot; }

int fail(int code, const std::string& text) {
  std::fflush(stdout);  // what was said before stands before, also where both go to one place
  std::fputs(("changtong: " + text + "\n").c_str(), stderr);  // where nobody can hear it, the code still says it
  return code;
}

int fail(const problem& p) { return fail(exit_code_of(p.what), to_string(p)); }

int fail_all(int code, const problems& p) {
  std::fflush(stdout);
  for (const problem& one : p.list) std::fputs((to_string(one) + "\n").c_str(), stderr);
  return code;
}

void notice_interrupts() {
  std::signal(SIGINT, note);
  std::signal(SIGTERM, note);
}

bool interrupted() { return noted != 0; }

}  // namespace changtong
