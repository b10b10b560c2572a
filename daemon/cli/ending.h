#pragma once
/** How a subcommand ends: its exit code (design.md 6), one sentence on stderr, and Ctrl-C noticed between two steps. */
#include <exception>

#include "daemon/core/result.h"

namespace changtong {

inline constexpr int exit_ok = 0, exit_no = 1, exit_usage = 2, exit_cannot = 3;

/** What a class of problems means to a script: the one place that says so. */
[[nodiscard]] int exit_code_of(problem_class c);

/** The same in the class that it has for this command: to one that only needs a plan, a bad plan is not its answer. */
template <class P>
[[nodiscard]] P as(problem_class c, P p) {
  p.what = c;
  return p;
}

/** Prints it to stderr and returns the code of its class. */
int fail(const problem& p);
/** Each on a line of its own, as they are. */
int fail(const problems& p);
/** What nobody foresaw: it could not be finished. */
int fail(const std::exception& e);

/** From here on SIGINT and SIGTERM end nothing by themselves; interrupted() tells. */
void notice_interrupts();
[[nodiscard]] bool interrupted();

}  // namespace changtong
