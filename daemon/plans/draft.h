#pragma once
/** A plan under construction: values with where they stand. Internal to daemon/settings. */
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/plan_tree.h"
#include "daemon/reading/block.h"

namespace changtong::reading {

struct indicator_draft {
  plans::indicator what;
  place at, weight_at, target_at, source_at, assessment_at, rule_at, given_at;
  std::size_t group = 0;  ///< position in plan_draft::groups
  bool rule_stated = false;
  bool scored = true;  ///< as the plan
  bool usable = true;  ///< target and source were read, so they can be held against each other
};
struct group_draft {
  std::string name;
  std::optional<stated<exact>> weight;
  std::size_t level = 0;
};
struct level_draft {
  std::string name;
  std::optional<stated<exact>> weight;
  place at;
};
struct plan_draft {
  plans::plan what;
  place root, execution_at;
  std::vector<level_draft> levels;
  std::vector<group_draft> groups;
  std::vector<indicator_draft> indicators;
  std::optional<exact> coverage_floor;
  bool weights_read = true;  ///< false: some weight is unreadable, so sums would only repeat that
};

/** Values as plans write them; what is wrong goes to the block's findings. */
[[nodiscard]] std::optional<stated<exact>> plan_number(const block& from, std::string_view key, bool negative = false);
[[nodiscard]] std::optional<stated<exact>> plan_percent(const block& from, std::string_view key);  ///< as 0 .. 1
[[nodiscard]] std::optional<stated<std::string>> plan_day(const block& from, std::string_view key);
[[nodiscard]] std::vector<stated<std::string>> plan_texts(const block& from, std::string_view key,
                                                          std::size_t most_bytes = 256);
void plan_take(const block& from, std::string_view key, std::string& into, std::size_t most_bytes = 256);
/** The position of the key's word in `words`; nothing where it is absent or not one of them (which is said). */
[[nodiscard]] std::optional<std::size_t> plan_word(const block& from, std::string_view key,
                                                   const std::vector<std::string_view>& words);
[[nodiscard]] plans::file_name plan_path(const std::string& written, std::string_view plan_file);

/** The key `source` of one indicator. */
void read_plan_source(const yaml_node& node, std::string_view file, findings& found, indicator_draft& into);
/** What concerns several keys at once. */
void check_plan(plan_draft& draft, findings& found);

}  // namespace changtong::reading
