#pragma once
/** `import lines`: an office's own sheet into the inventory. */
#include <string>

namespace changtong {

struct line_import_options {
  std::string file, config, sheet, format = "text", close_missing;
  bool apply = false, confirm = false;
};

/** 0: it can be applied (or was), 1: a problem is open, a guess is to be confirmed or the inventory changed meanwhile,
 * 3: the file cannot be read or nothing can be written. */
int import_lines_command(const line_import_options& o);

}  // namespace changtong
