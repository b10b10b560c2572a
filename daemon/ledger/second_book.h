#pragma once
/** The journal of another node as it ships it to us (shipment.h): a ledger of its own beside ours, equal to that one
 * entry by entry, with the same projections. It is read like any ledger (availability --ledger, observers). It has no
 * seals, and nobody signs its state row: those are the other node's, where they are verified. Marked as a copy, it is
 * written by nobody else (writer::open refuses it). One thread. */
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/ledger/journal.h"
#include "daemon/ledger/shipment.h"

namespace changtong::ledger {

struct taken {
  shipped_head head;  ///< of the copy, durable
  /** Both went on from an entry that they have in common, or have none in common: nothing was taken, nor will be. */
  bool fork = false;
};

class second_book {
 public:
  /** Makes the file where there is none. Fails with a sentence as writer::open does. */
  [[nodiscard]] static result<std::unique_ptr<second_book>> open(const std::string& path);
  virtual ~second_book() = default;

  /** Takes the entries that go on from where it stands; durable when it returns. Where the shipment begins elsewhere
   * nothing is taken, and the head says from where to go on. A problem for an entry whose hash does not chain, which
   * is no entry, or that contradicts those before it: then nothing of the shipment is there. */
  [[nodiscard]] virtual result<taken> take(const shipment& s) = 0;
  [[nodiscard]] virtual journal_head head() const = 0;
};

/** Whether a copy that is there is none that can be gone on with: not a ledger, or pages of it are damaged. Reads the
 * whole file. A problem where that cannot be told, as of one that is locked. */
[[nodiscard]] result<bool> copy_is_damaged(const std::string& path);
/** Those that were set aside, in order of their stamps. */
[[nodiscard]] std::vector<std::string> copies_set_aside(const std::string& path);
/** Renames a copy that nobody has open, with what SQLite keeps beside it, to `path`.`stamp`; that name. */
[[nodiscard]] result<std::string> set_copy_aside(const std::string& path, const std::string& stamp);

}  // namespace changtong::ledger
