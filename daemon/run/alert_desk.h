#pragma once
/** Who tells people: records in, steps of alerts to the journal, messages out. What is one alert decides
 * publish/alerts/grouping, who is told decides delivery; here is what they need to know, and what they order.
 *
 * A step is noted like a transition - by the probe thread, in order - and comes back announced: durable, or, while the
 * ledger is away, marked so after two seconds; only then does anything follow from it. A step that is announced twice
 * (unrecorded, then recorded) counts once. */
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/core/alert_view.h"
#include "daemon/core/board.h"
#include "daemon/core/mutex.h"
#include "daemon/core/record.h"
#include "daemon/core/tallies.h"
#include "daemon/host/background.h"
#include "daemon/ledger/writer.h"
#include "daemon/publish/alerts/channels.h"
#include "daemon/publish/alerts/delivery.h"
#include "daemon/publish/alerts/grouping.h"
#include "daemon/publish/alerts/kept_facts.h"
#include "daemon/publish/alerts/second_voice.h"
#include "daemon/publish/alerts/told_causes.h"
#include "daemon/publish/alerts/words.h"
#include "daemon/run/own_health.h"
#include "daemon/run/planned_outages.h"
#include "daemon/run/quality_watch.h"
#include "daemon/run/told_before.h"
#include "daemon/settings/settings.h"

namespace changtong {

class alert_desk {
 public:
  /** What a channel said: the status, 0 for none, and its words. */
  using answered = std::function<void(unsigned status, std::string body)>;
  /** Called by round(), but for `wake`. */
  struct doors {
    std::function<wall_t()> now;  ///< label
    /** Time that nobody sets; empty: labels are. What is to come in ten minutes comes in ten minutes of it. */
    std::function<mono_t()> steady{};
    /** Hands records to the probe thread; never blocks. They come back by take(). */
    std::function<void(std::vector<record>)> note;
    /** Never blocks; the answer comes once, on any thread. */
    std::function<void(const alert_channel&, const alerts::outgoing&, answered)> send;
    book_door books;
    const board_holder* boards = nullptr;
    const daemon_tallies* tallies = nullptr;
    std::function<std::optional<std::uint64_t>()> free_bytes;  ///< of the ledger's disk
    std::function<alerts::roster(const settings&)> roster_of;
    /** Of the second node of a pair: what the first has told; empty: this one speaks for itself. Reads its copy. */
    std::function<alerts::first_word(wall_t since)> first{};
    taken_elsewhere taken_there{};
    std::function<bool()> in_doubt;      ///< whether lines are in doubt (grouping::doubts)
    std::function<void()> wake;          ///< something happened: round() is due. From any thread; never blocks
    std::size_t most_waiting = 500'000;  ///< records; what is more is read from the ledger
  };

  /** `recalled` is what the ledger held when it was opened. */
  alert_desk(const settings& s, const ledger::restored& recalled, doors d);

  /** Announced. Any thread; never blocks. */
  void take(const std::vector<record>& records);
  /** A reload. Any thread; never blocks. */
  void adopt(const settings& s);
  /** People entered something on the other node of a pair. Any thread; never blocks. */
  void hear_elsewhere();
  [[nodiscard]] alert_view view() const;
  /** What is to be done now; says when again, if nobody wakes it before. One thread. */
  [[nodiscard]] host::background::pause round();

 private:
  struct inbox {
    std::vector<record> records;
    std::vector<std::pair<std::uint64_t, alerts::channel_answer>> answers;
    std::optional<settings> adopted;
    bool elsewhere = false;            ///< hear_elsewhere()
    std::optional<wall_t> lost_since;  ///< records that did not fit
  };
  /** One sending, of which several parts may be under way: one receiver each. */
  struct parts;

  [[nodiscard]] std::vector<availability::outage> read_open(wall_t now) const;
  void recall(const ledger::restored& recalled);
  void change(settings next, wall_t now);
  void take_one(const record& r, wall_t now);
  void look_at_the_clock(wall_t now);
  void take_over_elsewhere(wall_t now);
  void take_planned(wall_t now);
  [[nodiscard]] bool unrecorded() const;
  [[nodiscard]] node_rank own_rank() const {
    return settings_.peer && settings_.peer->second ? node_rank::second : node_rank::first;
  }
  void catch_up(wall_t now);
  void read_windows(wall_t now);
  [[nodiscard]] std::vector<transition> unplanned(const std::vector<alert_record>& steps, wall_t now);
  [[nodiscard]] const std::string& planned_note(wall_t now);
  void look_around(wall_t now);
  void note_visit(const transition& t, wall_t now);
  void note_causes(const alerts::sending& s, wall_t now);
  [[nodiscard]] std::vector<alert_record> corrections(wall_t now);
  void speak_second(wall_t now);
  void carry(const alerts::sending& s, wall_t now);
  /** One message; `apart`: one an alert, where it is a digest. */
  [[nodiscard]] std::vector<message> worded(alerts::sending s, bool apart, wall_t now) const;
  [[nodiscard]] alerts::told_world world(const board& b, wall_t now) const;
  [[nodiscard]] std::optional<alerts::month_figures> month(std::span<const std::string> targets, wall_t began,
                                                           wall_t now) const;
  void end_part(const std::shared_ptr<parts>& of, const alerts::channel_answer& how);
  void show();

  doors doors_;
  settings settings_;
  alerts::roster roster_;  ///< by the settings in force
  alerts::grouping grouping_;
  alerts::delivery delivery_;
  own_health health_;
  alerts::kept_facts facts_;
  alerts::told_causes told_causes_;
  alerts::second_voice second_;
  elsewhere_news elsewhere_;
  bool stirred_ = false;        ///< there may be some
  wall_t listened_ = wall_min;  ///< when the first node's word was last asked for
  planned_outages planned_;
  bool windows_read_ = false;
  wall_t windows_tried_ = wall_min;  ///< when they were last to be read
  std::string planned_note_;         ///< of the last digest, which more than one channel may carry
  wall_t planned_note_at_ = wall_min;
  std::set<std::tuple<std::string, alert_step, wall_t, std::string>> taken_;  ///< steps, until the recorded ones come
  quality_watch qualities_;
  wall_t looked_ = wall_min;
  std::optional<std::pair<wall_t, mono_t>> clock_;  ///< label and steady time of the last round
  std::optional<wall_t> lost_since_;                ///< records did not fit since, and are to be read from the ledger

  mutable mutex mutex_;
  inbox inbox_ GUARDED_BY(mutex_);
  alert_view view_ GUARDED_BY(mutex_);
};

}  // namespace changtong
