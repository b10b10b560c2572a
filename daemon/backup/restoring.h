#pragma once
/** Puts a backup back. Nothing is lost by it: what stands in the way is moved aside under a name with the instant.
 * One thread; no daemon may run on the ledger. */
#include <functional>
#include <string>
#include <vector>

#include "daemon/backup/list.h"
#include "daemon/backup/taking.h"
#include "daemon/core/result.h"

namespace changtong::backup {

enum class fate : std::uint8_t {
  create,   ///< nothing is there
  replace,  ///< something else is there, and goes aside
  same,     ///< it is there byte by byte
  longer,   ///< the machine has all these seals and more: they stay, and so does how many were posted
};

struct restored_file {
  saved_file what;
  std::string to;  ///< where it goes
  fate how = fate::create;
};

struct restoration {
  backup_list list;
  std::string folder;
  std::string root;    ///< below which everything goes; empty: where it came from
  std::string ledger;  ///< where the book goes
  std::vector<restored_file> files;
};

/** Checks every byte of the backup against its list, and each place it would go to. `root`: below which folder the
 * paths lie; empty: where they came from. Changes nothing. */
[[nodiscard]] result<restoration> preview(const std::string& folder, const std::string& root, const progress& heard);

struct restored {
  std::vector<std::string> aside;      ///< what stood in the way, by its new name
  std::vector<std::string> not_given;  ///< files whose owner could not be set
};
/** Does it; `stamp` goes into the names of what moves aside. May be called again after a crash or a problem. */
[[nodiscard]] result<restored> apply(const restoration& what, const std::string& stamp);

}  // namespace changtong::backup
