#pragma once
/** The targets a ledger knows, from its inventory versions. Internal to daemon/ledger. */
#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/ledger/reader.h"
#include "daemon/ledger/tables.h"

namespace changtong::ledger {

/** What one inventory version says of the target's scope. */
struct scope_version {
  std::int64_t seq = 0;
  std::optional<wall_t> accepted, closed;
  std::optional<wall_t> removed;  ///< taken out of the inventory: its scope ends here at the latest
};

struct catalogued {
  known_target what;
  std::int64_t number = 0;            ///< in the projections
  std::vector<scope_version> scopes;  ///< in order of seq, never empty
};

class catalogue {
 public:
  /** Reads again only where the journal has new inventory entries. In order of id; anchors are not in it. */
  const std::vector<catalogued>& read(const tables& t);
  /** Null for an id that is not in it. Valid until the next read(). */
  [[nodiscard]] const catalogued* find(std::string_view id) const;
  [[nodiscard]] const catalogued* find(std::int64_t number) const;
  /** The order of the tables: a walk over all targets touches each page once. Valid until the next read(). */
  [[nodiscard]] std::vector<const catalogued*> in_storage_order() const;

 private:
  std::vector<catalogued> targets_;
  std::vector<std::int64_t> place_;  ///< by number; -1 = not in it
  std::int64_t read_to_ = -1;        ///< sequence number of the newest version read
};

/** [accepted, closed) as the last version up to entry `as_of` has it, cut at the removal and at `now`; from the
 * ledger's first entry where `accepted` is not stated. Empty where there was no version yet. */
[[nodiscard]] period scope_of(const catalogued& t, wall_t first_entry, wall_t now, std::int64_t as_of);

}  // namespace changtong::ledger
