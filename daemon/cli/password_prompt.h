#pragma once
/** A password as a person gives it: never an argument, which every process of the machine could read. */
#include "daemon/core/result.h"
#include "daemon/core/secret.h"

namespace changtong {

/** Typed twice without being shown where standard input is a terminal; else its first line. */
[[nodiscard]] result<secret> new_password();

}  // namespace changtong
