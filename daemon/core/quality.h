#pragma once
/** What can be not well of a target that is up, each with a limit of its own (alerts.limits). Their Chinese names stand
 * in the journal as alert_record::name, for ever. */
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"

namespace changtong {

enum class quality : std::uint8_t {
  loss,           ///< share of questions without an answer
  delay,          ///< round trip, smoothed, milliseconds
  jitter,         ///< of round trips, milliseconds
  interface,      ///< one of its interfaces is not up
  receive_power,  ///< optical, dBm; too little of it
  use,            ///< of an interface's speed, the busier direction, a ratio
  processor,      ///< busy, a ratio
  memory,         ///< in use, a ratio
  temperature,    ///< °C
  hardware,       ///< a fan, a power supply or the like says that it is not well
  check,          ///< a check beside those that say up and down has no answer
  open_time,      ///< of a site, milliseconds
  visits_failed,  ///< of a site, a ratio of those of the last seven days
  filter,         ///< one kind of question is not answered while others are
  data,           ///< its device answers none of our SNMP questions with data, and the line is up all the same
};

/** In what a limit is written and told; a state has no number. */
enum class quality_unit : std::uint8_t { ratio, milliseconds, decibels, celsius, state };

struct quality_row {
  quality of;
  std::string_view key;      ///< in the configuration
  std::string_view chinese;  ///< in the journal and in messages
  quality_unit unit;
  double low, high;    ///< a limit is within
  bool least = false;  ///< the limit is the smallest that is well, not the largest
};
inline constexpr std::array<quality_row, 15> quality_table{{
    {quality::loss, "loss", "丢包", quality_unit::ratio, 0.001, 1},
    {quality::delay, "delay", "时延过大", quality_unit::milliseconds, 1, 60'000},
    {quality::jitter, "jitter", "时延抖动", quality_unit::milliseconds, 0.1, 60'000},
    {quality::interface, "interface", "接口异常", quality_unit::state, 0, 0},
    {quality::receive_power, "receive_power", "收光功率过低", quality_unit::decibels, -60, 20, true},
    {quality::use, "use", "带宽占用过高", quality_unit::ratio, 0.01, 1},
    {quality::processor, "processor", "处理器占用过高", quality_unit::ratio, 0.01, 1},
    {quality::memory, "memory", "内存占用过高", quality_unit::ratio, 0.01, 1},
    {quality::temperature, "temperature", "温度过高", quality_unit::celsius, 1, 150},
    {quality::hardware, "hardware", "部件异常", quality_unit::state, 0, 0},
    {quality::check, "check", "检查无应答", quality_unit::state, 0, 0},
    {quality::open_time, "open_time", "打开缓慢", quality_unit::milliseconds, 1, 600'000},
    {quality::visits_failed, "visits_failed", "一周访问失败率偏高", quality_unit::ratio, 0.001, 1},
    {quality::filter, "filter", "一种探测被过滤", quality_unit::state, 0, 0},
    {quality::data, "data", "取不到设备数据", quality_unit::state, 0, 0},
}};
[[nodiscard]] constexpr std::size_t place_of(quality q) { return static_cast<std::size_t>(q); }
[[nodiscard]] constexpr const quality_row& row_of(quality q) { return quality_table[place_of(q)]; }
static_assert([] {
  for (std::size_t i = 0; i < quality_table.size(); ++i)
    if (place_of(quality_table[i].of) != i) return false;
  return true;
}());

/** When a value is told: at the limit or beyond it for `holds`; well again once it is back behind `clear` for `away`.
 */
struct quality_limit {
  quality of = quality::loss;
  bool off = false;  ///< whom it fits has none
  double at = 0;     ///< in the unit of its row; a state has none
  double clear = 0;
  milliseconds holds{60'000}, away{300'000};
  std::vector<std::string> categories, grades;  ///< of targets that it fits; empty: all
  std::string source;                           ///< document and clause, as people cite them
  friend bool operator==(const quality_limit&, const quality_limit&) = default;
};

}  // namespace changtong
