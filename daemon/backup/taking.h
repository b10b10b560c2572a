#pragma once
/** Takes a backup: ledger, seals, keys, configuration and whatever it names, of one moment, while the daemon runs.
 * One thread. */
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "daemon/backup/list.h"
#include "daemon/core/result.h"
#include "daemon/settings/settings.h"

namespace changtong::backup {

using progress = std::function<bool(const char* what, std::int64_t done, std::int64_t total)>;

/** A file that is read as it is. */
struct source {
  part what = part::settings;
  std::string path;
};

/** What is to be taken. */
struct scope {
  std::string ledger;
  std::string node;
  std::vector<source> files;           ///< that are there
  std::vector<std::string> variables;  ///< of the environment
};

/** Of a configuration: the configuration and every file that loading it read, those beside the ledger, and the office's
 * own words of sheets. */
[[nodiscard]] boost::system::result<scope, problems> scope_of(const std::string& config, const surroundings& from);
/** Of a ledger alone: itself and what lies beside it. */
[[nodiscard]] scope scope_of_ledger(const std::string& ledger);

/** Into `folder`, which is not there yet and is there, whole and verified, when this returns; after a problem it is
 * not. `made`: the instant as people write it. The copy's journal has been verified with its seals. */
[[nodiscard]] result<backup_list> take(const scope& what, const std::string& folder, const std::string& made,
                                       const progress& heard);

}  // namespace changtong::backup
