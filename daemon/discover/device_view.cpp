#include "daemon/discover/device_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"

namespace changtong::discover {
namespace {

using index_view = std::span<const std::uint32_t>;

constexpr std::size_t most_neighbours = 4096;
constexpr std::size_t most_addresses = 64;  ///< of one neighbour

/** LLDP's subtypes of chassis and of ports; those that are texts are shown as they are. */
enum chassis_subtype : std::int64_t { chassis_mac = 4, chassis_network = 5 };
enum port_subtype : std::int64_t { port_alias = 1, port_mac = 3, port_name = 5, port_local = 7 };

std::optional<ip_address> address_of(index_view bytes) {
  if (bytes.size() != 4 && bytes.size() != 16) return std::nullopt;
  ip_address a;
  a.v6 = bytes.size() == 16;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] > 255) return std::nullopt;
    a.bytes[i] = static_cast<std::uint8_t>(bytes[i]);
  }
  return a;
}

/** Its length, then it: as an index has an address of any kind. */
std::optional<ip_address> counted_address(index_view bytes) {
  if (bytes.empty() || bytes[0] != bytes.size() - 1) return std::nullopt;
  return address_of(bytes.subspan(1));
}

/** An address that one device has alone and that can be asked. */
bool is_somebodys(const ip_address& a) {
  if (a.v6)
    return a.bytes[0] != 0xff && !(a.bytes[0] == 0xfe && (a.bytes[1] & 0xc0U) == 0x80) && a != ip_address{{}, true};
  const bool own = a.bytes == ip_address{{127, 0, 0, 1}}.bytes;  // the rest of 127/8 is the demo's
  return !own && a.bytes[0] != 0 && a.bytes[0] < 224 && a.bytes[3] != 255;
}

std::string hardware_text(std::string_view bytes) {
  std::string out = "mac ";
  for (std::size_t i = 0; i < bytes.size(); ++i)
    out += fmt::format("{}{:02x}", i == 0 ? "" : ":", static_cast<unsigned char>(bytes[i]));
  return out;
}

std::string chassis_text(std::int64_t type, const std::string& raw) {
  if (raw.empty()) return {};
  if (type == chassis_mac) return raw.size() == 6 ? hardware_text(raw) : "";
  return type == chassis_network ? "" : "name " + plain_text(raw);
}

/** A chassis that is named by its address: the family's number, then the address. */
std::optional<ip_address> chassis_address(std::int64_t type, const std::string& raw) {
  if (type != chassis_network || raw.empty()) return std::nullopt;
  std::vector<std::uint32_t> bytes;
  for (const char c : raw.substr(1)) bytes.push_back(static_cast<unsigned char>(c));
  return address_of(bytes);
}

/** Port and number of a row of lldpRemTable, whose first part is only a time. */
using remote_key = std::pair<std::uint32_t, std::uint32_t>;

class walked_tables {
 public:
  explicit walked_tables(std::span<const std::vector<agent_row>> tables) : tables_(tables) {}

  device_view all() {
    v_.name = plain_text(first(column::system_name));
    v_.chassis = chassis_text(number(column::chassis_type), first(column::chassis_id));
    ports();
    own_addresses();
    arp();
    local_ports();
    neighbours();
    v_.speaks_lldp = !rows(column::chassis_id).empty() || !rows(column::lldp_port_id).empty() || !v_.neighbours.empty();
    return std::move(v_);
  }

 private:
  [[nodiscard]] const std::vector<agent_row>& rows(column c) const { return tables_[static_cast<std::size_t>(c)]; }
  [[nodiscard]] std::string first(column c) const { return rows(c).empty() ? "" : rows(c).front().value; }
  [[nodiscard]] std::int64_t number(column c) const { return rows(c).empty() ? 0 : rows(c).front().number.value_or(0); }

  void ports() {
    for (const auto& [c, part] : {std::pair{column::port_descr, &port::descr},
                                  {column::port_name, &port::name},
                                  {column::port_alias, &port::alias}})
      for (const agent_row& r : rows(c))
        if (r.index.size() == 1) v_.ports[r.index[0]].*part = plain_text(r.value);
  }

