#pragma once
/** Sites that stand as a list in the configuration, moved to a file of their own, where the browser can change them. */
#include <string>

#include "daemon/core/result.h"

namespace changtong {

/** The list of `yaml`, a configuration that load() takes, as the CSV file of sites, with the columns that it uses. A
 * path in it (ca) is seen from the configuration's folder, where the file has to stand. */
[[nodiscard]] result<std::string> site_list_as_csv(const std::string& yaml);

}  // namespace changtong
