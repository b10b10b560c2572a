#pragma once
/** One alert as it is told: who has heard of it, what they still have to hear, which step comes next. Internal to
 * publish/alerts. */
#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/publish/alerts/delivery_post.h"

namespace changtong::alerts {

/** What whoever was told has to hear besides. */
struct follow_up {
  std::shared_ptr<const alert_record> about;
  message_kind kind = message_kind::grown;
  std::string of, note;
  std::string by{};  ///< acknowledged: who need not be told
};

struct story {
  std::shared_ptr<const alert_record> latest;  ///< opened, or grown since
  std::set<std::string> open;                  ///< targets that are not well again
  std::shared_ptr<const telling_rule> rule;    ///< null: none fits
  wall_t base{};                               ///< its steps count from here
  bool begun = false;                          ///< else it waits for the hours of a rule
  bool acknowledged = false, over = false;
  std::string taken_by;  ///< acknowledged: by whom, the last one
  /** Of each node, by rank, the latest label so far of who took it over there: its own order stays if a label goes
   * back.
   */
  std::array<wall_t, 2> taken_until{wall_min, wall_min};
  wall_t told_from = wall_min;  ///< over: that is told from then on; wall_min: nothing is waited for
  milliseconds done{-1};        ///< `after` of the last step that was taken
  std::vector<follow_up> follow_ups;
  struct hearer {
    std::string name;     ///< "" the group, "#…" a number of nobody
    std::size_t covered;  ///< so many of the follow-ups were ordered for them
  };
  std::map<std::string, std::vector<hearer>> heard;         ///< by channel, in the order told
  std::set<std::pair<std::string, std::string>> ordered{};  ///< channel and name of whom it was ordered for
  /** Which follow-up has been ordered by which channel for whom, be it in the place of another. */
  std::set<std::tuple<std::string, std::size_t, std::string>> given{};
  std::size_t pending = 0;  ///< tasks that have not ended
  bool failed = false;      ///< something of it was untold

  /** Nobody has to hear anything of it any more. */
  [[nodiscard]] bool done_with() const { return over && pending == 0 && told_from == wall_min; }
  [[nodiscard]] const telling_step* next_step() const;
  /** How many of the follow-ups a message about `latest` says already. */
  [[nodiscard]] std::size_t included() const;
  [[nodiscard]] std::vector<std::string> names_told() const;
  /** Notes it; false: what was said after it is known already, from the other node of a pair. */
  [[nodiscard]] bool is_last_word(const known_acknowledgement& a);
  /** False: it was given before. */
  bool give(const std::string& channel, std::size_t nth, const std::string& name) {
    return given.emplace(channel, nth, name).second;
  }
  /** Of who takes care of it they read where it was told to a group, or it is them. */
  [[nodiscard]] bool knows_who(const std::string& name, const std::string& channel, const std::string& who) const;
  /** Told by another channel as well. */
  [[nodiscard]] bool heard_elsewhere(const std::string& name, const std::string& channel) const;
};

/** Notes who has heard of it by a task that was told. */
void note_told(story& s, const task& t, const alert_channel& by);
/** Tasks of one step, by one channel. */
[[nodiscard]] std::vector<task> tasks_of(task sample, const alert_channel& by);
/** Before a task goes by another channel: leaves out whom that has told the same already. False: nobody is left. */
[[nodiscard]] bool narrow(story& s, task& t, const alert_channel& by);
/** What those who have heard of it by this channel have to hear now; they count as having it ordered. */
[[nodiscard]] std::vector<task> follow_ups_due(story& s, const std::string& alert, const alert_channel& by);

}  // namespace changtong::alerts
