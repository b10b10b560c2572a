#pragma once
/** Host names as people write them -> as the network knows them (UTS 46, what browsers do). Pure. */
#include <optional>
#include <string>
#include <string_view>

namespace changtong::wire {

/** Lower case ASCII, `xn--…` for Chinese names, at most 253 bytes; empty: it is no host name. `_` is taken, as names in
 * use have it. */
[[nodiscard]] std::optional<std::string> host_name(std::string_view utf8);

}  // namespace changtong::wire
