#pragma once
/** backup.json: what a backup holds and where each file belongs. Pure; any input is safe. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/backup/owner.h"
#include "daemon/core/result.h"
#include "daemon/host/digest.h"

namespace changtong::backup {

inline constexpr std::string_view list_name = "backup.json";
inline constexpr std::size_t most_list_bytes = 4 << 20;

enum class part : std::uint8_t {
  ledger,    ///< the book itself
  seals,     ///< its lines of seals, which the machine may have more of
  posted,    ///< how many of them were posted; goes with them
  settings,  ///< configuration, inventory, keys, tokens: each as it is
};
[[nodiscard]] std::string_view name_of(part p);

struct saved_file {
  part what = part::settings;
  std::string path;    ///< absolute: where it belongs
  std::string stored;  ///< inside the backup, without a leading slash and without ..
  std::uint64_t size = 0;
  host::digest sha256{};
  unsigned mode = 0600;
  owner whose{};
};

struct backup_list {
  std::string version;                 ///< of the program that made it
  std::string made;                    ///< civil, of the books' zone or of the machine
  std::string node;                    ///< whose; empty without a configuration
  std::int64_t entries = 0;            ///< of the journal
  std::vector<std::string> variables;  ///< of the environment: the configuration names them, and they are not in it
  std::vector<saved_file> files;
};

/** One line a file, in their order. */
[[nodiscard]] std::string list_text(const backup_list& l);
/** The inverse; refuses whatever list_text() does not write. */
[[nodiscard]] result<backup_list> read_list(std::string_view text);

}  // namespace changtong::backup
