#pragma once
/** Rule 10: whose fault a bad sample is, by what anchors and other lines said around it. Pure.
 *
 * A *sign* is an answer to a question of an anchor, or of a reach check of a line that is a witness, that took no
 * longer than an anchor's timeout. A *silence* is the open interval between two signs that follow each other. It is
 * ours if every anchor that counts has a bad sample inside it. A bad sample at `t` that became known at `known` is ours
 * if [t, known] meets a silence that is ours.
 *
 * Answers come in any order, so signs are kept as one bit a millisecond for the last two minutes: a hundred thousand
 * lines cost no more than one. What is asked of is decided once nothing that is still under way can change it, and
 * `open` until then; the same answers in another order give the same decisions.
 *
 * Instants are whole milliseconds of the monotonic clock, rounded down, of one session (from a start to the next). */
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "daemon/core/instant.h"

namespace changtong::verdict {

class uplink {
 public:
  using tick = std::int64_t;
  static constexpr tick never = std::numeric_limits<tick>::max() / 2;
  static constexpr tick horizon = 1 << 17;            ///< how far back a bad sample may lie
  static constexpr tick counts_for = 10 * 60 * 1000;  ///< without a sign for so long an anchor does not count
  static constexpr tick after_for = 60 * 1000;        ///< an outage that begins so soon after a silence carries it
  enum class whose : std::uint8_t { theirs, ours, open };

  /** Begins a session. Anchors are named by their place, 0 .. count - 1. */
  explicit uplink(std::size_t count = 0) : anchors_(count) {}
  [[nodiscard]] bool any() const { return !anchors_.empty(); }

  void sign(tick sent);  ///< of a line
  void anchor_sign(std::size_t anchor, tick sent);
  void anchor_bad(std::size_t anchor, tick sent);

  /** All questions sent before these instants are answered, or too old for their answer to be a sign. */
  struct known {
    tick signs;                     ///< of lines and anchors
    std::span<const tick> anchors;  ///< of each anchor, good or bad
  };
  /** Of the bad sample asked at `sent` and known to be bad at `until`. */
  [[nodiscard]] whose of(tick sent, tick until, const known& k) const;
  /** The silence of now is ours. */
  [[nodiscard]] bool silent() const { return last_ != -never ? judged(last_, never).ours : judged(-never, never).ours; }
  /** `sent` lies within a minute after a silence of ours. */
  [[nodiscard]] bool just_after(tick sent) const;
  /** An anchor has been silent since before `since`, while others answered later: it is of no use. */
  [[nodiscard]] bool contradicted(tick since) const;

  struct anchor {
    std::vector<tick> signs, bads;  ///< in order, those within the horizon and the last one before it
  };
  [[nodiscard]] const anchor& of_anchor(std::size_t i) const { return anchors_[i]; }
  /** A new inventory: `was[i]` is the place that anchor i had; one that is new begins without memory. */
  void adopt(std::span<const std::size_t> was);
  static constexpr std::size_t fresh = static_cast<std::size_t>(-1);

 private:
  struct view {         // what is known of one silence
    bool ours = false;  // every anchor that counts has a bad sample inside, and there is one
    bool counting = false;
    tick evidence = -never;  // the latest of the anchors' first bad samples inside
  };
  [[nodiscard]] view judged(tick a, tick b) const;
  [[nodiscard]] bool surely_theirs(tick a, tick b, const known& k) const;
  [[nodiscard]] bool counts(const anchor& of, tick a) const;
  void mark(tick at);
  void move_to(tick at);
  [[nodiscard]] tick sign_before_or_at(tick at) const;
  [[nodiscard]] tick sign_after(tick at) const;
  static void keep(std::vector<tick>& in, tick at, tick newest);

  static constexpr std::size_t words = horizon / 64;
  std::array<std::uint64_t, words> bits_{};
  tick newest_ = -never;  ///< bits stand for (newest_ - horizon, newest_], in whole words
  tick older_ = -never;   ///< the last sign before them
  tick last_ = -never;    ///< the last sign
  std::vector<anchor> anchors_;
};

}  // namespace changtong::verdict
