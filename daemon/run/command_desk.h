#pragma once
/** Where commands of people meet the books: one at a time they are held against what is durable, labelled, committed
 * through the recorder, and only then answered (promise 4). Each author may write so many entries in a civil day
 * (most_entries_a_day), counted in the ledger when the day or the daemon begins. Running out of memory refuses the
 * request and ends nothing. Called on HTTP threads; they wait here and for the commit, the probe thread only says what
 * time it is. */
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "daemon/core/command.h"
#include "daemon/core/instant.h"
#include "daemon/core/mutex.h"
#include "daemon/core/node_rank.h"
#include "daemon/core/phrase.h"
#include "daemon/run/book_door.h"
#include "daemon/run/recorder.h"

namespace changtong {

class command_desk {
 public:
  /** The label of now, not before anything the ledger has; none while the daemon stops. Any thread, may block shortly.
   */
  using label = std::function<std::optional<wall_t>()>;

  /** What besides a person should know of what was entered, from the settings. Any thread, does not block. */
  using remarks = std::function<void(entered&)>;

  /** `records` outlives the desk. `books`: what commands are held against, but closings, which are of this ledger
   * alone; empty: the ledger. */
  command_desk(std::string ledger, recorder& records, label now, remarks more = {}, book_door books = {},
               node_rank rank = node_rank::first);

  [[nodiscard]] entering enter(std::span<const command> what, const author& who);

 private:
  [[nodiscard]] entering entered_now(std::span<const command> what, const author& who) REQUIRES(one_at_a_time_);
  /** Makes `written_` that of the civil day of `now`. */
  [[nodiscard]] result<void> count_the_day(wall_t now) REQUIRES(one_at_a_time_);
  [[nodiscard]] entering drafted(std::span<const command> what, const author& who, wall_t now) REQUIRES(one_at_a_time_);

  std::string ledger_;
  recorder& records_;
  label now_;
  remarks remarks_;
  book_door open_;
  node_rank rank_;
  mutex one_at_a_time_;
  wall_t day_begins_ GUARDED_BY(one_at_a_time_) = wall_max;                ///< of the civil day that `written_` is of
  std::map<std::string, std::size_t> written_ GUARDED_BY(one_at_a_time_);  ///< entries, by author
  /** Opened when first needed, anew after a failure. */
  std::unique_ptr<ledger::reader> books_ GUARDED_BY(one_at_a_time_);
};

/** A ledger that cannot be read or written just now, as an answer to a person. */
[[nodiscard]] refused ledger_unavailable(const phrase& why);

}  // namespace changtong
