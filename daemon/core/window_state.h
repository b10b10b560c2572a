#pragma once
/** Where a maintenance window 计划停机 stands after its last record. The journal and JSON have the names as they are
 * here; people read one Chinese word for each, the same in every list and report. */
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/fields.h"

namespace changtong {

enum class window_state : std::uint8_t {
  requested,
  approved,
  revised,  ///< changed after it was requested or approved, so that it must be approved anew
  cancelled,
};

struct window_state_words {
  std::string_view name, cn;
};
inline constexpr std::array<window_state_words, 4> window_states{
    {{"requested", "待批"}, {"approved", "已批准"}, {"revised", "已改待批"}, {"cancelled", "已取消"}}};

[[nodiscard]] constexpr std::string_view name_of(window_state s) {
  return window_states.at(static_cast<std::size_t>(s)).name;
}
template <>
struct values_of<window_state> {
  static constexpr std::array all{window_state::requested, window_state::approved, window_state::revised,
                                  window_state::cancelled};
};
/** None for a word that no version has written. */
[[nodiscard]] constexpr std::optional<window_state> window_state_named(std::string_view name) {
  return value_named<window_state>(name);
}

/** requested, approved, … */
[[nodiscard]] inline std::string window_state_names() {
  std::string out;
  for (const window_state_words& w : window_states) (out += out.empty() ? "" : ", ") += w.name;
  return out;
}

[[nodiscard]] constexpr std::string_view chinese(window_state s) {
  return window_states.at(static_cast<std::size_t>(s)).cn;
}

}  // namespace changtong
