#pragma once
/** The samples that a trace's ranges stand for, made when they are asked for: a year of a thousand lines has three
 * billion of them, and nobody may hold them. Pure.
 *
 * A range gives a sample at each label from + k * every < to that is shown for the first time while the monitor runs
 * (so a forward step leaves labels out, and repeated ones give nothing), but not at the instant of a single sample of
 * the same check, nor between two of them that are at most `every` apart. At one instant: the trace's lines first, then
 * ranges in order of their lines. */
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/core/target.h"
#include "daemon/replay/tape.h"
#include "daemon/verdict/judge.h"

namespace changtong::replay {

class supply {
 public:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  /** `t` must outlive it. */
  explicit supply(const tape& t);

  /** Who exists from the label `from` on; all before has been taken. */
  void adopt(std::shared_ptr<const inventory> inv, std::int64_t from);
  /** The check of a key, or no_index. */
  [[nodiscard]] check_index check_of(key_index k) const { return checks_[k]; }
  [[nodiscard]] check_index check_named(const std::string& target, const std::string& check) const;
  /** A range begins to be known. It must name checks that exist. */
  void open(const trace_range& r);
  /** The monitor runs from the label `from` on, none before it having been used; label - offset is mono. */
  void run(std::int64_t from, std::int64_t offset);
  void rest();

  /** The label of the target's next sample; `never` where there is none. */
  [[nodiscard]] std::int64_t next(target_index t) const;
  /** The label until which the target can be left alone while it is up: its next sample that is not good or leaves a
   * hole behind it, or the last one of a range. */
  [[nodiscard]] std::int64_t disturbed(target_index t) const;
  /** Takes the next sample; there must be one. */
  [[nodiscard]] sample take(target_index t);
  /** The good samples before `until` and before the next one that is not good, as runs; empty where the next is not
   * good. They are taken only by taken(). */
  [[nodiscard]] const std::vector<verdict::good_run>& good_runs(target_index t, std::int64_t until);
  void taken(target_index t);

  [[nodiscard]] std::uint64_t given() const { return given_; }

 private:
  struct range {
    std::int64_t from, to, every;
    std::string target, check;
    outcome what;
    cause why;
    nanoseconds rtt;
    std::optional<milliseconds> took;
  };
  struct stream {
    std::int64_t next;
    std::uint32_t range;
    check_index check;
    key_index key;  ///< no_index where the trace has no single sample of this check
  };
  [[nodiscard]] std::int64_t on_grid(const range& r, std::int64_t label) const;
  void rebuild();
  void add_streams(std::uint32_t r);
  void add_stream(std::uint32_t r, check_index c);
  void settle(stream& s);
  [[nodiscard]] std::uint32_t single_after(key_index k, std::int64_t mono);
  void forget_ended(std::vector<stream>& streams) const;

  const tape& tape_;
  std::shared_ptr<const inventory> inv_;
  std::vector<range> ranges_;                 ///< those that may still give something
  std::vector<std::vector<stream>> streams_;  ///< by target, in order of their lines
  std::vector<check_index> checks_;           ///< by key
  std::vector<key_index> keys_;               ///< by check
  std::vector<std::uint32_t> hints_;          ///< by key: into tape::by_key
  std::unordered_map<std::string, check_index> by_id_;
  std::unordered_map<std::string, std::vector<check_index>> by_name_;
  std::vector<verdict::good_run> runs_;
  std::vector<std::size_t> run_streams_;
  std::int64_t from_ = 0, offset_ = 0;
  bool running_ = false;
  std::uint64_t given_ = 0;
};

}  // namespace changtong::replay
