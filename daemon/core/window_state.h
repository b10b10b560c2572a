#pragma once
/** Where a maintenance window 计划停机 stands after its last record. The journal and JSON have the names as they are
 * here; people read one Chinese word for each, the same in every list and report. */
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace changtong {

enum class window_state : std::uint8_t {
  requested,
  approved,
  revised,  ///< changed after it was requested or approved: whoever approves must do so anew
  cancelled,
};

struct window_state_words {
  std::string_view name, cn;
};
inline constexpr std::array<window_state_words, 4> window_states{
    {{"requested", "待批"}, {"approved", "已批准"}, {"revised", "已改待批"}, {"cancelled", "已取消"}}};

/** None for a word that no version has written. */
[[nodiscard]] constexpr std::optional<window_state> window_state_named(std::string_view name) {
  for (std::size_t i = 0; i < window_states.size(); ++i)
    if (window_states[i].name == name) return static_cast<window_state>(i);
  return std::nullopt;
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

/** Of the state as a record or a story has it; a word that is not known is shown as it is. */
[[nodiscard]] constexpr std::string_view shown_window_state(std::string_view name) {
  const auto s = window_state_named(name);
  return s ? chinese(*s) : name;
}

}  // namespace changtong
