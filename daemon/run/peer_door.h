#pragma once
/** Where the other node of a pair ships its journal: POST /peer/v1/entries, with the pair's token. What it brings is
 * kept as a second book beside our ledger, LEDGER.peer. A protocol between two nodes and no part of the API: its body
 * is ledger/shipment.h's, its answer the copy's head. Where the two went different ways, or the copy is damaged, it is
 * set aside under a dated name, once a day, and begun anew; until then nothing is taken. One shipment at a time:
 * another one is told so. Any thread. */
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/core/mutex.h"
#include "daemon/core/peer_tallies.h"
#include "daemon/core/phrase.h"
#include "daemon/core/secret.h"
#include "daemon/core/web.h"
#include "daemon/ledger/second_book.h"

namespace changtong {

inline constexpr std::string_view peer_path = "/peer/v1/entries";

/** Called on the thread of the shipment; must not block. Either may be empty. */
struct peer_listeners {
  std::function<void()> heard{};    ///< something came from the peer
  std::function<void()> entered{};  ///< what people entered there is in the copy now
};

class peer_door {
 public:
  /** Bytes of a disk's free space; nothing where it does not say. */
  using free_space = std::function<std::optional<std::uint64_t>(const std::string& file)>;
  /** What is left of the disk for our own ledger: below it nothing of another's is taken. */
  static constexpr std::uint64_t least_free = 256 << 20;

  /** `ledger`: our own. `token`: what the pair shares; never empty. The book is opened at the first shipment. */
  peer_door(std::string ledger, secret token, peer_tallies& tallies, free_space free, peer_listeners tell = {});

  /** It outlives the route. */
  [[nodiscard]] web_route route();
  /** How often a copy was begun anew: whoever has the one before open reads what was set aside. Any thread. */
  [[nodiscard]] std::uint64_t copies() const { return copies_.load(std::memory_order_relaxed); }
  /** Somebody found the copy damaged: it is begun anew, where that was not done today already. Any thread. */
  void begin_anew_if_damaged(const phrase& why);

 private:
  [[nodiscard]] std::optional<web_response> stranger(const web_request& head) const;
  [[nodiscard]] web_response answer(const web_request& request);
  [[nodiscard]] result<ledger::taken> take(const ledger::shipment& s);
  [[nodiscard]] result<void> open() REQUIRES(mutex_);
  [[nodiscard]] result<ledger::taken> after_a_fork(const ledger::taken& fork) REQUIRES(mutex_);
  /** Nothing: a new copy has begun. Else why none may. */
  [[nodiscard]] result<std::optional<phrase>> begin_anew(const phrase& why) REQUIRES(mutex_);
  [[nodiscard]] bool seems_damaged() REQUIRES(mutex_);
  void say_once(const problem& p) REQUIRES(mutex_);
  [[nodiscard]] result<bool> is_our_own(const ledger::shipment& s) const;

  std::string ledger_;
  secret token_;
  peer_tallies& tallies_;
  free_space free_;
  peer_listeners tell_;
  std::atomic<std::uint64_t> copies_{0};
  std::atomic_flag busy_;  ///< a shipment is being taken: the next one does not wait for a disk
  mutex mutex_;
  std::string said_ GUARDED_BY(mutex_);  ///< why nothing was taken, as it was last logged
  std::unique_ptr<ledger::second_book> book_ GUARDED_BY(mutex_);
  std::optional<std::chrono::steady_clock::time_point> looked_ GUARDED_BY(mutex_);  ///< for damage, after a failure
};

}  // namespace changtong
