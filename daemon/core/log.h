#pragma once
/** The one door to the log. A line is for an operator: what happened, to what, what to do. Never a secret. */
#include <fmt/core.h>

#include <string_view>
#include <utility>

namespace changtong {
class civil_zone;
}

namespace changtong::log {

enum class level { debug, info, warn, error };

/** Thread-safe. Goes to stderr with time and level; under systemd the journal adds its own. */
void write(level l, std::string_view text);
/** Below this nothing is written; default info. Call before threads start. */
void set_level(level l);
/** The same, and from here on times are civil ones of this zone, as the books have them; before, the machine's. */
void begin(level l, const civil_zone& zone);

template <class... A>
void debug(fmt::format_string<A...> f, A&&... a) {
  write(level::debug, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void info(fmt::format_string<A...> f, A&&... a) {
  write(level::info, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void warn(fmt::format_string<A...> f, A&&... a) {
  write(level::warn, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void error(fmt::format_string<A...> f, A&&... a) {
  write(level::error, fmt::format(f, std::forward<A>(a)...));
}

}  // namespace changtong::log
