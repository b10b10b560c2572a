#include "daemon/cli/probe_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace changtong {
namespace {

struct label {
  fact_name name;
  std::string_view cn, en;
};

/** Those that are not here have their own name. */
constexpr std::array labels{label{fact_name::up_time_centiseconds, "运行时间", "up time"},
                            label{fact_name::interface_in_octets, "入流量", "in"},
                            label{fact_name::interface_out_octets, "出流量", "out"},
                            label{fact_name::interface_in_errors, "入错误包", "in errors"},
                            label{fact_name::interface_out_errors, "出错误包", "out errors"},
                            label{fact_name::interface_oper_status, "接口状态", "interface"},
                            label{fact_name::resolve_nanoseconds, "解析域名", "name"},
                            label{fact_name::connect_nanoseconds, "连接", "connect"},
                            label{fact_name::tls_nanoseconds, "TLS 握手", "TLS handshake"},
                            label{fact_name::first_byte_nanoseconds, "首字节", "first byte"},
                            label{fact_name::http_status, "HTTP 状态码", "HTTP status"},
                            label{fact_name::page_bytes, "页面大小", "page"},
                            label{fact_name::redirects, "重定向次数", "redirects"},
                            label{fact_name::certificate_expiry_seconds, "证书到期", "certificate expires"},
                            label{fact_name::http_version, "HTTP 版本", "HTTP version"},
                            label{fact_name::tls_version, "TLS 版本", "TLS version"},
                            label{fact_name::address_family, "IP 版本", "IP version"},
                            label{fact_name::interface_admin_status, "接口启用", "admin"},
                            label{fact_name::interface_in_discards, "入丢弃包", "in discards"},
                            label{fact_name::interface_speed_bits, "接口速率（比特/秒）", "speed, bit/s"},
                            label{fact_name::interface_in_use, "入利用率", "in use"},
                            label{fact_name::interface_out_use, "出利用率", "out use"},
                            label{fact_name::optical_receive_power, "收光功率 dBm", "optical receive, dBm"},
                            label{fact_name::optical_transmit_power, "发光功率 dBm", "optical transmit, dBm"},
                            label{fact_name::processor_use, "处理器", "processor"},
                            label{fact_name::memory_use, "内存", "memory"},
                            label{fact_name::temperature, "温度 °C", "temperature, °C"},
                            label{fact_name::fans_failed, "故障风扇", "fans failed"},
                            label{fact_name::power_supplies_failed, "故障电源", "power supplies failed"},
                            label{fact_name::burst_loss, "丢包率", "loss"},
                            label{fact_name::burst_median_nanoseconds, "时延中位数", "median"},
                            label{fact_name::burst_jitter_nanoseconds, "抖动", "jitter"},
                            label{fact_name::records, "记录数", "records"},
                            label{fact_name::interface_index, "接口序号", "ifIndex"}};

/** ifOperStatus, RFC 2863. */
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> states{{{"通", "up"},
                                                                               {"断", "down"},
                                                                               {"测试", "testing"},
                                                                               {"未知", "unknown"},
                                                                               {"休眠", "dormant"},
                                                                               {"不存在", "not present"},
                                                                               {"下层断", "lower layer down"}}};
/** ifAdminStatus has the first of them. */
constexpr std::int64_t last_of_admin = 3;

phrase length_words(std::int64_t seconds) {
  const std::int64_t days = seconds / 86'400, hours = seconds / 3'600 % 24, minutes = seconds / 60 % 60;
  if (days > 0) return both("{} 天 {} 小时", "{} d {} h", days, hours);
  if (hours > 0) return both("{} 小时 {} 分", "{} h {} min", hours, minutes);
  return both("{} 分 {} 秒", "{} min {} s", minutes, seconds % 60);
}

phrase date_words(std::int64_t seconds, const civil_zone& zone, wall_t now) {
  constexpr std::int64_t last = 253'402'300'799;  // year 9999
  if (seconds < 0 || seconds > last) return both("{}", "{}", seconds);
  const wall_t at{milliseconds{seconds * 1000}};
  const std::int64_t days = std::chrono::floor<std::chrono::days>(at - now).count();
  const std::string day = zone.format_short(at);
  if (days < 0) return both("{}，已过期 {} 天", "{}, expired {} days ago", day, -days);
  return both("{}，还有 {} 天", "{}, {} days left", day, days);
}

phrase value_words(const fact& f, const civil_zone& zone, wall_t now) {
  const fact_row& row = row_of(f.name);
  if (f.name == fact_name::interface_oper_status)
    if (const phrase state = interface_state(f.value); !state.empty()) return state;
  if (f.name == fact_name::http_version || f.name == fact_name::tls_version)
    return as_written(fmt::format("{}.{}", f.value / 10, f.value % 10));
  if (row.unit == fact_unit::unix_seconds) return date_words(f.value, zone, now);
  if (row.unit == fact_unit::millionths) return as_written(fmt::format("{:.2f} %", static_cast<double>(f.value) / 1e4));
  if (row.unit == fact_unit::thousandths) return as_written(fmt::format("{:.2f}", static_cast<double>(f.value) / 1e3));
  if (row.unit == fact_unit::nanoseconds) return as_written(in_ms(nanoseconds{f.value}));
  if (row.text.ends_with("_centiseconds") && f.value >= 0) return length_words(f.value / 100);
  if (f.name == fact_name::interface_admin_status && f.value <= last_of_admin)
    if (const phrase state = interface_state(f.value); !state.empty()) return state;
  if (row.text.ends_with("_octets") || row.text.ends_with("_bytes")) return as_written(in_bytes(f.value));
  return as_written(value_text(f));
}

/** The host of a site's address, and of what a person wrote; without scheme, port and path. */
std::string_view host_in(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("/:?#"));
}

