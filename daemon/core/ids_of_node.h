#pragma once
/** Ids where several nodes' stand beside each other: they say their node, 东城区/V014. An id has no slash, a name of a
 * node may. Pure. */
#include <string>
#include <string_view>

namespace changtong {

/** What stands before each: 东城区/ */
[[nodiscard]] inline std::string prefix_of_node(std::string_view node) { return std::string(node) + '/'; }
[[nodiscard]] inline std::string id_at(std::string_view node, std::string_view id) {
  return prefix_of_node(node).append(id);
}
/** 东城区/ of 东城区/V014; empty where an id says no node. */
[[nodiscard]] inline std::string_view prefix_in(std::string_view id) { return id.substr(0, id.rfind('/') + 1); }

}  // namespace changtong
