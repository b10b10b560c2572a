#pragma once
/** Devices as their agents tell of themselves, row by row. */
#include <initializer_list>
#include <string>
#include <vector>

#include "daemon/discover/device_view.h"

namespace changtong::discover {

inline ip_address ip(std::string_view text) { return parse_address(text).value(); }
inline std::string mac(char last) { return std::string("\0\x11\x22\x33\x44", 5) + last; }

class tables {
 public:
  using index = std::initializer_list<std::uint32_t>;

  tables& text(column c, index i, std::string value) {
    all_[static_cast<std::size_t>(c)].push_back({i, std::move(value), {}});
    return *this;
  }
  tables& number(column c, index i, std::int64_t value) {
    all_[static_cast<std::size_t>(c)].push_back({i, {}, value});
    return *this;
  }
  tables& named(const std::string& name, char last) {
    return text(column::system_name, {0}, name)
        .number(column::chassis_type, {0}, 4)
        .text(column::chassis_id, {0}, mac(last));
  }
  tables& port(std::uint32_t n, const std::string& name, const std::string& alias = {}) {
    text(column::port_name, {n}, name).text(column::port_alias, {n}, alias);
    return number(column::lldp_port_id_type, {n}, 5).text(column::lldp_port_id, {n}, name);
  }
  /** A neighbour at port `n` with number `k`, and the last byte of its address 192.0.2.x; 0: it tells none. */
  tables& neighbour(std::uint32_t n, std::uint32_t k, const std::string& name, char last, std::uint32_t host,
                    std::uint32_t time = 0) {
    number(column::neighbour_chassis_type, {time, n, k}, 4).text(column::neighbour_chassis_id, {time, n, k}, mac(last));
    text(column::neighbour_port_id, {time, n, k}, "GE0/0/24").text(column::neighbour_name, {time, n, k}, name);
    if (host != 0) number(column::neighbour_address, {time, n, k, 1, 4, 192, 0, 2, host}, 2);
    return *this;
  }
  tables& arp(std::uint32_t n, std::uint32_t host, char last) {
    return text(column::arp_old, {n, 192, 0, 2, host}, mac(last));
  }
  tables& own(std::uint32_t host) { return number(column::own_old, {192, 0, 2, host}, 1); }
  [[nodiscard]] device_view view() const { return view_of(all_); }

 private:
  std::vector<std::vector<agent_row>> all_{static_cast<std::size_t>(column::count)};
};

}  // namespace changtong::discover
