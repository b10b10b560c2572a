#pragma once
/** Alerts have numbers of each node's own, and an outage begins where each node saw it begin: what was entered there
 * about one is put in the words of here. Remembers what will not change any more, for many readers ask. Thread-safe. */
#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/core/declaration.h"
#include "daemon/core/mutex.h"
#include "daemon/ledger/reader.h"

namespace changtong::observers {

class as_seen_here {
 public:
  /** An alert there that is none here is said of each of its lines, of so many at most. */
  static constexpr std::size_t most_lines = 500;

  /** Of each alert here that is about some of the same lines from the same time; without one, of its line's outage.
   * What is about neither stays as it is, but names no alert. Empty: it is about the other node itself. */
  [[nodiscard]] std::vector<acknowledgement> put(const acknowledgement& a, const ledger::reader& there,
                                                 const ledger::reader& here);
  [[nodiscard]] ticket_record put(ticket_record t, const ledger::reader& there, const ledger::reader& here);

 private:
  using key = std::tuple<wall_t, std::string, std::string, std::string>;  ///< at, what, line, author
  static constexpr std::size_t most_kept = 20'000, most_acknowledgements = 100'000;

  mutex mutex_;
  std::map<key, std::vector<acknowledgement>> acknowledged_ GUARDED_BY(mutex_);
  std::size_t kept_ GUARDED_BY(mutex_) = 0;                                    ///< in them
  std::map<key, std::pair<std::string, wall_t>> reported_ GUARDED_BY(mutex_);  ///< alert, beginning
};

}  // namespace changtong::observers
