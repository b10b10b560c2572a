#pragma once
/** An evaluation on a terminal: a Chinese table, the total and its grade, and what blocks the final form. Pure. */
#include <string>

#include "daemon/evaluate/evaluation.h"

namespace changtong {

[[nodiscard]] std::string evaluation_table(const evaluate::evaluation& e);

}  // namespace changtong
