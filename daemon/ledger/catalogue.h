#pragma once
/** The targets a ledger knows, from its inventory versions. Internal to daemon/ledger. */
#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/ledger/reader.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {

struct catalogued {
  known_target what;
  std::int64_t number = 0;        ///< in the projections
  std::optional<wall_t> removed;  ///< taken out of the inventory: its scope ends here at the latest
};

class catalogue {
 public:
  /** Reads again only where the journal has new inventory entries. In order of id; anchors are not in it. */
  const std::vector<catalogued>& read(store& s);
  /** Null for an id that is not in it. Valid until the next read(). */
  [[nodiscard]] const catalogued* find(std::string_view id) const;
  [[nodiscard]] const catalogued* find(std::int64_t number) const;
  /** The order of the tables: a walk over all targets touches each page once. Valid until the next read(). */
  [[nodiscard]] std::vector<const catalogued*> in_storage_order() const;

 private:
  std::vector<catalogued> targets_;
  std::vector<std::int64_t> place_;  ///< by number; -1 = not in it
  std::int64_t read_to_ = -1;        ///< sequence number of the journal
};

/** [accepted, closed) cut at the removal and at `now`; accepted from the ledger's first entry where it is not stated.
 */
[[nodiscard]] period scope_of(const catalogued& t, wall_t first_entry, wall_t now);

}  // namespace changtong::ledger