bool is_it(const target& t, std::string_view word) {
  if (t.name == word || t.unit == word || (!t.circuit.empty() && t.circuit == word)) return true;
  if (!t.url.empty() && (t.url == word || host_in(t.url) == word)) return true;
  const auto address = parse_address(word);
  return address && std::ranges::find(t.addresses, *address) != t.addresses.end();
}

bool has_it(const target& t, std::string_view word) {
  return t.name.find(word) != std::string::npos || t.unit.find(word) != std::string::npos;
}

}  // namespace

std::vector<const target*> targets_named(const inventory& inv, std::string_view word) {
  if (const target* one = inv.find(word)) return {one};
  std::vector<const target*> all;
  for (const auto& fits : {is_it, has_it}) {
    for (const target& t : inv.targets)
      if (!word.empty() && fits(t, word)) all.push_back(&t);
    if (!all.empty()) return all;
  }
  return all;
}

phrase interface_state(std::int64_t state) {
  if (state < 1 || state > std::ssize(states)) return {};
  const auto& [cn, en] = states.at(static_cast<std::size_t>(state - 1));
  return {std::string(cn), std::string(en)};
}

phrase fact_words(fact_name n) {
  const auto known = std::ranges::find(labels, n, &label::name);
  return known == labels.end() ? as_written(name_of(n)) : phrase{std::string(known->cn), std::string(known->en)};
}

std::string value_text(const fact& f) {
  return row_of(f.name).unit == fact_unit::counter ? std::to_string(counter_of(f.value)) : std::to_string(f.value);
}

std::string in_ms(nanoseconds length) {
  const double ms = std::chrono::duration<double, std::milli>(length).count();
  return ms < 10    ? fmt::format("{:.3f} ms", ms)
         : ms < 100 ? fmt::format("{:.1f} ms", ms)
                    : fmt::format("{:.0f} ms", ms);
}

std::string in_bytes(std::int64_t bytes) {
  constexpr std::array<std::string_view, 7> units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  auto value = static_cast<double>(static_cast<std::uint64_t>(bytes));  // a Counter64 uses its last bit too
  for (; value >= 1000 && unit + 1 < units.size(); ++unit) value /= 1000;
  if (unit == 0) return fmt::format("{} B", bytes);
  return fmt::format("{:.1f} {}（{}）", value, units.at(unit), static_cast<std::uint64_t>(bytes));
}

std::string told(const fact& f, const civil_zone& zone, wall_t now, std::string_view called) {
  const std::string of = !called.empty() ? fmt::format("[{}]", called)
                         : f.index > 0   ? fmt::format("[{}]", f.index)
                                         : std::string();
  const phrase words = fact_words(f.name);
  const std::string name = words.cn == words.en ? words.cn : to_string(words);
  const phrase value = value_words(f, zone, now);
  return fmt::format("{}{}: {}", name, of, value.cn == value.en ? value.cn : to_string(value));
}

}  // namespace changtong
