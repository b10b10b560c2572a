#pragma once
/** Rule 10 over a whole tape beforehand: every silence of our own uplink, so that a replay knows of each bad sample at
 * once whose fault it is. (The daemon, which does not know the future, keeps samples waiting: verdict/gate.h.)
 *
 * A silence is ours only if every anchor that counts has a bad sample in it, so lines are looked at only while no
 * anchor's last sample was good: a year of a thousand lines costs what its anchors cost. Pure. */
#include <cstdint>
#include <functional>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/replay/supply.h"
#include "daemon/replay/tape.h"
#include "daemon/settings/amend.h"

namespace changtong::replay {

/** Open interval, in ms of time that is never stepped; the ends of its session are -forever and forever. */
struct own_silence {
  static constexpr std::int64_t forever = std::int64_t{1} << 60;
  std::int64_t from, to;
};

/** By session (from a start to the next), in order of time. */
class own_silences {
 public:
  /** None at all: a trace without anchors. */
  own_silences() = default;
  void begin_session() { sessions_.emplace_back(); }
  void add(own_silence s) { sessions_.back().push_back(s); }

  /** Does [at, at + took] of the session meet one? */
  [[nodiscard]] bool meet(std::size_t session, std::int64_t at, std::int64_t took) const;
  /** `at` lies within a minute after the end of one. */
  [[nodiscard]] bool just_before(std::size_t session, std::int64_t at) const;

 private:
  std::vector<std::vector<own_silence>> sessions_;
};

class scout {
 public:
  /** Works on an inventory of its own: `inventory` has been loaded and not amended. */
  scout(const tape& t, const settings& start, amended_inventory& amended);

  /** What is wrong with a line is left to the replay to say: then what was found until there. `progress` as there. */
  [[nodiscard]] result<own_silences> run(const std::function<bool(std::uint64_t, std::uint64_t)>& progress);

 private:
  struct anchor {
    std::int64_t sign = -own_silence::forever;  ///< its last one
    std::int64_t bad = -own_silence::forever;   ///< its last bad sample
    [[nodiscard]] bool quiet() const { return bad > sign || (sign == bad && sign == -own_silence::forever); }
  };
  bool step(const taped_event& e);
  bool single(const taped_single& s);
  void take(const taped_single& s, check_index c);
  void begin(std::int64_t mono);
  void end(std::int64_t until);
  bool adopt(result<std::shared_ptr<const inventory>> next);
  check_index known(const std::string& target, const std::string& check);

  void drain_anchors(std::int64_t until);
  void drain_lines(std::int64_t until);
  void sample_of_anchor(target_index t, std::int64_t mono, bool good, nanoseconds rtt);
  void sign(std::int64_t mono);
  void look(std::int64_t mono);
  [[nodiscard]] bool attentive(std::int64_t mono) const;
  [[nodiscard]] bool ours_since(std::int64_t a) const;
  [[nodiscard]] bool is_sign(check_index c, nanoseconds rtt) const;
  [[nodiscard]] std::int64_t mono_of(std::int64_t label) const { return label - tape_.offsets[frame_]; }

  const tape& tape_;
  amended_inventory& amended_;
  std::shared_ptr<const inventory> inv_;
  supply supply_;
  own_silences found_;
  std::vector<target_index> anchors_;
  std::vector<anchor> seen_;  ///< by target; of anchors
  nanoseconds answer_within_{0};
  std::int64_t last_sign_ = -own_silence::forever;  ///< known so far; a line's may lie later until drain_lines()
  std::int64_t label_ = 0, barrier_;
  std::uint32_t frame_ = 0;
  std::int64_t ours_at_ = 0;  ///< when the last anchor's bad sample that it needed was sent
  bool running_ = false, ours_ = false;
};

}  // namespace changtong::replay
