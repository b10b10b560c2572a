#pragma once
/** What waits for a channel, and how it leaves: rates, retries, digests, and the channel that is taken instead. It
 * knows nothing of steps and of who is on duty; each task that it is given ends once. Internal to publish/alerts. */
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/publish/alerts/delivery.h"
#include "daemon/publish/alerts/delivery_rules.h"

namespace changtong::alerts {

/** One step of one alert by one channel: to a group, to several by mail, or to one number. */
struct task {
  std::string alert{};
  std::shared_ptr<const alert_record> about{};
  std::string of{};        ///< as alert_record::of
  std::uint64_t order{0};  ///< tasks of one order belong together
  message_kind kind = message_kind::opened;
  int severity = 2;
  std::vector<std::string> people{};  ///< names
  bool group = false;                 ///< also to those who belong to the channel itself: its group, its `to`
  std::string number{};               ///< SMS, voice: of `to`, which is nobody's
  std::string note{};
  std::size_t seen = 0;                                      ///< how much of its story `about` says already
  std::shared_ptr<const std::vector<alert_record>> daily{};  ///< the digest of the day; else null
  std::vector<std::string> visited{};  ///< channels that could not, or that tell the same people anyway
  bool follow = false;                 ///< of what followed: `seen` is its number, from 1
  bool passed = false;                 ///< some other channel could not
  wall_t queued{};
  std::size_t weight = 1;  ///< so many tasks have become this one
};

class post {
 public:
  post(const alert_settings& s, directory people, civil_zone zone);
  void adopt(const alert_settings& s, directory people, wall_t now);
  void adopt(const civil_zone& zone) { zone_ = zone; }
  /** delivery::stepped */
  void stepped(milliseconds by);
  void rename(const std::string& from, const std::string& to);

  /** Asked before a task takes the place of another channel; false: those whom it is for have it already. */
  void ask_before_passing(std::function<bool(task&, const alert_channel&)> narrow) { narrow_ = std::move(narrow); }
  void put(task t, const std::string& channel, wall_t now);
  void returned(std::uint64_t number, const channel_answer& answer, wall_t now);
  /** Orders what may leave now. */
  void work(wall_t now, std::vector<sending>& out);
  [[nodiscard]] wall_t until() const;

  struct ending {
    task what;
    std::string channel;
    bool told = false;
    std::string answer;
  };
  [[nodiscard]] std::vector<ending> take_endings() { return std::exchange(endings_, {}); }

  /** Ends those that wait and for which `which` holds, untold. */
  void drop(const std::function<bool(const task&, const alert_channel&)>& which, const std::string& why);
  /** Those that wait and have not said it yet say it as `about` does. */
  void supersede(std::string_view alert, const std::shared_ptr<const alert_record>& about, std::size_t seen);
  /** A told or untold of the journal: the tasks that ended by it, which wait no more. */
  [[nodiscard]] std::vector<task> settle(const alert_record& ended);
  /** Tasks of a journal that have nothing to do with today: they wait no more. */
  [[nodiscard]] std::vector<task> forget_before(wall_t when);
  void restart(wall_t now);  ///< what waits begins to wait now

  /** One of them at least, by that channel. */
  [[nodiscard]] bool reaches(std::string_view channel, const std::vector<std::string>& people) const;
  /** Alerts of which a task waits for a channel that is well. */
  [[nodiscard]] std::set<std::string_view> hopeful() const;
  [[nodiscard]] std::vector<delivery::channel_state> channels() const;

 private:
  struct flight {
    std::uint64_t number = 0;
    wall_t since{};
    std::vector<task> tasks;
    std::vector<std::string> told_of;  ///< channels whose failure its note says
  };
  struct lane {
    alert_channel what;
    std::deque<task> waiting;
    std::optional<flight> out;
    double tokens = 0;
    wall_t filled = wall_min;
    int failures = 0;  ///< in a row
    wall_t not_before = wall_min, failing_since{};
    bool well = true, announced = false;
    wall_t since{};
    std::uint64_t told = 0, failed = 0;
    std::string last;
    std::map<std::string, std::deque<wall_t>> spent;  ///< SMS, voice: by person or number, of the last 24 hours
  };

  lane* find(std::string_view id);
  const lane* find(std::string_view id) const;
  [[nodiscard]] std::string cannot(const lane& l, const task& t) const;
  [[nodiscard]] lane* instead_of(const lane& l, const task& t);
  void pass_on(task t, lane& from, const std::string& why, wall_t now);
  void end(task t, const std::string& channel, bool told, std::string answer);
  void fail(lane& l, const channel_answer& answer, wall_t now);
  void look_after_failing(lane& l, wall_t now);
  static void refill(lane& l, wall_t now);
  [[nodiscard]] static bool spent(lane& l, const task& t, wall_t now);
  void form(lane& l, wall_t now, std::vector<sending>& out);
  [[nodiscard]] static std::vector<task> choose(lane& l);
  [[nodiscard]] sending written(const lane& l, const std::vector<task>& tasks) const;
  std::string failing_note(const lane& by, std::vector<std::string>& told_of);
  [[nodiscard]] static wall_t ready(const lane& l);
  [[nodiscard]] bool leads_to(std::string_view from, std::string_view to) const;

  directory people_;
  std::function<bool(task&, const alert_channel&)> narrow_;
  civil_zone zone_;
  std::vector<lane> lanes_;
  std::vector<ending> endings_;
  std::uint64_t number_ = 0;
};

}  // namespace changtong::alerts
