#pragma once
/** Lines and sites, as they were written down. */
#include <string>
#include <string_view>
#include <tuple>

#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

/** One target as it was from `at` on: canonical JSON as core/target.h makes it; empty json = removed. */
struct inventory_version {
  wall_t at{};
  std::string target;
  std::string json;
  std::string author;
  friend bool operator==(const inventory_version&, const inventory_version&) = default;
};

template <>
struct description<inventory_version> {
  static constexpr std::string_view kind = "inventory";
  static constexpr std::tuple fields{field{&inventory_version::at, "at", "登记时间", "entered"},
                                     field{&inventory_version::target, "target", "线路", "line or site"},
                                     field{&inventory_version::author, "author", "登记人", "author"},
                                     field{&inventory_version::json, "json", "内容", "content"}};
};

}  // namespace changtong
