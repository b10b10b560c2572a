#pragma once
/** Timing is stated in layers, each overriding the one before: built in, built in for the kind, `defaults`, the
 * category, `kinds`, the check itself. Internal to daemon/settings. */
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/core/check.h"
#include "daemon/reading/block.h"

namespace changtong::reading {

inline constexpr milliseconds least_interval{100}, most_interval{3'600'000};
inline constexpr milliseconds least_timeout{50}, most_timeout{60'000};
inline constexpr milliseconds least_fast{50};
inline constexpr std::uint16_t most_confirm = 20;

/** What one layer states; empty = leave it to the layer before. */
struct timing_layer {
  std::optional<stated<milliseconds>> interval{}, timeout{}, fast{};
  std::optional<stated<std::uint16_t>> down_after{}, up_after{};
};

/** The five keys as YAML spells them, for a block's key list. */
[[nodiscard]] std::span<const std::string_view> timing_keys();
[[nodiscard]] timing_layer read_timing(const block& from);
/** One generic argument of a check (interval, timeout, fast, down_after, up_after). Empty: not one of them; else the
 * result is ok or says what is wrong. */
[[nodiscard]] std::optional<result<void>> take_timing(timing_layer& into, std::string_view key, std::string_view value);

/** Asked only for a message, since finding a column costs. */
using where = std::function<place()>;

/** Lays them over each other. `fast_interval` never exceeds `interval`: where the last layer states it and it does,
 * that is an error at `last_at()`; elsewhere the fast interval is shortened. */
[[nodiscard]] timing resolve(std::span<const timing_layer* const> layers, const where& last_at, findings& found);

/** Of a kind that asks a service, not a line: the intervals and timeouts of `defaults` and categories are not for it.
 * Null for any other. */
[[nodiscard]] const timing_layer* timing_of_service(std::string_view kind);
[[nodiscard]] inline bool is_service(std::string_view kind) { return timing_of_service(kind) != nullptr; }

/** The built-in layer of a kind, laid over timing{}. */
[[nodiscard]] const timing_layer& built_in(std::string_view kind);

}  // namespace changtong::reading
