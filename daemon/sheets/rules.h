#pragma once
/** The rules of `check`, asked about an inventory that is not in force yet. */
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/core/target.h"
#include "daemon/settings/settings.h"
#include "daemon/settings/table_columns.h"

namespace changtong::sheets {

/** What load() says of a table. */
struct verdict {
  std::vector<problem> problems;            ///< it does not hold
  std::vector<problem> warnings;            ///< it holds, but look: none beside problems
  std::shared_ptr<const inventory> made{};  ///< what it is read as; null: it does not hold
  bool shared = false;                      ///< with other nodes, whose rows are not in `made`
};

/** A configuration, or the lack of one. */
struct rules {
  std::string file;              ///< path of the table; empty: the configuration names none
  std::size_t sites_listed = 0;  ///< in the configuration itself
  std::vector<category> categories;
  /** What load() says of the table with this text; places in another file have the file's name. */
  std::function<verdict(const std::string& text)> check;
};

/** Of a configuration that holds, or whose lines are not there yet; all its problems otherwise. */
[[nodiscard]] boost::system::result<rules, problems> rules_of(
    const std::string& config, const surroundings& disk,
    const reading::table_columns& table = reading::columns_of_lines());
/** Without a configuration: built-in categories; a credential that a check names is taken for one that is known. */
[[nodiscard]] rules built_in_rules(const surroundings& world);

}  // namespace changtong::sheets
