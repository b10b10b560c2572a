#pragma once
/** What people and carriers said of outages: who takes care of one, its ticket and what the carrier answered, notes;
 * and where the monitor saw that the path was cut. It stands beside the figures and changes none. */
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/books/alert_stories.h"
#include "daemon/books/tickets.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

/** Of one outage. */
struct outage_note {
  std::vector<std::string> alerts;       ///< ids, in the order in which they told it
  std::vector<acknowledgement> taken;    ///< of it, or of such an alert; in the order in which they were entered
  std::vector<acknowledgement> remarks;  ///< likewise, and the alert was over: nobody takes care of it for that
  std::vector<ticket> tickets;           ///< in order of their numbers
  std::vector<annotation> annotations;   ///< about an instant of it, in order of these
  std::vector<trap_record> traps;        ///< near it, in order of their instants; at most most_traps; if asked for
  static constexpr std::size_t most_traps = 50;
  [[nodiscard]] bool empty() const {
    return alerts.empty() && taken.empty() && remarks.empty() && tickets.empty() && annotations.empty() &&
           traps.empty();
  }
  // What the monitor saw beside it:
  std::optional<trace_record> trace;  ///< the path at its beginning
  std::string observed;               ///< why its cause is what it is; empty: nothing was said
};

/** "V014@2026-03-14T02:41:07.250+08:00": what `ack` takes. */
[[nodiscard]] std::string id_of(const availability::outage& o, const civil_zone& zone);

/** All that was said of outages that touch a period. Which outage something is about:
 * - an alert's step: the line's last outage that began before it, if it was open then or had ended within the hour;
 * - an acknowledgement: the outage that it names, or all that its alert told;
 * - a ticket: of each of its lines the first outage that began at or after the ticket's beginning and before it was
 *   made;
 * - a trap: each outage of its line from a minute before it began to a minute after it ended. */
class outage_notes {
 public:
  enum class with : std::uint8_t { people, traps };  ///< traps too: a year may have hundreds of thousands
  /** `only` empty: of all lines and sites. Throws as the reader does. */
  outage_notes(const ledger::reader& from, period when, std::string_view only = {}, with what = with::people);
  [[nodiscard]] outage_note of(const availability::outage& o) const;

 private:
  /** The last or the first of the line's outages that began in [from, to]; wall_max: there is none. */
  [[nodiscard]] wall_t last_begun(const std::string& line, wall_t from, wall_t to) const;
  [[nodiscard]] wall_t first_begun(const std::string& line, wall_t from, wall_t to) const;
  void take(const record& r);
  void take(const acknowledgement& a);
  void take(const trace_record& t);
  void take(const trap_record& t);
  void take(const ticket& t, const ledger::reader& from, wall_t known_from);

  using outage_key = std::pair<std::string, wall_t>;                      ///< line, beginning
  std::map<std::string, std::map<wall_t, wall_t>, std::less<>> outages_;  ///< line -> beginning -> end
  std::map<outage_key, outage_note> notes_;
  std::map<std::string, std::vector<outage_key>> told_;  ///< alert -> what it is about
  alert_fold stories_;                                   ///< of their steps up to now
  std::vector<ticket_record> ticket_steps_;
};

/** An outage as a list shows it: with the name and town of its time. */
struct listed_outage {
  availability::outage what;
  std::string name, town, carrier;
  outage_note note;
  /** It was open when its target's scope ended, by a closing or by leaving the inventory; wall_max: it is open, or has
   * ended by itself. */
  wall_t scope_ended = wall_max;
};
/** Of targets of these outages that have not ended: whose scope has, as far as `from` has observed, and when. What was
 * open then is open no more, whatever becomes of the line. */
[[nodiscard]] std::map<std::string, wall_t, std::less<>> ended_scopes(const ledger::reader& from,
                                                                      const std::vector<availability::outage>& of);
/** Outages with the names and towns of their time, and nothing said of them. */
[[nodiscard]] std::vector<listed_outage> named(const ledger::reader& from, std::vector<availability::outage> outages);
/** As reader::outages(), with what was said of each. */
[[nodiscard]] std::vector<listed_outage> list_outages(const ledger::reader& from, period when, std::string_view only,
                                                      std::size_t limit);
/** The same of outages that are there already. */
[[nodiscard]] std::vector<listed_outage> noted(const ledger::reader& from, std::vector<availability::outage> outages,
                                               outage_notes::with what = outage_notes::with::traps);

/** How far the path was seen when it began: 到 10.0.3.1 为止，其后 10.0.4.1 不应答. Empty: not known. */
[[nodiscard]] std::string trace_text(const outage_note& n);
/** What a trap said, for people: when, its name and content, and how many came like it. */
[[nodiscard]] std::string trap_sentence(const trap_record& t, const civil_zone& zone);
/** What the carrier found: the last one that a ticket says; unstated: none does. */
[[nodiscard]] fault_cause cause_of(const outage_note& n);
/** What was said in a sentence for people: 报障单 T…，运营商单号 …，光缆：…；王工 接手；雷击（李工）. Empty: nothing
 * was. */
[[nodiscard]] std::vector<std::string> sentences(const outage_note& n, const civil_zone& zone);

}  // namespace changtong::books
