#include "daemon/cli/ending.h"

#include <csignal>
#include <cstdio>
#include <string>

#include "daemon/cli/ink.h"

namespace changtong {
namespace {

volatile std::sig_atomic_t noted = 0;
void note(int) { noted = 1; }

}  // namespace

int exit_code_of(problem_class c) {
  return c == problem_class::usage ? exit_usage : c == problem_class::no ? exit_no : exit_cannot;
}

int fail(const problem& p) {
  std::fflush(stdout);  // what was said before stands before, also where both go to one place
  const std::string line = inked(ink::bad, "changtong:", stderr) + " " + to_string(p) + "\n";
  std::fputs(line.c_str(), stderr);  // where nobody can hear it, the code still says it
  return exit_code_of(p.what);
}

int fail(const problems& p) {
  std::fflush(stdout);
  for (const problem& one : p.list) std::fputs((to_string(one) + "\n").c_str(), stderr);
  return exit_code_of(p.what);
}

int fail(const std::exception& e) {
  problem p;
  p.text = e.what();  // in both languages, or the words of a library
  return fail(p);
}

void notice_interrupts() {
  std::signal(SIGINT, note);
  std::signal(SIGTERM, note);
}

bool interrupted() { return noted != 0; }

}  // namespace changtong
