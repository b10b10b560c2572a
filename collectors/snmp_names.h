#pragma once
/** Where an agent's interfaces are by their names, kept small: a name is its hash. Pure. */
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "collectors/snmp_walk.h"
#include "collectors/snmp_wish.h"

namespace changtong {

/** The columns in which an interface has a name; what a wish was found by. */
enum class name_column : std::uint8_t { none, if_name, if_descr, if_alias };
[[nodiscard]] wire::object_name name_object(name_column c);

class snmp_names {
 public:
  struct place {
    enum class found : std::uint8_t { missing, once, twice };
    found how = found::missing;
    std::uint32_t index = 0;             ///< ifIndex
    name_column by = name_column::none;  ///< whose value at that index …
    std::uint64_t raw = 0;               ///< … has this hash, byte for byte
  };
  void clear() { all_.clear(); }
  /** Rows of a column of names. */
  void add(name_column c, std::span<const snmp_walk::row> rows);
  /** By ifName, then by ifDescr, in any case of letters and with the short forms of makers (GE0/0/1 is
   * GigabitEthernet0/0/1); an alias as it is written. */
  [[nodiscard]] place find(const interface_wish& wish) const;

 private:
  struct entry {
    std::uint64_t hash, raw;
    std::uint32_t index;
    name_column by;
  };
  [[nodiscard]] place find(name_column c, std::uint64_t hash) const;
  std::vector<entry> all_;
};

/** The hash of a name's bytes as the agent wrote them (snmp_value::number of a text). */
[[nodiscard]] std::uint64_t raw_name(std::string_view bytes);

}  // namespace changtong
