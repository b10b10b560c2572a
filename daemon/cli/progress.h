#pragma once
/** How far a long command has come: a line on a terminal that is written over, nothing in a pipe. False once Ctrl-C was
 * pressed (notice_interrupts() first): the caller then stops between two steps and leaves everything as it was. One
 * thread. */
#include <cstdint>

namespace changtong {

bool progress(const char* what, std::int64_t done, std::int64_t all);
/** `part` of 1; written only when its whole per cent has changed. */
bool progress(const char* what, double part);

}  // namespace changtong
