#pragma once
/** A trace under virtual time: the same judge and the same ledger as the daemon, fed from a tape instead of a network.
 *
 * Everything happens in one order: the trace's lines as they stand, between them the ranges' samples by their labels.
 * Targets that are up and undoubted are left alone while their ranges only give good samples, and are brought up to
 * date in constant time when somebody needs to know of them; the books are the same. Nothing of it is random, so the
 * same trace gives the same journal. One thread; no clock, no network. */
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/ledger/writer.h"
#include "daemon/replay/scout.h"
#include "daemon/replay/supply.h"
#include "daemon/replay/tape.h"
#include "daemon/settings/amend.h"
#include "daemon/verdict/judge.h"

namespace changtong::replay {

struct replayed {
  std::uint64_t samples = 0;  ///< judged, those that ranges stand for included
  std::uint64_t muted = 0;    ///< single samples under a barrier (rule 6)
  std::uint64_t lost = 0;     ///< single samples that a crash took along (rule 5)
  std::int64_t entries = 0;   ///< of the journal
  std::uint64_t outages = 0;
};

class replay {
 public:
  /** All references must outlive it. `silences` are what scout.h found of the same tape. `each_sample` takes every
   * sample by itself: slow, and the same. */
  replay(const tape& t, const settings& s, amended_inventory& inventory, ledger::writer& books, own_silences silences,
         bool each_sample = false);

  /** Plays everything into the ledger, which must be empty. A problem with a line is one of the trace, without a file;
   * one without a line means that it could not run (or `progress`, told lines done and all, returned false: then
   * the text is empty). The ledger then holds a part of the books: throw it away. */
  [[nodiscard]] result<replayed> run(const std::function<bool(std::uint64_t, std::uint64_t)>& progress);

 private:
  static constexpr std::int64_t never = supply::never;

  result<void> step(const taped_event& e);
  result<void> event(const trace_monitor& m);
  result<void> event(const trace_range& r);
  result<void> event(const trace_step& s);
  result<void> event(const trace_window& w);
  result<void> event(const trace_inventory& i);
  result<void> event(const trace_scope& s);
  result<void> event(const trace_single&) { return {}; }  // singles are not among the events
  result<void> event(const taped_end& e);
  result<void> single(const taped_single& s);
  result<void> conclude();

  result<check_index> check_of(const std::string& target, const std::string& check);
  result<void> need_target(const std::string& id) const;
  void adopt(std::shared_ptr<const inventory> next);
  void describe(const target& t);
  void first_entries(const settings& s);

  void drain(std::int64_t until);
  void ring();
  void bring(target_index t, std::int64_t until);
  void bring_all(std::int64_t until);
  void feed(sample s);
  void wake(target_index t);
  void wake_awaited_by(target_index t);
  void wake_all();
  [[nodiscard]] bool may_carry(target_index t) const;
  result<void> keep_up();
  result<void> sync(std::int64_t until);
  result<void> commit(wall_t heartbeat);
  [[nodiscard]] problem at_line(phrase why) const;

  struct alarm {
    std::int64_t label;
    target_index target;
    friend auto operator<=>(const alarm&, const alarm&) = default;
  };

  const tape& tape_;
  amended_inventory& amended_;
  ledger::writer& books_;
  const own_silences silences_;
  const bool each_sample_;
  std::shared_ptr<const inventory> inv_;
  std::vector<std::string> kinds_;
  supply supply_;
  verdict::judge judge_;
  verdict::judgement out_;
  std::unordered_map<std::string, trace_window> windows_;  ///< the last record of each id
  std::vector<alarm> alarms_;                              ///< a heap, earliest first; may hold outdated ones
  std::vector<std::int64_t> wakes_;                        ///< by target; `never`: no alarm
  civil_zone zone_;
  std::uint32_t line_ = 0, frame_ = 0;
  std::int64_t label_ = 0;
  std::int64_t barrier_ = ms_of(wall_min);
  std::int64_t next_day_ = 0;  ///< the midnight at which the ledger is next brought up to date
  std::size_t sessions_ = 0;
  bool running_ = false;
  replayed done_;
};

}  // namespace changtong::replay
