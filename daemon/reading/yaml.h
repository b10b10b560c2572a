#pragma once
/** YAML text -> a plain tree that remembers where everything stood. The one door to yaml-cpp.
 *
 * Stricter than YAML: UTF-8 only, one document, no aliases and anchors (they make small files huge), bounded depth and
 * size. Duplicate keys stay in the tree, so that they can be reported with their place. */
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/phrase.h"

namespace changtong::reading {

struct yaml_node {
  enum class shape { nothing, scalar, list, mapping };
  shape what = shape::nothing;
  int line = 1;
  int column = 1;
  std::string scalar{};
  std::vector<yaml_node> children{};  ///< a list's members; a mapping's key, value, key, value …

  [[nodiscard]] phrase shape_name() const;
};

inline constexpr std::size_t most_yaml_bytes = 4 << 20;

/** A problem carries line and column and never quotes the file's text: a secret may stand there. */
[[nodiscard]] result<yaml_node> parse_yaml(const std::string& text);

}  // namespace changtong::reading
