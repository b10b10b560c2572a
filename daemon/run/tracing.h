#pragma once
/** When paths are followed, and what comes of it: usual paths are learnt while lines are up, a line in doubt is traced
 * at once, and again when it is well. Lines behind one router share a trace, since routers limit their answers. What is
 * seen goes to verdict/where_cut; what that finds, and what was seen, become entries. Probe thread only.
 *
 * It sends nothing itself (path_doors), asks for no time, and its traces are few beside the probes: at most one a
 * minute for a line, one every `learn_pause` to learn. */
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/path.h"
#include "daemon/core/record.h"
#include "daemon/core/sample.h"
#include "daemon/core/target.h"
#include "daemon/verdict/filtered.h"
#include "daemon/verdict/paths.h"
#include "daemon/verdict/where_cut.h"

namespace changtong {

/** Who follows paths; all empty: nobody does. As collectors/net/path_tracer.h has them. */
struct path_doors {
  using told = std::function<void(std::uint32_t tag, const seen_path* seen)>;
  std::function<bool()> has_room;
  std::function<void(std::uint32_t tag, const ip_address& to, unsigned expected)> start;
  std::function<void(mono_t now, const told& followed)> tick;
  bool near = false;  ///< also addresses of this host have paths: simulated ones
};

class tracing {
 public:
  using state_of = verdict::where_cut::state_of;
  static constexpr nanoseconds target_pause = std::chrono::minutes{1};
  static constexpr nanoseconds learn_pause = milliseconds{500};
  static constexpr nanoseconds learn_again = std::chrono::hours{6};
  /** Where packets take several ways in turn, each look finds another one: entered no more often. */
  static constexpr milliseconds enter_usual_again = std::chrono::hours{24};
  /** One that stays as it is: a start reads as far back as usual paths hold. */
  static constexpr milliseconds enter_usual_anew = std::chrono::days{30};
  /** A usual path that no trace has confirmed for so long is none any more. */
  static constexpr milliseconds usual_holds = std::chrono::days{45};

  tracing(std::shared_ptr<const inventory> inv, civil_zone zone, path_doors doors);

  /** What the ledger knows: usual paths count. Before the first tick. */
  void recall(const std::vector<trace_record>& known);
  void adopt(std::shared_ptr<const inventory> inv, civil_zone zone);

  /** A bad sample of a line that is not down. */
  void doubt(target_index t, mono_t now);
  /** What was decided. */
  void follow(const record& r, mono_t now);
  /** What a device said unasked: of interest is that it loses its power. `proven`: it is no old message that somebody
   * sends again. */
  void heard(const trap_record& t, bool proven);
  /** One kind of question is answered no more, or again; it is entered. */
  void note(const verdict::silent_kind& what);
  /** Any sample: the device's own clock is of interest. */
  void seen(const sample& s, target_index t);
  /** Starts, reads, and appends what is to be entered. `label` is that of `now`. */
  void tick(mono_t now, wall_t label, const state_of& state, std::vector<record>& out);

 private:
  enum class purpose : std::uint8_t { outage, after, learn };
  struct request {
    target_index target;
    purpose why;
    mono_t since;
  };
  /** Under way. */
  struct trace {
    std::string target;  ///< an inventory may change meanwhile
    purpose why;
    mono_t since;
    std::vector<target_index> also;  ///< lines that share it
  };
  struct result {
    seen_path seen;
    hop next;  ///< that did not answer
    mono_t from;
    std::string of{};  ///< the line that was traced
  };
  /** In doubt or down. */
  struct trouble {
    mono_t since{};
    std::optional<wall_t> began;  ///< down
    std::optional<result> seen;   ///< latest
    bool entered = false;
  };

  [[nodiscard]] bool is_traced(const target& t) const;
  void want(target_index t, purpose why, mono_t now);
  void start_some(mono_t now, const state_of& state);
  [[nodiscard]] bool start(const request& r, mono_t now);
  [[nodiscard]] bool is_answered(target_index t);
  [[nodiscard]] static result for_others(result r);
  void learn_some(mono_t now, const state_of& state);
  void ended(const trace& t, const seen_path& seen, mono_t now);
  void outage_seen(target_index t, const result& r);
  void well_seen(target_index t, const trace& how, const seen_path& seen, mono_t now);
  void enter_seen(wall_t label, std::vector<record>& out);
  void enter_found(wall_t label, const state_of& state, std::vector<record>& out);
  [[nodiscard]] trace_record record_of(wall_t label, trace_step step) const;
  [[nodiscard]] std::optional<target_index> index_of(const std::string& id) const;
  void down(const transition& t, target_index i, mono_t now);

  std::shared_ptr<const inventory> inv_;
  civil_zone zone_;
  path_doors doors_;
  verdict::usual_paths paths_;
  verdict::where_cut where_;
  std::deque<request> queue_;
  std::unordered_map<std::uint32_t, trace> under_way_;  ///< by tag
  std::uint32_t tag_ = 0;
  std::unordered_map<target_index, trouble> troubles_;
  std::unordered_map<std::uint32_t, result> by_path_;   ///< the latest of each path, a few seconds old
  std::deque<result> cut_;                              ///< the latest that ended before a router
  std::vector<mono_t> traced_;                          ///< by target: when last, alone or with others
  std::vector<mono_t> learnt_;                          ///< by target
  std::vector<wall_t> told_usual_;                      ///< by target: when its usual path was entered last
  wall_t label_{};                                      ///< of the tick
  std::vector<std::pair<mono_t, target_index>> later_;  ///< to be traced once more, of a minute's pause
  target_index learn_next_ = 0;
  mono_t learn_at_{}, entered_at_{}, forgot_at_{};
  std::vector<trace_record> to_enter_;   ///< usual and ended
  std::vector<verdict::finding> found_;  ///< scratch
};

}  // namespace changtong
