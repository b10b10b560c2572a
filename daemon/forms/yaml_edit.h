#pragma once
/** Single keys of a YAML file set in place: every other byte, comments too, stays as it is. Pure.
 *
 * A key that is there keeps its place and gets another value; a new one is put before the first of its mapping. What
 * was made is read again, and differs from what was there by these keys alone, or nothing comes back. */
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/reading/yaml.h"

namespace changtong::forms {

struct yaml_change {
  const reading::yaml_node* mapping = nullptr;  ///< of the tree over the same text
  std::string key;
  std::string value;  ///< YAML on one line
};

/** The value under `key`; none: null. */
[[nodiscard]] const reading::yaml_node* value_of(const reading::yaml_node& mapping, std::string_view key);

/** Problem, with its line: a value that goes over several lines, which a person has to change. */
[[nodiscard]] result<std::string> with_changes(const std::string& text, const reading::yaml_node& tree,
                                               const std::vector<yaml_change>& changes);

}  // namespace changtong::forms
