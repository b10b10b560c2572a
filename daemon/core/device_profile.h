#pragma once
/** What the devices of a maker tell by SNMP beyond the standard, as data: config/profiles. Immutable after loading. */
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/fact.h"

namespace changtong {

using object_parts = std::vector<std::uint32_t>;

/** How several rows of a column become one value. */
enum class profile_rows : std::uint8_t {
  greatest,
  non_zero,  ///< the greatest; none where all are 0: boards that have no such sensor say 0
  failed,    ///< how many are not among the well ones
  sum,       ///< of all rows; with a share, over the share's
};

/** How a number in a row is read; what comes of it is in the fact's own unit. */
enum class profile_form : std::uint8_t {
  linear,      ///< times `scale`
  microwatts,  ///< power on a fibre: 10·log10(µW/1000) dBm; 0 and less is none
  mixed,       ///< above 0 microwatts, else hundredths of a dBm (rules.md 6.3)
};

/** Whom a row is about. */
enum class profile_index : std::uint8_t {
  device,
  interface,  ///< its index is an ifIndex
  entity,     ///< an entPhysicalIndex, which entAliasMappingIdentifier or entPhysicalName leads to an interface
};

struct profile_fact {
  fact_name name{};
  object_parts object{};  ///< the column; of a scalar its name without the 0
  profile_rows rows = profile_rows::greatest;
  profile_form form = profile_form::linear;
  profile_index index = profile_index::device;
  double scale = 1;                ///< one step of the device's, in the fact's own unit
  std::int64_t least = INT64_MIN;  ///< of the device's own number: what is outside means nothing
  std::int64_t greatest = INT64_MAX;
  std::vector<std::int64_t> invalid{};  ///< these mean that there is none
  std::vector<std::int64_t> well{};     ///< of profile_rows::failed
  object_parts share_of{};              ///< a column whose rows are the whole; empty: none
  object_parts where{};                 ///< a column that says which rows count; empty: all
  object_parts is{};                    ///< … those where it holds this name
  std::string option{};                 ///< it counts only where the check names this; empty: always
  std::string status{};                 ///< as rules.md 6 has it: verified, derived, unverified, second-hand
  std::string source{};                 ///< where that is written
};

struct device_profile {
  std::string name{};                   ///< as in profile=NAME
  std::string title{};                  ///< for people
  std::vector<object_parts> objects{};  ///< what sysObjectID begins with
  std::vector<profile_fact> facts{};
};

/** All that are known, in order of name. */
using device_profiles = std::vector<device_profile>;

/** Whose sysObjectID it is: the longest beginning; `generic` where no maker's fits; null where there is no such. */
[[nodiscard]] const device_profile* profile_for(const device_profiles& all, const object_parts& system);
[[nodiscard]] const device_profile* profile_named(const device_profiles& all, std::string_view name);
/** `1.3.6.1`, a dot before it or not; at least two and at most 64 parts. */
[[nodiscard]] std::optional<object_parts> parse_object(std::string_view text);
[[nodiscard]] std::string object_text(const object_parts& parts);

inline constexpr std::string_view generic_profile = "generic";

}  // namespace changtong
