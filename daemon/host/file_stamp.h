#pragma once
/** The instant in the name of a file that is kept: 20260314-092653, of this machine's zone. Any thread. */
#include <string>

namespace changtong::host {

[[nodiscard]] std::string file_stamp();

}  // namespace changtong::host
