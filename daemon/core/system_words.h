#pragma once
/** Why the system refused: a person who reads Chinese gets more than "Permission denied". Pure. */
#include "daemon/core/phrase.h"

namespace changtong {

/** Of an errno, the common ones in Chinese; of others the number, and the system's own words in both. */
[[nodiscard]] phrase system_words(int error);
/** Of a sentence that a library passed on: one of the system's own becomes ours, any other stays in both. */
[[nodiscard]] phrase system_words(const std::string& own);

}  // namespace changtong