  void own_addresses() {
    const auto take = [&](const std::optional<ip_address>& a) {
      if (a && own_.insert(*a).second) v_.own.push_back(*a);
    };
    for (const agent_row& r : rows(column::own_old)) take(address_of(r.index));
    for (const agent_row& r : rows(column::own_new))
      if (r.index.size() > 1) take(counted_address(index_view(r.index).subspan(1)));
  }

  void arp() {
    const auto take = [&](const agent_row& r, const std::optional<ip_address>& a) {
      if (!a || !is_somebodys(*a) || r.value.size() != 6 || own_.contains(*a)) return;
      if (!in_arp_.emplace(r.index[0], *a).second) return;
      v_.arp.push_back({r.index[0], *a, hardware_text(r.value)});
      by_hardware_[v_.arp.back().hardware].push_back(v_.arp.size() - 1);
    };
    for (const agent_row& r : rows(column::arp_old))
      if (r.index.size() == 5) take(r, address_of(index_view(r.index).subspan(1)));
    for (const agent_row& r : rows(column::arp_new))
      if (r.index.size() > 2) take(r, counted_address(index_view(r.index).subspan(2)));
  }

  /** Which interface each of LLDP's own port numbers is: its id says it by name, alias or number; else the number is
   * most often the ifIndex. */
  void local_ports() {
    std::map<std::uint32_t, std::int64_t> types;
    for (const agent_row& r : rows(column::lldp_port_id_type))
      if (r.index.size() == 1) types[r.index[0]] = r.number.value_or(0);
    for (const agent_row& r : rows(column::lldp_port_descr))
      if (r.index.size() == 1) port_descr_[r.index[0]] = plain_text(r.value);
    std::map<std::string, std::uint32_t> aliases, names, descrs, names_or_descrs;
    for (const auto& [index, p] : v_.ports) {
      aliases.emplace(p.alias, index);
      names.emplace(p.name, index);
      descrs.emplace(p.descr, index);
      names_or_descrs.emplace(p.name, index);
      names_or_descrs.emplace(p.descr, index);
    }
    for (const agent_row& r : rows(column::lldp_port_id)) {
      if (r.index.size() != 1) continue;
      const std::uint32_t lldp = r.index[0];
      const std::string id = plain_text(r.value);
      std::uint32_t found = 0;
      if (types[lldp] == port_alias) found = first_with(aliases, id);
      if (found == 0 && types[lldp] != port_mac) found = first_with(names, id);
      if (found == 0 && types[lldp] != port_mac) found = first_with(descrs, id);
      if (found == 0) found = first_with(names_or_descrs, port_descr_[lldp]);
      if (found != 0) port_of_[lldp] = found;
      // Some agents (net-snmp) keep an interface's description to LLDP.
      if (port& p = v_.ports[found == 0 ? lldp : found];
          p.alias.empty() && port_descr_[lldp] != p.name && port_descr_[lldp] != p.descr && port_descr_[lldp] != id)
        p.alias = port_descr_[lldp];
      if (types[lldp] == port_name || types[lldp] == port_local) port_id_[lldp] = id;
    }
  }
  static std::uint32_t first_with(const std::map<std::string, std::uint32_t>& ports, const std::string& text) {
    const auto at = ports.find(text);
    return text.empty() || at == ports.end() ? 0 : at->second;
  }

  void neighbours() {
    for (const column c : {column::neighbour_chassis_type, column::neighbour_chassis_id, column::neighbour_port_id,
                           column::neighbour_port_descr, column::neighbour_name})
      for (const agent_row& r : rows(c))
        if (r.index.size() == 3) take(c, r, {r.index[1], r.index[2]});
    for (const agent_row& r : rows(column::neighbour_address)) {
      if (r.index.size() < 6) continue;
      const auto at = found_.find({r.index[1], r.index[2]});
      const auto address = counted_address(index_view(r.index).subspan(4));
      if (at == found_.end() || !address || !is_somebodys(*address)) continue;
      auto& list = at->second.addresses;
      if (list.size() < most_addresses && std::ranges::find(list, *address) == list.end()) list.push_back(*address);
    }
    for (auto& [key, n] : found_) {
      tie(key.first, n);
      if (n.addresses.empty()) by_hardware(n);
      v_.neighbours.push_back(std::move(n));
    }
  }

