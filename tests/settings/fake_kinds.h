#pragma once
/** Kinds with the argument rules of the real ones and nothing behind them: settings are tested without collectors. */
#include <array>
#include <charconv>
#include <span>
#include <string>

#include "collectors/registry.h"

namespace changtong::fakes {

struct fake_settings final : check_settings {
  std::string kind;
  std::vector<kind_arguments::pair> pairs;
  std::string url;
  std::string community;
  std::vector<name_server> name_servers;
  std::int64_t echoes = 1;  ///< as a burst of pings has them, 50 ms apart

  [[nodiscard]] habit usual() const override {
    if (echoes == 1) return {};
    return {check_role::health, milliseconds{60'000}, asking_takes() + milliseconds{1000}};
  }
  [[nodiscard]] milliseconds asking_takes() const override { return (echoes - 1) * milliseconds{50}; }
};

inline bool port_in_bounds(const std::string& text) {
  unsigned n = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), n);
  return bad == std::errc{} && end == text.data() + text.size() && n >= 1 && n <= 65535;
}

/** " port reset " -> "port=, reset=" */
inline std::string listed(const std::string& known) {
  std::string out;
  for (std::size_t at = 1; at < known.size();) {
    const std::size_t end = known.find(' ', at);
    out += (out.empty() ? "" : ", ") + known.substr(at, end - at) + "=";
    at = end + 1;
  }
  return out;
}

/** `known` is a list like " port reset ". */
inline result<std::shared_ptr<const check_settings>> parse_fake(const kind_arguments& a, const std::string& kind,
                                                                const std::string& known) {
  auto made = std::make_shared<fake_settings>();
  made->kind = kind;
  made->pairs = a.pairs;
  made->url = a.url;
  made->name_servers = a.name_servers;
  for (const auto& [key, value] : a.pairs) {
    if (known.find(" " + key + " ") == std::string::npos)
      return said(kind + ": 键 `" + key + "` 无法识别（可用 " + listed(known) + "）",
                  kind + ": unknown key `" + key + "` (" + listed(known) + " are known)");
    if (key == "port" && !port_in_bounds(value))
      return said(kind + ": port 应为 1 至 65535 的数，而不是 `" + value + "`",
                  kind + ": port: a number from 1 to 65535 is needed, not `" + value + "`");
    if (key == "count") made->echoes = std::stoll(value);
    if (key == "credential") made->community = a.find_credential(value)->community.reveal();
  }
  if (kind == "snmp" && made->community.empty()) return said("snmp: 缺少 credential=", "snmp: credential= is missing");
  return std::shared_ptr<const check_settings>(made);
}

inline result<std::shared_ptr<const check_settings>> parse_icmp(const kind_arguments& a) {
  return parse_fake(a, "icmp", " size count ");
}
inline result<std::shared_ptr<const check_settings>> parse_snmp(const kind_arguments& a) {
  return parse_fake(a, "snmp", " credential port if profile ");
}
inline result<std::shared_ptr<const check_settings>> parse_tcp(const kind_arguments& a) {
  return parse_fake(a, "tcp", " port reset send expect ");
}
inline result<std::shared_ptr<const check_settings>> parse_http(const kind_arguments& a) {
  return parse_fake(a, "http", " url contains forbids status ca redirects max_bytes downgrade empty ");
}

inline result<std::shared_ptr<const check_settings>> parse_dns(const kind_arguments& a) {
  return parse_fake(a, "dns", " name ");
}

inline std::span<const kind> fake_kinds() {
  static const std::array table{
      kind{"icmp", "ICMP 探测", check_role::reach, {parse_icmp, nullptr, true, "size=56"}},
      kind{"snmp", "SNMP 轮询", check_role::reach, {parse_snmp, nullptr, true, "credential=NAME, port=161, if=1+2"}},
      kind{"tcp", "TCP 连接", check_role::reach, {parse_tcp, nullptr, true, "port=PORT"}},
      kind{"dns", "DNS 查询", check_role::reach, {parse_dns, nullptr, true, "name=NAME"}},
      kind{"http", "网站访问", check_role::reach, {parse_http, nullptr, false, "contains=TEXT"}}};
  return table;
}

}  // namespace changtong::fakes
