#pragma once
/** The second node of a pair tells what the first has not: a message of its own waits until the other's book says that
 * the same was told, or for ten seconds. Duplicates rather than silence: what the first tells late is told twice, and a
 * first one that is not heard of is not waited for. Pure; one thread. */
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/declared_alert.h"
#include "daemon/core/instant.h"
#include "daemon/publish/alerts/delivery.h"

namespace changtong::alerts {

/** What the first node is known to have told. */
struct first_word {
  bool heard = false;                 ///< its journal came within second_voice::patience
  std::vector<alert_record> there{};  ///< every step of alerts that were opened since the day that was asked for
  std::set<std::string, std::less<>> acknowledged{};  ///< ids of its alerts that somebody has taken over
};

class second_voice {
 public:
  static constexpr milliseconds patience{10'000};
  static constexpr milliseconds same_clock{1'000};  ///< two nodes' clocks lie no further apart

  struct decision {
    std::vector<sending> send;
    std::vector<std::uint64_t> told_there;  ///< numbers of sendings that the first one has told
  };

  /** Whether it is the first one's to say: news of lines and sites; what fails of ourselves, who takes over and the
   * digest of the day are each node's own. */
  [[nodiscard]] static bool is_shared(const sending& s);
  /** One that is shared and was ordered now. */
  void hold(sending s, wall_t now) { held_.emplace_back(std::move(s), now); }
  [[nodiscard]] bool waits() const { return !held_.empty(); }
  /** What the first one has told since then may be the same; only while something waits. */
  [[nodiscard]] wall_t since() const;
  [[nodiscard]] decision due(wall_t now, const first_word& first);

 private:
  std::vector<std::pair<sending, wall_t>> held_;  ///< with when it was ordered
};

}  // namespace changtong::alerts
