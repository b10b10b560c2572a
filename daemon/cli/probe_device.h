#pragma once
/** What a device says of itself by SNMP beside the answer to a check: who made it, which profile fits, and its
 * interfaces, for a person who writes the check. */
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/check.h"
#include "daemon/core/device_profile.h"

namespace changtong {

struct device_seen {
  struct interface {
    std::uint32_t index = 0;
    std::string name, alias;
    std::optional<std::int64_t> admin, oper;  ///< RFC 2863
    std::optional<std::int64_t> mbps;
  };
  struct no_interface {
    std::string wish;               ///< as the check writes it: name:GE0/0/1
    std::vector<std::string> near;  ///< names, or aliases, that are there and look like it; at most three
  };
  std::string description, object, name;    ///< sysDescr, sysObjectID, sysName; empty: not told
  const device_profile* profile = nullptr;  ///< of those that were given; null: none fits
  const device_profile* taken = nullptr;    ///< the one that the check reads; null: it says none, or none fits
  std::vector<fact_name> told, empty;       ///< what of the one taken, else of the fitting one, has a value now
  std::vector<fact_name> unknown;           ///< what neither knows an object for
  std::vector<no_interface> missing;        ///< interfaces that the check names and the device has not
  std::vector<interface> interfaces;        ///< in order of index
};

/** Asks it all; at most twenty seconds. `snmp` is a check of that kind. */
[[nodiscard]] device_seen look_at_device(const check& snmp, const device_profiles& known);

/** Lines for a terminal of 120 columns, each with its end; at most 64 interfaces. */
[[nodiscard]] std::string device_text(const device_seen& d);
/** A JSON object; at most 512 interfaces. */
[[nodiscard]] std::string device_json(const device_seen& d);

}  // namespace changtong
