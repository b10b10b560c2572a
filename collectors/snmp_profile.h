#pragma once
/** A device's profile applied to what its columns hold: rows to facts. Pure. */
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "collectors/snmp_walk.h"
#include "daemon/core/device_profile.h"
#include "daemon/core/result.h"

namespace changtong {

/** What a check says of its device: `profile=huawei-vrp`, `profile=zte+cpu-1082`, `profile=auto`. */
struct profile_wish {
  std::shared_ptr<const device_profiles> all;  ///< null: none
  std::string name;                            ///< `auto` or one of them
  std::vector<std::string> options;
  [[nodiscard]] explicit operator bool() const { return all != nullptr; }
  [[nodiscard]] bool by_system() const { return name == "auto"; }
};

/** `NAME` or `NAME+OPTION…`. */
[[nodiscard]] result<profile_wish> parse_profile_wish(std::string_view text,
                                                      std::shared_ptr<const device_profiles> all);

using snmp_columns_read = std::map<wire::object_name, std::vector<snmp_walk::row>>;

/** The facts that count with these options: one that was asked for stands in for one of its name that was not. */
[[nodiscard]] std::vector<const profile_fact*> facts_in_force(const device_profile& p,
                                                              const std::vector<std::string>& options);
/** What has to be read for them; without `interfaces` not what is about those. */
[[nodiscard]] std::vector<wire::object_name> columns_of(const std::vector<const profile_fact*>& facts, bool interfaces);

/** `fact::index`: 0 = the device, otherwise an ifIndex. Rows that mean nothing bring nothing. */
[[nodiscard]] std::vector<fact> read_profile(const std::vector<const profile_fact*>& facts,
                                             const snmp_columns_read& read);

}  // namespace changtong