  void take(column c, const agent_row& r, remote_key key) {
    if (found_.size() >= most_neighbours && !found_.contains(key)) return;
    neighbour& n = found_[key];
    if (c == column::neighbour_chassis_type) {
      types_[key] = r.number.value_or(0);
    } else if (c == column::neighbour_chassis_id) {
      n.chassis = chassis_text(types_[key], r.value);
      if (const auto a = chassis_address(types_[key], r.value); a && is_somebodys(*a)) n.addresses = {*a};
    } else if (c == column::neighbour_port_id) {
      const bool hardware = r.value.size() == 6 && plain_text(r.value).size() != 6;
      n.far_port = hardware ? hardware_text(r.value) : plain_text(r.value);
    } else if (c == column::neighbour_port_descr) {
      if (const std::string text = plain_text(r.value); !text.empty()) n.far_port = text;
    } else {
      n.name = plain_text(r.value);
    }
  }

  void tie(std::uint32_t lldp, neighbour& n) {
    const auto known = port_of_.find(lldp);
    n.port = known != port_of_.end() ? known->second : v_.ports.contains(lldp) ? lldp : 0;
    if (n.port != 0) n.port_shown = v_.ports[n.port].shown();
    if (n.port_shown.empty()) n.port_shown = port_id_[lldp];
    if (n.port_shown.empty()) n.port_shown = port_descr_[lldp];
    if (n.port_shown.empty()) n.port_shown = fmt::format("#{}", lldp);
  }

  /** Who tells no address of its own may be in the ARP table by the hardware address that names it. */
  void by_hardware(neighbour& n) {
    const auto same = by_hardware_.find(n.chassis);
    if (same == by_hardware_.end()) return;
    for (const std::size_t i : same->second)
      if (const arp_entry& e = v_.arp[i]; n.port == 0 || e.port == n.port)
        if (n.addresses.size() < most_addresses) n.addresses.push_back(e.address);
  }

  std::span<const std::vector<agent_row>> tables_;
  device_view v_;
  std::set<ip_address> own_;
  std::set<std::pair<std::uint32_t, ip_address>> in_arp_;
  std::map<std::string, std::vector<std::size_t>> by_hardware_;  ///< places in v_.arp
  std::map<remote_key, neighbour> found_;
  std::map<remote_key, std::int64_t> types_;
  std::map<std::uint32_t, std::uint32_t> port_of_;  ///< LLDP's number of a port -> ifIndex
  std::map<std::uint32_t, std::string> port_id_, port_descr_;
};

}  // namespace

const std::vector<wire::object_name>& columns() {
  const auto lldp = [](std::initializer_list<std::uint32_t> rest) {
    wire::object_name all{1, 0, 8802, 1, 1, 2, 1};
    all.insert(all.end(), rest);
    return all;
  };
  const auto mib2 = [](std::initializer_list<std::uint32_t> rest) {
    wire::object_name all{1, 3, 6, 1, 2, 1};
    all.insert(all.end(), rest);
    return all;
  };
  static const std::vector<wire::object_name> names{
      mib2({1, 5}),        mib2({2, 2, 1, 2}),  mib2({31, 1, 1, 1, 1}), mib2({31, 1, 1, 1, 18}), lldp({3, 1}),
      lldp({3, 2}),        lldp({3, 7, 1, 2}),  lldp({3, 7, 1, 3}),     lldp({3, 7, 1, 4}),      lldp({4, 1, 1, 4}),
      lldp({4, 1, 1, 5}),  lldp({4, 1, 1, 7}),  lldp({4, 1, 1, 8}),     lldp({4, 1, 1, 9}),      lldp({4, 2, 1, 3}),
      mib2({4, 22, 1, 2}), mib2({4, 35, 1, 4}), mib2({4, 20, 1, 2}),    mib2({4, 34, 1, 3})};
  return names;
}

device_view view_of(std::span<const std::vector<agent_row>> tables) { return walked_tables(tables).all(); }

std::string plain_text(std::string_view raw, std::size_t most) {
  const std::string text = wire::name_text(raw);
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() <= most;) {
    const std::size_t length = std::max<std::size_t>(utf8_length(std::string_view(text).substr(i)), 1);
    const std::string_view one = std::string_view(text).substr(i, length);
    if (!first_odd(one) && one != "\xef\xbf\xbd") out += one;
    i += length;
  }
  return std::string(shortened(out, most));
}

}  // namespace changtong::discover
