#pragma once
/** Ships our journal to who keeps a copy of it: the other node of a pair (ledger/second_book.h), or a centre.
 *
 * The journal itself is the queue: nothing is kept in memory, and where to go on is what the peer answers, also
 * backwards, so that nothing is lost or repeated over a restart of either. Has a thread of its own; nothing waits for
 * it. Once the peer has everything it is told each heartbeat, at least every `longest_pause`. A failure is counted and
 * logged once, and tried again after 1 s, 2 s, … a minute. Each answer brings the peer's clock: how far the two are
 * apart, at most, is kept in a file for whoever lays both books together (observers). */
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "daemon/core/instant.h"
#include "daemon/core/peer_tallies.h"
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/host/background.h"
#include "daemon/ledger/journal.h"
#include "daemon/ledger/shipment.h"
#include "daemon/run/shipping_way.h"

namespace changtong {

struct peer_post_options {
  shipping_way way;
  std::string ledger;
  phrase whom{"另一台", "the other node"};                 ///< as the log calls it
  phrase forked;                                           ///< what becomes of a copy that went another way
  std::string clock_file{};                                ///< where the clocks' offset is written down; empty: nowhere
  milliseconds timeout{10'000};                            ///< for one shipment
  milliseconds shortest_pause{500}, longest_pause{2'000};  ///< between two, when it has everything
  milliseconds first_retry{1'000};                         ///< doubles up to a minute
};

class peer_post {
 public:
  peer_post(peer_post_options o, peer_tallies& tallies);
  /** Nothing more will be written: what was written last is shipped, within two seconds, or waits for the next run. */
  ~peer_post();
  peer_post(const peer_post&) = delete;
  peer_post& operator=(const peer_post&) = delete;

  /** Something was committed. Any thread; never blocks. */
  void look_again() { thread_.ask(); }
  /** The peer is there: what waits after a failure need not. Any thread; never blocks. */
  void heard() {
    if (waits_.load(std::memory_order_relaxed)) thread_.ask();
  }

 private:
  [[nodiscard]] host::background::pause round(const std::stop_token& stop);
  [[nodiscard]] result<bool> ship(const std::stop_token& stop);
  [[nodiscard]] result<ledger::shipment> next(const ledger::journal_head& head) const;
  [[nodiscard]] result<ledger::shipped_head> entry_at(std::int64_t seq) const;
  [[nodiscard]] result<ledger::shipped_head> ask(const ledger::shipment& s, const std::stop_token& stop);
  void compare_clocks(wall_t asked, wall_t answered, wall_t theirs);
  [[nodiscard]] result<bool> is_ours(const ledger::shipped_head& h, const ledger::journal_head& head) const;
  void after_a_failure();

  peer_post_options options_;
  peer_tallies& tallies_;
  // Of the thread alone.
  std::unique_ptr<ledger::journal> journal_;
  ledger::shipped_head there_;                      ///< where it stands, as far as known
  bool asks_first_ = true;                          ///< that is not known: it is asked before anything is shipped
  bool packs_ = false;                              ///< the peer has said that it reads gzip
  std::size_t share_ = ledger::most_shipped_bytes;  ///< bytes at once: fewer after a failure, for a link may be slow
  enum class clock_word : std::uint8_t { well, apart, unwritten };
  clock_word clock_told_ = clock_word::well;        ///< what the log said of them last
  std::optional<ledger::clock_exchanged> clock_{};  ///< as it was compared last
  wall_t clock_noted_{};                            ///< when the clocks' offset was last written down
  std::atomic<bool> waits_{false};                  ///< retry_ is not zero, for any thread
  milliseconds retry_{0};                           ///< zero: the last shipment was taken
  host::background thread_;                         ///< its end ends a shipment under way
};

/** How far the peer's clock is ahead of ours at most, as it was last written down beside the ledger; none: never. */
[[nodiscard]] std::optional<milliseconds> peer_clock_offset(const std::string& ledger);

}  // namespace changtong
