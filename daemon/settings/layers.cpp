#include "daemon/settings/layers.h"

#include <array>

#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

template <class T>
std::optional<stated<T>> fixed(T value) {
  return stated<T>{value, {}};
}

std::optional<stated<std::uint16_t>> confirm(const block& from, std::string_view key) {
  const auto value = from.whole(key, 1, most_confirm);
  if (!value) return std::nullopt;
  return stated<std::uint16_t>{static_cast<std::uint16_t>(value->value), value->at};
}

result<void> take_duration(std::optional<stated<milliseconds>>& into, std::string_view key, std::string_view value,
                           milliseconds low, milliseconds high) {
  const auto read = parse_duration(value);
  if (!read) return said(both("{} {}", "{} {}", key, words_of(read.error())));
  if (*read < low || *read > high)
    return said(both("{} {} 超出范围：应为 {} 至 {}", "{} {} is out of bounds: {} to {}", key, value,
                     duration_text(low), duration_text(high)));
  into = fixed(*read);
  return {};
}

result<void> take_confirm(std::optional<stated<std::uint16_t>>& into, std::string_view key, std::string_view value) {
  const auto read = parse_whole(value, most_confirm);
  if (!read || *read == 0)
    return said(both("{} {} 超出范围：应为 1 至 {} 的整数", "{} {} is out of bounds: a whole number from 1 to {}", key,
                     quote(value), most_confirm));
  into = fixed(static_cast<std::uint16_t>(*read));
  return {};
}

}  // namespace

std::span<const std::string_view> timing_keys() {
  static constexpr std::array<std::string_view, 5> keys{"interval", "timeout", "fast_interval", "down_after",
                                                        "up_after"};
  return keys;
}

timing_layer read_timing(const block& from) {
  return {.interval = from.duration("interval", least_interval, most_interval),
          .timeout = from.duration("timeout", least_timeout, most_timeout),
          .fast = from.duration("fast_interval", least_fast, most_interval),
          .down_after = confirm(from, "down_after"),
          .up_after = confirm(from, "up_after")};
}

std::optional<result<void>> take_timing(timing_layer& into, std::string_view key, std::string_view value) {
  if (key == "interval") return take_duration(into.interval, key, value, least_interval, most_interval);
  if (key == "timeout") return take_duration(into.timeout, key, value, least_timeout, most_timeout);
  if (key == "fast") return take_duration(into.fast, key, value, least_fast, most_interval);
  if (key == "down_after") return take_confirm(into.down_after, key, value);
  if (key == "up_after") return take_confirm(into.up_after, key, value);
  return std::nullopt;
}

timing resolve(std::span<const timing_layer* const> layers, const where& last_at, findings& found) {
  timing out;
  const timing_layer* fast_from = nullptr;
  for (const timing_layer* layer : layers) {
    if (layer->interval) out.interval = layer->interval->value;
    if (layer->timeout) out.timeout = layer->timeout->value;
    if (layer->down_after) out.down_after = layer->down_after->value;
    if (layer->up_after) out.up_after = layer->up_after->value;
    if (!layer->fast) continue;
    out.fast_interval = layer->fast->value;
    fast_from = layer;
  }
  if (out.fast_interval <= out.interval) return out;
  if (!layers.empty() && fast_from == layers.back()) {
    const place& at = fast_from->fast->at;
    found.error(
        at.line > 0 ? at : last_at(),
        both("快速间隔 {0} 长于常规间隔 {1}：快速间隔用于细看可疑的线路，请取 {1} 或更短",
             "the fast interval {0} is longer than the regular interval {1}: it is for a closer look at a doubtful "
             "line; choose {1} or less",
             duration_text(out.fast_interval), duration_text(out.interval)));
  }
  out.fast_interval = out.interval;
  return out;
}

const timing_layer& built_in(std::string_view kind) {
  static const timing_layer none{};
  static const timing_layer snmp{.interval = fixed(milliseconds{30'000}), .timeout = fixed(milliseconds{2000})};
  if (const timing_layer* service = timing_of_service(kind)) return *service;
  return kind == "snmp" ? snmp : none;
}

}  // namespace changtong::reading
