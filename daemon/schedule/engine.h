#pragma once
/** The shell around the planner: turns due slots into questions, and every slot into exactly one sample.
 *
 * One tick (10 ms): read what has arrived, judge deadlines, ask what is due. Reads are coalesced into ticks because
 * wake-ups cost more than packets; round trips come from kernel time stamps, so nothing is measured late by it.
 *
 * Answers are handed on twice. `seen` at once, with facts, for display. `judged` in order of sending per target, for
 * belief: an answer waits until all earlier questions of its target's reach checks are answered or timed out.
 *
 * Where ticks stood still (a suspended process) for most of the time that a question had, its silence is no proof of
 * anything: a timeout is then not_measured(late), like the slots that were missed.
 *
 * One engine, one thread: the one that runs its io_context. It knows no belief and no book. */
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "collectors/collector.h"
#include "daemon/core/tallies.h"
#include "daemon/schedule/planner.h"

namespace changtong::schedule {

class sample_sink {
 public:
  virtual void seen(const sample& s) = 0;
  virtual void judged(const sample& s) = 0;
  /** Samples of these checks may come in a moment: what they will need may be brought near (core/warm.h). */
  virtual void expect(std::span<const check_index>) {}
  /** A tick is over: what belongs together may be handed on together. */
  virtual void tick_done(mono_t now) = 0;

 protected:
  ~sample_sink() = default;
};

struct engine_options {
  std::uint32_t fast_budget = 0;
  std::size_t most_under_way = 1U << 18;  ///< at most 1 << 20; then slots become not_measured(own_overload)
};

class engine final : public answer_sink {
 public:
  using label_of = std::function<wall_t(mono_t)>;
  using make_collector = std::function<std::unique_ptr<collector>(kind_index, answer_sink&)>;

  /** Collectors are made when the first inventory needs their kind. */
  engine(make_collector make, label_of label, sample_sink& sink, daemon_tallies& tallies, mono_t now,
         nanoseconds wall_offset, engine_options options = {});
  ~engine();

  /** Replaces the inventory; questions under way are dropped without a sample (the new plan asks anew). */
  void adopt(std::shared_ptr<const inventory> inv, mono_t now);
  void grant(const wish& w, mono_t now) { planner_.grant(w, now); }
  /** One turn. Tests call it with their own time; run() calls it from a timer. */
  void tick(mono_t now);

  /** Every question of a line's reach check sent before this label has been judged (the ledger's heartbeat). */
  [[nodiscard]] wall_t judged_until(mono_t now);
  /** The same for one target, sites included. */
  [[nodiscard]] wall_t judged_until(target_index t, mono_t now) const;
  /** Every question of a line's reach check sent before this instant has been judged. */
  [[nodiscard]] mono_t lines_judged_until(mono_t now);
  /** Every question to this anchor sent before this instant is answered. */
  [[nodiscard]] mono_t anchor_known_until(target_index anchor, mono_t now);
  [[nodiscard]] std::vector<std::pair<kind_index, const collector*>> collectors() const;

  void answered(std::uint32_t ticket, const answer& a) override;

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  /** A ticket is a place in flights_ and, above it, how often the place was used: a stale answer finds nobody. */
  static constexpr std::uint32_t place_bits = 20, place_mask = (1U << place_bits) - 1, ticket_mask = 0x7fffffff;
  enum class phase : std::uint8_t { free, under_way, answered };
  struct flight {
    phase where = phase::free;
    check_index check = no_index;
    std::uint32_t serial = 0;   ///< tells a reused slot from its earlier life
    std::uint32_t next = none;  ///< of the same target, in order of sending
    mono_t sent{}, deadline{};
    sample result;
  };
  struct queue {
    std::uint32_t head = none, tail = none;
  };
  struct sent_mark {
    std::uint32_t place, serial;
  };
  /** What every question and answer needs to know of its check, side by side: the check and its target are far away. */
  struct brief {
    target_index target = no_index;
    std::uint32_t timeout_ms = 0, interval_ms = 0;
    kind_index kind = 0;
    bool line : 1 = false, anchor : 1 = false;
    bool limited : 1 = false, ordered : 1 = false;  ///< its scope has a begin or an end; judged in order of sending
  };

  [[nodiscard]] bool in_scope(check_index c, wall_t at) const;
  [[nodiscard]] static brief brief_of(const check& c, const target& t);
  std::uint32_t take_flight(check_index c, mono_t now);
  void release(std::uint32_t place);
  [[nodiscard]] std::uint32_t ticket_of(std::uint32_t place) const {
    return place | (flights_[place].serial << place_bits & ticket_mask);
  }
  void expire(mono_t now);
  void ask_due(mono_t now);
  void ask_one(const due_slot& d, mono_t now, wall_t label);
  void warm_up_question(check_index c) const;
  void warm_up_answers();
  void ask(kind_index kind);
  void drain_after(const std::vector<question>& burst, kind_index kind);
  void report_missed(const std::vector<due_slot>& due, wall_t label);
  [[nodiscard]] bool unwatched(const flight& f) const;
  void finish(std::uint32_t place);
  void deliver(target_index t);
  void count(const sample& s);

  make_collector make_;
  label_of label_;
  sample_sink& sink_;
  daemon_tallies& tallies_;
  engine_options options_;
  planner planner_;
  std::shared_ptr<const inventory> inv_;
  std::vector<std::unique_ptr<collector>> collectors_;
  std::vector<std::vector<question>> bursts_;  ///< by kind
  std::vector<bool> quick_;                    ///< by kind: most of its answers came within the tick, the last time
  std::vector<flight> flights_;
  std::vector<std::uint32_t> free_;
  std::vector<queue> queues_;                                         ///< by target
  std::vector<brief> briefs_;                                         ///< by check
  std::deque<sent_mark> sent_;                                        ///< lines' reach questions in order of sending
  std::unordered_map<target_index, std::vector<sent_mark>> anchors_;  ///< questions to each anchor under way
  wheel deadlines_;
  std::vector<due_slot> missed_;   ///< scratch
  std::vector<check_index> soon_;  ///< scratch
  mono_t zero_, last_tick_{};
  mono_t stall_from_{}, stall_to_{};  ///< the last time without ticks that was longer than a few of them
  std::size_t under_way_ = 0;
};

/** Drives `e` from a timer until `io` stops; skips turns while `paused` says so. */
void run(engine& e, boost::asio::io_context& io, std::function<mono_t()> now, std::function<bool()> paused);

}  // namespace changtong::schedule
