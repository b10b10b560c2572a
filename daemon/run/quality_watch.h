#pragma once
/** What of the targets that are up is beyond its limit (alerts.limits), from the board, and which certificates end.
 * Asked about once a second. A limit is beyond until the value is back behind its `clear`; what nobody measures stays
 * as it was: time that nobody observed makes nothing well. How long a value must stay there is for who hears of it
 * (publish/alerts/grouping). Pure; one thread. */
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/board.h"
#include "daemon/core/quality.h"

namespace changtong {

class quality_watch {
 public:
  struct change {
    alert_subject about = alert_subject::degraded;
    std::string target;
    std::string name;  ///< alert_record::name
    bool wrong = false;
    milliseconds holds{0}, away{0};
    /** When it became so: what is judged over many samples is well again with the last bad one. wall_max: now. */
    wall_t since = wall_max;
  };

  explicit quality_watch(const alert_settings& s) { adopt(s); }
  /** A reload: what has no limit any more is well with the next look. */
  void adopt(const alert_settings& s);
  /** Since the last look. The work is that of one pass over the board, however much of it is not well. */
  [[nodiscard]] std::vector<change> look(const board& b, wall_t now);
  /** Everything that is beyond its limit, once more, with the next look: whoever listens is new. */
  void repeat();

  /** What is measured of those `targets`, the worst first, with its limit, of each thing that `name` says; of what has
   * no limit which part it is. */
  [[nodiscard]] std::string measured(const board& b, std::span<const std::string> targets, std::string_view name) const;

 private:
  static constexpr std::size_t qualities = quality_table.size();
  /** NaN: nobody knows. A state is 1 where it is not well. */
  using values = std::array<double, qualities>;
  using limits = std::array<const quality_limit*, qualities>;  ///< null: none

  /** Visits of a site by the hour, as the board counts them. */
  struct week {
    std::uint64_t good_before = 0, failed_before = 0;
    struct hour {
      wall_t begins;
      std::uint64_t good, failed;
    };
    std::deque<hour> hours;
  };

  void move_to(const board& b);
  [[nodiscard]] std::uint8_t limits_of(const target& t);
  [[nodiscard]] values values_of(const board& b, target_index t, std::span<const fact_view> facts) const;
  static void add_facts(values& v, const fact_view& f);
  void judge(const board& b, target_index t, const values& v, wall_t now, std::vector<change>& out);
  void note_bad(const board& b, target_index t, const quality_limit& l, double value, wall_t now);
  void judge_certificate(const board& b, target_index t, std::span<const fact_view> facts, wall_t now,
                         std::vector<change>& out);
  void count_visits(const board& b, wall_t now);
  [[nodiscard]] std::string state_of(const board& b, target_index t, quality q) const;
  [[nodiscard]] std::string states(const board& b, std::span<const std::string> targets, quality q) const;
  [[nodiscard]] std::string told(const board& b, std::span<const std::string> targets, quality q) const;

  std::vector<quality_limit> all_;
  int certificate_days_ = 0;
  std::vector<limits> sets_;                              ///< by number
  std::unordered_map<std::string, std::uint8_t> set_of_;  ///< category and grade
  std::shared_ptr<const inventory> seen_;                 ///< by which the rest is ordered
  std::vector<std::uint16_t> beyond_;                     ///< by target, a bit a quality
  std::vector<std::uint8_t> set_;                         ///< by target, into sets_
  /** Of what is beyond its limit: its value, since when it is that, and when samples were last bad themselves. */
  struct course {
    double value = 0;
    wall_t since{}, bad{};
  };
  std::map<std::pair<target_index, quality>, course> courses_;
  /** That end, by site: the days left as each was said. */
  std::unordered_map<std::string, std::vector<std::string>> certificates_;
  std::unordered_map<std::string, week> weeks_;  ///< by site
};

}  // namespace changtong
