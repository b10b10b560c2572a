// Apart, so that a program that brings its own table of kinds does not link every collector.
#include "daemon/settings/settings.h"

namespace changtong {

load_result load(const std::string& path) { return load(path, real_surroundings(kinds())); }

}  // namespace changtong
