#pragma once
/** The console's built files, as routes that main mounts into publish/http. Prose: README.md here. */
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/core/web.h"

namespace changtong::console {

struct file {
  std::string type;    ///< of its content
  std::string plain;   ///< its bytes
  std::string packed;  ///< the same by gzip; empty: there is none
  std::string tag;     ///< follows from the bytes, without quotes
};

/** By path below the folder: "index.html", "assets/index-3f2a.js". */
using files = std::map<std::string, file, std::less<>>;

inline constexpr std::size_t most_files = 400, most_file_bytes = 4U << 20U, most_bytes = 16U << 20U;

/** What a browser may ask of the folder. A problem where there is no index.html, a file cannot be read, or it is more
 * than the bounds allow. Never throws. */
[[nodiscard]] result<files> read_folder(const std::string& folder);

/** `/console` and all below it; where there are no files, a page that says so. */
[[nodiscard]] std::vector<web_route> routes(files all);

}  // namespace changtong::console
