#pragma once
/** Words of records about causes (declared_alert.h, declared_trace.h) that more than one reader looks for. */
#include <string_view>

namespace changtong {

/** alert_record::of of a grown step: its targets are those of before, and its cause is not what was told. */
inline constexpr std::string_view another_cause = "cause";

/** What the device's own clock told after an outage, as trace_record::observed says it. */
inline constexpr std::string_view device_ran_on = "恢复后设备的运行时间没有中断";
inline constexpr std::string_view device_restarted = "设备在中断期间重新启动";
[[nodiscard]] constexpr bool has_devices_word(std::string_view observed) {
  return observed.find(device_ran_on) != std::string_view::npos ||
         observed.find(device_restarted) != std::string_view::npos;
}

}  // namespace changtong
