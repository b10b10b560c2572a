#pragma once
/** A whole trace in memory, in order of happening and with all that needs no inventory checked: labels go back only by
 * a clock step, a sample falls into a run of the monitor, runs begin and end in turn. Also known here, because it needs
 * the end of a run to know its beginning: what a crash lost (rule 5 of design.md 5).
 *
 * `mono` is time that is never stepped: label minus all steps before, in milliseconds. 40 bytes a single sample; all
 * else is rare. Pure. */
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/replay/trace.h"

namespace changtong::replay {

using key_index = std::uint32_t;  ///< of a (target, check) that the trace names

struct taped_single {
  static constexpr std::int32_t unsaid = -1;
  std::int64_t label = 0;
  std::int64_t rtt = 0;  ///< ns
  key_index key = 0;
  std::uint32_t line = 0;
  std::uint32_t frame = 0;
  outcome what{};
  cause why = cause::none;
  std::int32_t took = unsaid;  ///< ms
  bool lost = false;           ///< later than the last heartbeat before a crash
};

/** The monitor stops to observe: a clean stop, or a crash that takes effect at its last heartbeat. */
struct taped_end {
  wall_t at{};
  bool crash = false;
  bool takes_at = false;  ///< a range's sample exactly at `at` is still taken: the crash came later
};

struct taped_event {
  std::uint32_t line = 0;
  std::uint32_t order = 0;  ///< among the singles: comes before the single of this number
  std::variant<trace_event, taped_end> what;
};

struct tape {
  struct key {
    std::string target, check;
  };
  std::vector<taped_single> singles;
  std::vector<taped_event> events;
  std::vector<key> keys;
  std::vector<std::int64_t> offsets{0};      ///< of each frame (the time between two clock steps): label - mono
  std::vector<std::uint32_t> by_key, first;  ///< singles of key k: by_key[first[k] .. first[k + 1]), in order
  wall_t begin{}, end{};                     ///< the first label; the greatest of any line

  [[nodiscard]] std::int64_t mono_of(const taped_single& s) const { return s.label - offsets[s.frame]; }
};

/** Fills a tape line by line. A problem has the line's number and no file; nothing may be added after one. */
class tape_writer {
 public:
  static constexpr std::size_t most_singles = 200'000'000;
  static constexpr std::size_t most_events = 5'000'000;

  explicit tape_writer(const civil_zone& zone) : zone_(zone) {}

  [[nodiscard]] result<void> add(std::string_view line);
  /** An empty trace is a problem. */
  [[nodiscard]] result<tape> finish();

 private:
  /** A piece of the present run between two clock steps. */
  struct frame {
    std::int64_t from, to;        ///< labels; `to` once a step has ended it
    std::size_t singles, events;  ///< how many there were at its beginning
  };

  result<void> take(trace_event&& e);
  result<void> take_monitor(const trace_monitor& m);
  result<void> take_single(trace_single&& s);
  void take_step(const trace_step& s);
  void crash(std::int64_t at);
  void lose(const frame& since, std::size_t events_end, std::int64_t beat, bool takes_at);
  key_index key_of(const trace_answer& a);
  problem wrong(phrase why) const;

  civil_zone zone_;
  tape made_;
  std::unordered_map<std::string, key_index> keys_;
  std::vector<frame> frames_;  ///< of the present run
  std::uint32_t line_ = 0;
  wall_t label_ = wall_min;  ///< no line may lie before it
  bool running_ = false, begun_ = false;
};

}  // namespace changtong::replay
