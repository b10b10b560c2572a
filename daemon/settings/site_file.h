#pragma once
/** The file of sites: its columns are the keys of a site in the configuration's list, and a row becomes the same tree
 * as a member of that list, so that one reader holds both to the same rules. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/reading/yaml.h"
#include "daemon/settings/draft.h"

namespace changtong::reading {

/** Each row as a mapping of every column that has one; an empty cell says nothing. `bytes` as they were read. */
[[nodiscard]] std::vector<yaml_node> read_site_rows(std::string bytes, std::string_view file,
                                                    std::span<const category_draft> categories, std::size_t most,
                                                    findings& found);

}  // namespace changtong::reading
