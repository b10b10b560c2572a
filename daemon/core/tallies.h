#pragma once
/** The daemon's own tallies: each written by the thread that owns the event, read by the metrics page. Thread-safe. */
#include <array>
#include <atomic>
#include <cstdint>
#include <span>

namespace changtong {

/** Cumulative only when read: `buckets[i]` counts values in (bounds[i-1], bounds[i]]; the last is +Inf. */
template <std::size_t N>
class histogram {
 public:
  explicit constexpr histogram(std::array<double, N> bounds) : bounds_(bounds) {}

  void observe(double v) {
    std::size_t i = 0;
    while (i < N && v > bounds_[i]) ++i;
    buckets_[i].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(v, std::memory_order_relaxed);
  }
  [[nodiscard]] std::span<const double> bounds() const { return bounds_; }
  [[nodiscard]] std::uint64_t bucket(std::size_t i) const { return buckets_[i].load(std::memory_order_relaxed); }
  [[nodiscard]] double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::array<double, N> bounds_;
  std::array<std::atomic<std::uint64_t>, N + 1> buckets_{};
  std::atomic<double> sum_{0};
};

struct daemon_tallies {
  static constexpr std::size_t max_kinds = 16;
  std::array<std::array<std::atomic<std::uint64_t>, 3>, max_kinds> samples{};  ///< [kind][outcome]
  static constexpr std::size_t max_causes = 64;
  /** [kind][cause] of the samples that were bad or not measured, as they were seen, before rule 10. */
  std::array<std::array<std::atomic<std::uint64_t>, max_causes>, max_kinds> blamed{};
  std::atomic<std::uint64_t> late_slots{0};
  /** The last time that the probe loop stood still for more than a few seconds: labels of its begin and end; 0: it
   * never did. The end is written last. */
  std::atomic<std::int64_t> paused_from_ms{0}, paused_until_ms{0};
  std::atomic<std::uint64_t> ignored_answers{0};  ///< answers to tickets that were not under way
  std::atomic<std::uint64_t> questions_under_way{0};
  std::atomic<std::uint64_t> reloads_ok{0}, reloads_failed{0};
  std::atomic<bool> config_ok{true};
  std::atomic<std::int64_t> config_time_s{0};  ///< Unix time of the last successful load
  std::atomic<std::uint64_t> ledger_entries{0};
  std::atomic<std::uint64_t> ledger_failures{0};
  std::atomic<bool> ledger_writable{true};    ///< false from the first commit that failed to the next one that did not
  std::atomic<std::int64_t> ledger_queue{0};  ///< records waiting for a commit
  std::atomic<std::uint64_t> ledger_lost{0};  ///< records announced that the queue could not hold
  std::atomic<std::int64_t> heartbeat_ms{0};  ///< last durable one
  std::atomic<std::int64_t> ledger_verified_s{0};        ///< Unix time of the last successful verification
  std::atomic<bool> audit_writable{true};                ///< false while lines of the audit log cannot be kept
  std::atomic<int> ledger_verified_ok{-1};               ///< of the last verification; -1: none yet
  std::atomic<std::int64_t> ledger_verified_entries{0};  ///< that it found whole
  std::atomic<std::int64_t> sealed_until_ms{0};          ///< end of the last sealed civil day
  std::atomic<std::uint64_t> seal_failures{0};           ///< seals that could not be made or filed
  std::atomic<std::uint64_t> seal_post_failures{0};      ///< attempts to post a seal
  std::atomic<int> clock_synchronised{-1};               ///< a clock_trust; -1: the kernel gave no answer
  std::atomic<std::uint64_t> clock_steps{0};             ///< noticed, adopted or not
  std::atomic<std::int64_t> clock_offset_ms{0};          ///< wall clock minus labels: a step that is not adopted
  std::atomic<bool> own_uplink_silent{false};  ///< all anchors that count are silent and the silence is ours (rule 10)
  std::atomic<bool> anchors_contradicted{
      false};  ///< an anchor is silent, or never answered, for a minute while others answer
  std::atomic<std::uint64_t> own_uplink_samples{0};  ///< bad samples that rule 10 made not measured
  histogram<14> lateness_seconds{{0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10}};
  histogram<12> commit_seconds{{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5}};
};

}  // namespace changtong
