#pragma once
/** How a subcommand ends: its exit code (design.md 6), one sentence on stderr, and Ctrl-C noticed between two steps. */
#include <string>

#include "daemon/core/result.h"

namespace changtong {

inline constexpr int exit_ok = 0, exit_no = 1, exit_usage = 2, exit_cannot = 3;

/** What a class of problems means to a script. */
[[nodiscard]] int exit_code_of(problem_class c);

/** Prints `text` to stderr and returns `code`. */
int fail(int code, const std::string& text);
/** The same for a problem; its class gives the code. */
int fail(const problem& p);
/** Each on a line of its own, as they are; returns `code`. */
int fail_all(int code, const problems& p);

/** From here on SIGINT and SIGTERM end nothing by themselves; interrupted() tells. */
void notice_interrupts();
[[nodiscard]] bool interrupted();

}  // namespace changtong
