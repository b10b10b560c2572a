#pragma once
/** The settings, as the books need them. */
#include <string>
#include <string_view>
#include <tuple>

#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

/** Settings as they were from `at` on. `policy` is canonical JSON without secrets; `zone` an IANA name. */
struct policy_version {
  wall_t at{};
  std::string zone;
  std::string policy;
  std::string author;
  friend bool operator==(const policy_version&, const policy_version&) = default;
};

template <>
struct description<policy_version> {
  static constexpr std::string_view kind = "policy";
  static constexpr std::tuple fields{field{&policy_version::at, "at", "登记时间", "entered"},
                                     field{&policy_version::zone, "zone", "时区", "zone"},
                                     field{&policy_version::author, "author", "登记人", "author"},
                                     field{&policy_version::policy, "policy", "参数", "policy", presence::as_json}};
};

}  // namespace changtong
