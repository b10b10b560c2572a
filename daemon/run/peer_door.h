#pragma once
/** Where the other node of a pair ships its journal: POST /peer/v1/entries, with the pair's token. What it brings is
 * kept as a second book beside our ledger, LEDGER.peer. A protocol between two nodes and no part of the API: its body
 * is ledger/shipment.h's, its answer the copy's head, 409 where the two went different ways. Any thread. */
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/core/mutex.h"
#include "daemon/core/peer_tallies.h"
#include "daemon/core/secret.h"
#include "daemon/core/web.h"
#include "daemon/ledger/second_book.h"

namespace changtong {

inline constexpr std::string_view peer_path = "/peer/v1/entries";

class peer_door {
 public:
  /** Bytes of a disk's free space; nothing where it does not say. */
  using free_space = std::function<std::optional<std::uint64_t>(const std::string& file)>;
  /** What is left of the disk for our own ledger: below it nothing of another's is taken. */
  static constexpr std::uint64_t least_free = 256 << 20;

  /** `ledger`: our own. `token`: what the pair shares; never empty. The book is opened at the first shipment. */
  peer_door(std::string ledger, secret token, peer_tallies& tallies, free_space free);

  /** It outlives the route. */
  [[nodiscard]] web_route route();

 private:
  [[nodiscard]] web_response answer(const web_request& request);
  [[nodiscard]] result<ledger::taken> take(const ledger::shipment& s);
  [[nodiscard]] result<void> open() REQUIRES(mutex_);
  [[nodiscard]] result<bool> is_our_own(const ledger::shipment& s) const;

  std::string ledger_;
  secret token_;
  peer_tallies& tallies_;
  free_space free_;
  mutex mutex_;  ///< one shipment at a time
  std::unique_ptr<ledger::second_book> book_ GUARDED_BY(mutex_);
};

}  // namespace changtong
