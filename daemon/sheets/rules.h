#pragma once
/** The rules of `check`, asked about an inventory that is not in force yet. */
#include <functional>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/core/target.h"
#include "daemon/settings/settings.h"

namespace changtong::sheets {

/** A configuration, or the lack of one. */
struct rules {
  std::string inventory_file;  ///< path; empty: the configuration names none
  std::vector<category> categories;
  /** What load() says of lines.csv with this text; places in another file have the file's name. */
  std::function<std::vector<problem>(const std::string& lines_csv)> check;
};

/** Of a configuration whose inventory holds, or is not there yet; all its problems otherwise. */
[[nodiscard]] boost::system::result<rules, problems> rules_of(const std::string& config, const surroundings& disk);
/** Without a configuration: built-in categories; a credential that a check names is taken for one that is known. */
[[nodiscard]] rules built_in_rules(const surroundings& world);

}  // namespace changtong::sheets
