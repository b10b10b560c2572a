#pragma once
/** The instant in the name of a file that is kept: 20260314-092653, of this machine's zone. Any thread. */
#include <chrono>
#include <string>

namespace changtong::host {

/** `ago`: so long before now. */
[[nodiscard]] std::string file_stamp(std::chrono::seconds ago = std::chrono::seconds{0});

}  // namespace changtong::host
