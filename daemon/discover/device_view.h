#pragma once
/** What a device's own tables say of it and of what hangs on it: LLDP-MIB (IEEE 802.1AB), ifXTable and ifTable (RFC
 * 2863), the ARP and neighbour tables (RFC 4293, and its ipNetToMediaTable). Pure; any rows are safe: a row that cannot
 * be read is left out. */
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collectors/wire/snmp_rows.h"
#include "daemon/core/address.h"

namespace changtong::discover {

struct agent_row {
  wire::object_name index;
  std::string value;  ///< bytes as the agent wrote them
  std::optional<std::int64_t> number;
};

/** The tables that are read, each a column; the order is that of columns(). */
enum class column : std::uint8_t {
  system_name,
  port_descr,  ///< ifDescr
  port_name,   ///< ifName
  port_alias,  ///< ifAlias: often the circuit's number
  chassis_type,
  chassis_id,  ///< of the device itself
  lldp_port_id_type,
  lldp_port_id,  ///< of the device's own ports
  lldp_port_descr,
  neighbour_chassis_type,
  neighbour_chassis_id,
  neighbour_port_id,
  neighbour_port_descr,
  neighbour_name,
  neighbour_address,  ///< in the index of lldpRemManAddrTable
  arp_old,            ///< ipNetToMediaPhysAddress
  arp_new,            ///< ipNetToPhysicalPhysAddress
  own_old,            ///< ipAdEntIfIndex
  own_new,            ///< ipAddressIfIndex
  count
};
[[nodiscard]] const std::vector<wire::object_name>& columns();

struct port {
  std::string name, alias, descr;
  [[nodiscard]] const std::string& shown() const { return name.empty() ? descr : name; }
};

struct neighbour {
  std::uint32_t port = 0;  ///< ifIndex here; 0: LLDP's port could not be tied to an interface
  std::string port_shown;  ///< here, for people
  std::string name;        ///< its sysName; may be empty
  std::string far_port;    ///< there, for people
  std::string chassis;     ///< `mac 00:11:22:33:44:55`, `name …`; empty: none
  std::vector<ip_address> addresses;
};

struct arp_entry {
  std::uint32_t port = 0;
  ip_address address;
  std::string hardware;  ///< as neighbour::chassis has it
};

struct device_view {
  std::string name;
  std::string chassis;
  std::map<std::uint32_t, port> ports;  ///< by ifIndex
  std::vector<neighbour> neighbours;    ///< in order of the tables, each once
  std::vector<arp_entry> arp;           ///< without its own addresses, multicast and the like
  std::vector<ip_address> own;
  bool speaks_lldp = false;  ///< it has an LLDP-MIB, whether or not it has neighbours
};

/** `tables` is as long as columns(). */
[[nodiscard]] device_view view_of(std::span<const std::vector<agent_row>> tables);

/** An agent's text as one that a file may hold: valid UTF-8 (of GB18030 too), without characters that nobody sees, in
 * one line, at most `most` bytes. It may still begin as a formula does: whoever writes a table sees to that. */
[[nodiscard]] std::string plain_text(std::string_view raw, std::size_t most = 128);

}  // namespace changtong::discover
