#pragma once
/** The announced state of every target, for readers on other threads (metrics, API, status page).
 *
 * One board belongs to one inventory; a reload makes a new one. The numbers of a line are atomics written by one
 * thread (relaxed: each is true by itself, together they may be one sample apart). `state` and `since` are written
 * only after the ledger has them (promise 4), all else straight from samples. */
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/degrade_limits.h"
#include "daemon/core/fact_table.h"
#include "daemon/core/instant.h"
#include "daemon/core/line_view.h"
#include "daemon/core/mutex.h"
#include "daemon/core/remarks.h"
#include "daemon/core/target.h"

namespace changtong {

/** What a target's answers carried last, or one of its interfaces'. It has room for what that may have and for nothing
 * else: with every fact in each view a province would not fit. */
struct fact_view {
  target_index target = no_index;
  std::uint32_t index = 0;  ///< fact::index; 0 = the target itself

  /** Once, before anybody else sees it. */
  void make_room(std::uint64_t facts) {
    has_ = facts;
    values_ = std::make_unique<std::atomic<std::int64_t>[]>(static_cast<std::size_t>(std::popcount(facts)));
  }
  static constexpr std::uint64_t bit(fact_name n) { return std::uint64_t{1} << place_of(n); }

  /** Empty: not known. A value that is being replaced may be the one before or the one after. */
  [[nodiscard]] std::optional<std::int64_t> value(fact_name n) const {
    if ((known_.load(std::memory_order_acquire) & bit(n)) == 0) return std::nullopt;
    return values_[rank(n)].load(std::memory_order_relaxed);
  }
  /** One thread writes. What there is no room for is left out. */
  void set(fact_name n, std::optional<std::int64_t> value) {
    if ((has_ & bit(n)) == 0) return;
    const std::uint64_t others = known_.load(std::memory_order_relaxed) & ~bit(n);
    if (value) values_[rank(n)].store(*value, std::memory_order_relaxed);
    known_.store(value ? others | bit(n) : others, std::memory_order_release);
  }
  /** Nothing is known any more. */
  void forget() { known_.store(0, std::memory_order_release); }

 private:
  static_assert(fact_table.size() <= 64);
  [[nodiscard]] std::size_t rank(fact_name n) const {
    return static_cast<std::size_t>(std::popcount(has_ & (bit(n) - 1)));
  }
  std::uint64_t has_ = 0;                ///< which facts have a place, in the order of their table
  std::atomic<std::uint64_t> known_{0};  ///< which of them are: no value is left over to say "none", 64 bits may be any
  std::unique_ptr<std::atomic<std::int64_t>[]> values_;
};

/** A site's visits, beyond what a line has and what they carried. */
struct site_view {
  target_index target = no_index;
  std::atomic<float> open_seconds{-1};  ///< of the last visit, if it was good
  /** Visits about one regular interval apart: questions asked faster after a failure would weigh an outage twice. */
  std::atomic<std::uint64_t> visits_good{0}, visits_failed{0};
};

struct board {
  explicit board(std::shared_ptr<const inventory> inv) : districts(std::move(inv)), lines(districts->targets.size()) {}

  std::shared_ptr<const inventory> districts;
  std::vector<line_view> lines;  ///< by target_index
  std::vector<fact_view> facts;  ///< in order of target; fixed when the board is made
  std::vector<site_view> sites;  ///< in order of target
  /** Of interfaces that go by a name (fact::index), as the check says it; fixed too. */
  std::map<std::pair<target_index, std::uint32_t>, std::string> interface_names;
  remarks said;
  degrade_limits limits;  ///< fixed

  [[nodiscard]] std::span<const fact_view> facts_of(target_index t) const {
    const auto some = std::ranges::equal_range(facts, t, {}, &fact_view::target);
    return {some.begin(), some.end()};
  }
  /** How people call an interface: its name where the check has one, else its ifIndex. */
  [[nodiscard]] std::string interface_name(target_index t, std::uint32_t index) const {
    const auto found = interface_names.find({t, index});
    return found == interface_names.end() ? std::to_string(index) : found->second;
  }
  /** Whom a view's facts are about. */
  [[nodiscard]] fact_of whose(target_index t, std::uint32_t index) const {
    if (index != 0) return fact_of::interface;
    return districts->targets[t].kind == target_kind::site ? fact_of::site : fact_of::line;
  }
};

/** The current board. Readers take the pointer once and use it for the whole answer. Thread-safe. */
class board_holder {
 public:
  [[nodiscard]] std::shared_ptr<board> get() const {
    const holding lock(mutex_);
    return board_;
  }
  void set(std::shared_ptr<board> b) {
    const holding lock(mutex_);
    board_.swap(b);
  }

  /** Held by who announces and by who replaces the board: nothing that is announced falls between two boards. Never
   * held while waiting for anything. */
  [[nodiscard]] mutex& writing() { return writing_; }

 private:
  mutable mutex mutex_;
  mutex writing_;
  std::shared_ptr<board> board_ GUARDED_BY(mutex_);
};

}  // namespace changtong
