#pragma once
/** Where the console's built files are looked for, and what comes of it. */
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/core/web.h"
#include "daemon/settings/settings.h"

namespace changtong {

struct console_pages {
  std::vector<web_route> routes;
  bool there = false;  ///< false: the routes say that there is no console
};

/** From the folder that the settings name; where they name none, from share/changtong/console beside the program's
 * bin, or from the tree that it was built in. What is missing is logged and stops nothing. */
[[nodiscard]] console_pages find_console(const settings& s);

/** What a browser opens; `port` is the one that was really taken. */
[[nodiscard]] std::string url_of(const settings& s, std::uint16_t port);
/** Where whoever sits at this machine asks the API, without a slash at its end: where it listens everywhere, loopback.
 */
[[nodiscard]] std::string api_here(const settings& s);

}  // namespace changtong
