#pragma once
/** Who is told of an alert, when, by which channel, and what if nobody answers: decided without I/O and clock.
 *
 * It takes steps of alerts once the ledger has them, acknowledgements of people and what channels answered; it orders
 * sendings and says which steps (told, untold, escalated) are to be entered. A sending whose end was not entered when
 * the daemon ended is ordered again: at least once, duplicates rather than silence. Not thread-safe. */
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/declared_alert.h"
#include "daemon/core/message.h"
#include "daemon/core/node_rank.h"
#include "daemon/core/target.h"

namespace changtong::alerts {

/** How a channel took a message. */
struct channel_answer {
  enum class end : std::uint8_t {
    taken,  ///< it has it
    later,  ///< not now: too fast for it, or it is not well; `pause` is how long it wants to be left alone, 0: not said
    refused,    ///< never as it is: a wrong key, a body it cannot read
    elsewhere,  ///< the first node of a pair has told it: nothing was sent, and the channel is what it was
  };
  end how = end::later;
  milliseconds pause{0};
  std::string text;  ///< what it said, at most 200 bytes, without secrets
};

/** One message to one channel, to be rendered and sent. */
struct sending {
  std::uint64_t number = 0;  ///< names it in returned()
  std::string channel;
  std::vector<alert_record> about;  ///< one; several are one digest: more had to be told than the channel takes
  bool daily = false;  ///< the digest of the day: what is open, and what began or ended since the last; may be empty
  message_kind kind = message_kind::opened;
  std::string of{};  ///< which step is told, as alert_record::of has it; of several the first one's
  int severity = 2;
  std::vector<std::string> people;  ///< names
  /** Theirs, as the channel needs them (ids: of its robot's kind), and, once a step, what stands in the channel's `to`:
   * all that this sending goes to. SMS and voice: one number a sending, since each has an answer of its own. */
  std::vector<std::string> phones, mails, ids;
  std::string note;  ///< what the message says besides: who acknowledged, which channel failed since when
};

/** Who is on duty at an instant, and who is next: from duty records of that civil day and of days to come, else from
 * alert_settings::staff in turn. */
struct on_duty {
  std::vector<std::string> now, next;
};
using roster = std::function<on_duty(wall_t at)>;

/** An acknowledgement that the journal has. */
struct known_acknowledgement {
  std::string alert, by, note;
  wall_t at{};             ///< when it was entered
  bool elsewhere = false;  ///< on the other node of a pair, which tells of it
  node_rank on = node_rank::first;
};

class delivery {
 public:
  /** To be done in this order: what is entered first is what the sendings follow from. */
  struct orders {
    std::vector<sending> send;
    std::vector<alert_record> enter;  ///< told, untold, escalated
  };

  delivery(const alert_settings& s, std::vector<person> people, std::shared_ptr<const inventory> inv,
           const civil_zone& zone, roster who);
  ~delivery();
  delivery(delivery&&) noexcept;
  delivery& operator=(delivery&&) noexcept;

  /** Every alert step and every acknowledgement in the journal's order: once, before anything else. Nothing is ordered
   * by it; what had not ended is ordered by the next due(). */
  void recall(std::span<const alert_record> steps, std::span<const known_acknowledgement> by_people = {});
  /** Open alerts go on under the new rules; what waits for a channel that is gone takes its `instead`. `who` empty: the
   * roster stays. A channel that is the same but for its id is the same. */
  void adopt(const alert_settings& s, std::vector<person> people, std::shared_ptr<const inventory> inv, wall_t now,
             roster who = {});

  /** Hours, days and times of messages are of this zone from now on. */
  void adopt(const civil_zone& zone, wall_t now);

  /** Labels have jumped by so much without time passing: what was to come in ten minutes comes in ten minutes. */
  void stepped(milliseconds by);

  /** opened, grown, resolved: durable. The end of an alert is told from `told_from` on, so that it can say its cause;
   * nobody is woken or told of it otherwise meanwhile. */
  void take(const alert_record& step, wall_t now, wall_t told_from = wall_min);
  /** What the end of an alert of this target may wait for is known now. */
  void cause_known(std::string_view target, wall_t now);
  /** Durable. Of several of one alert the last one counts, by instant of entry, then rank, then its node's order,
   * whichever is heard of first. */
  void acknowledged(const known_acknowledgement& a, wall_t now);
  void returned(std::uint64_t number, const channel_answer& answer, wall_t now);

  [[nodiscard]] orders due(wall_t now);
  [[nodiscard]] wall_t until() const;

  /** What of it fails, for metrics and the page about ourselves. */
  struct channel_state {
    std::string id;
    bool well = true;
    wall_t since{};  ///< of that
    std::uint64_t told = 0, failed = 0, waiting = 0;
    std::string last;  ///< answer
  };
  [[nodiscard]] std::vector<channel_state> channels() const;
  /** No step of some open alert reaches anybody: an alarm of our own ("nobody"). */
  [[nodiscard]] bool nobody_reachable() const;
  /** Some rule would reach nobody now, or nobody who is on duty: the same alarm, before there is anything to tell.
   * Looked at every ten seconds. */
  [[nodiscard]] bool roster_unreachable(wall_t now);

 private:
  struct inside;
  std::unique_ptr<inside> in_;
};

}  // namespace changtong::alerts
