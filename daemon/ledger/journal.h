#pragma once
/** The journal's entries as they are stored, for whoever extracts them. Opens its own read-only connection; short read
 * transactions, so the writer's log can be checkpointed. One thread at a time. */
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/ledger/entry.h"

namespace changtong::ledger {

/** How far the journal went with one commit. */
struct journal_head {
  wall_t heartbeat{};
  std::int64_t seq = 0;
  digest hash{};
};

/** One entry, not decoded and not checked; the views live as long as the call that shows it. */
struct stored_entry {
  std::int64_t seq = 0;
  wall_t at{};
  std::string_view kind, body, hash;
};

class journal {
 public:
  [[nodiscard]] static result<std::unique_ptr<journal>> open(const std::string& path);
  virtual ~journal() = default;

  /** Zeros where nothing was committed yet. */
  [[nodiscard]] virtual result<journal_head> head() const = 0;
  /** Calls `each` for entries after `seq` up to `last`, in order, a few thousand at most; returns the number of the
   * last one shown, `seq` if there is none. Append-only: entries up to a head() are all there at any later time. */
  [[nodiscard]] virtual result<std::int64_t> read(std::int64_t seq, std::int64_t last,
                                                  const std::function<void(const stored_entry&)>& each) const = 0;
};

}  // namespace changtong::ledger
