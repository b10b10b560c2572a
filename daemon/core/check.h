#pragma once
/** One kind of question to a target. Immutable after loading. */
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/address.h"
#include "daemon/core/instant.h"
#include "daemon/core/sample.h"

namespace changtong {

/** reach: its answers decide up or down. health: they only colour an up target. */
enum class check_role : std::uint8_t { reach, health };

/** A kind's own settings; each collector derives its type and only it casts back. Immutable, shared between checks. */
struct check_settings {
  check_settings() = default;
  check_settings(const check_settings&) = default;
  check_settings& operator=(const check_settings&) = default;
  virtual ~check_settings() = default;
  /** What an answer may carry beside good or bad. */
  [[nodiscard]] virtual std::vector<fact_place> facts() const { return {}; }
  /** What a check with such settings is like unless it says otherwise itself, whatever `defaults`, categories and kinds
   * state, which are for questions of the usual sort; empty: as those say. */
  struct habit {
    std::optional<check_role> role{};
    std::optional<milliseconds> interval{}, timeout{};
  };
  [[nodiscard]] virtual habit usual() const { return {}; }
  /** Its questions are not all put before so long after the first: the timeout must leave time to answer the last. */
  [[nodiscard]] virtual milliseconds asking_takes() const { return milliseconds{0}; }
};

struct timing {
  milliseconds interval{1000};      ///< 100 ms .. 1 h
  milliseconds timeout{1000};       ///< 50 ms .. 60 s
  milliseconds fast_interval{250};  ///< 50 ms .. interval
  std::uint16_t down_after = 3;     ///< bad samples in a row that confirm an outage, 1 .. 20
  std::uint16_t up_after = 2;       ///< good samples in a row that end it, 1 .. 20
  friend bool operator==(const timing&, const timing&) = default;
};

using kind_index = std::uint8_t;  ///< position in collectors/kinds.def; names by registry.h

struct check {
  std::string id;    ///< "LINE/KIND", with "#2", "#3" … for more of a kind; stable over restarts
  std::string spec;  ///< as written in the inventory, credentials by name only
  kind_index kind = 0;
  check_role role = check_role::reach;
  target_index target = no_index;
  ip_address address;  ///< whom to ask; unset (0.0.0.0) for kinds that name a host in their settings
  timing when;
  float bandwidth_mbps = 0;  ///< the line's; 0 = not stated
  std::shared_ptr<const check_settings> settings;

  /** It asks a device for data, its clock among them: sysUpTime by SNMP. */
  [[nodiscard]] bool tells_up_time() const;
};

}  // namespace changtong
