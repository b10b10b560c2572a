#pragma once
/** From one device along its neighbours: whom to ask next, and which lines and parents the answers propose. Whoever
 * drives it asks (`next`) and hands over what was seen (`take`). No socket, no clock.
 *
 * A device's parent is the one through which it was found, so the way leads downwards from the device one begins at. An
 * interface without a neighbour of LLDP behind which the ARP table knows exactly one address is a line too; behind
 * which it knows several, nobody can say. */
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/target.h"
#include "daemon/discover/device_view.h"

namespace changtong::discover {

struct explorer_limits {
  std::uint32_t depth = 1;    ///< how far below the first device others are asked too; 0: it alone
  std::uint32_t limit = 200;  ///< devices that are asked
  std::string category = "village";
  std::function<bool(const ip_address&)> is_ours{};  ///< an address of this machine, which is no line; empty: none is
};

struct proposal {
  enum class origin : std::uint8_t { start, lldp, arp };
  std::string id{};  ///< that of the inventory where the device is in it
  std::string name{};
  std::string circuit{};
  std::string category{};
  std::optional<ip_address> address{};  ///< none: it cannot be a line yet
  std::string parent{};                 ///< an id; of the first device that of the inventory, or empty
  std::string parent_port{};            ///< the interface of the parent
  origin from = origin::lldp;
  bool known = false;              ///< it is in the inventory
  std::string inventory_parent{};  ///< what the inventory says, if it is in it
};

/** What could not be asked, or what of it nobody can tell. */
struct remark {
  std::string about;  ///< an id, a name or an address
  phrase text;
};

class explorer {
 public:
  /** `known` may be null; outlives it. */
  explorer(const ip_address& first, const inventory* known, explorer_limits limits);

  /** Whom to ask now, each once; empty: it is over. */
  [[nodiscard]] std::vector<ip_address> next();
  /** What one of them said; `trouble`: what of it could not be read, empty if all could. */
  void take(const ip_address& who, const device_view& seen, const phrase& trouble);
  /** It did not answer. */
  void take_silence(const ip_address& who, const phrase& why);

  [[nodiscard]] const std::vector<proposal>& proposals() const { return proposals_; }
  [[nodiscard]] const std::vector<remark>& remarks() const { return remarks_; }

 private:
  struct asked {
    std::size_t place;  ///< in proposals_
    std::uint32_t depth;
  };
  /** `known`: who it is in the inventory; null: it is not there. */
  std::size_t add(proposal p, const target* known);
  static void know(proposal& p, const target& t);
  [[nodiscard]] std::optional<std::size_t> found_before(const std::vector<ip_address>& addresses,
                                                        const std::string& name, const std::string& chassis) const;
  /** The line with one of the addresses; by its name only who tells none: many have their factory's. */
  [[nodiscard]] const target* in_inventory(const std::vector<ip_address>& addresses, const std::string& name) const;
  [[nodiscard]] std::string new_id(const std::string& name, const std::string& circuit,
                                   const std::optional<ip_address>& address);
  void neighbours_of(const device_view& seen, const asked& here);
  void arp_of(const device_view& seen, const asked& here);
  void know_as(const std::vector<ip_address>& addresses, const std::string& name, const std::string& chassis,
               std::size_t place);

  const inventory* known_;
  explorer_limits limits_;
  std::vector<proposal> proposals_;
  std::vector<remark> remarks_;
  std::map<ip_address, asked> asked_;
  std::vector<ip_address> waiting_;
  std::map<std::string, std::size_t> by_name_, by_chassis_;
  std::map<ip_address, std::size_t> by_address_;
  /** The first line of the inventory with an address, an id in small letters, a name: its place there. */
  std::map<ip_address, std::size_t> line_by_address_;
  std::map<std::string, std::size_t> line_by_id_, line_by_name_;
  std::set<std::string> ids_;
  std::map<std::string, int> next_number_;  ///< of an id that several would have
  std::uint32_t asked_count_ = 0;
  bool limit_said_ = false;
};

/** What an interface's description says: a word with digits, as circuit numbers are, and the words around it. */
struct alias_words {
  std::string circuit, name;
};
[[nodiscard]] alias_words read_alias(std::string_view alias);

/** Rows for lines.csv with its Chinese headings; those of the inventory that are parents stand before them, so that the
 * file holds by itself. */
[[nodiscard]] std::string lines_csv(const std::vector<proposal>& proposals, const inventory* known);

}  // namespace changtong::discover
