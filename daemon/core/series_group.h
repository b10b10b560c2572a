#pragma once
/** Groups of series that an office may leave out of its metrics page (`metrics.without`, `/metrics?without=…`). What
 * says whether a line is up is in no group: it is always there. */
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace changtong {

enum class series_group : std::uint8_t { delay, traffic, today, periods, groups, contracts, causes };
inline constexpr std::array<std::string_view, 7> series_group_names{"delay",  "traffic",   "today", "periods",
                                                                    "groups", "contracts", "causes"};

/** A set of groups. */
class series_groups {
 public:
  void add(series_group g) { bits_ |= bit(g); }
  void add(series_groups others) { bits_ |= others.bits_; }
  [[nodiscard]] bool has(series_group g) const { return (bits_ & bit(g)) != 0; }
  friend bool operator==(const series_groups&, const series_groups&) = default;

 private:
  static std::uint32_t bit(series_group g) { return 1U << static_cast<unsigned>(g); }
  std::uint32_t bits_ = 0;
};

[[nodiscard]] constexpr std::optional<series_group> series_group_named(std::string_view name) {
  for (std::size_t i = 0; i < series_group_names.size(); ++i)
    if (series_group_names[i] == name) return static_cast<series_group>(i);
  return std::nullopt;
}

}  // namespace changtong
