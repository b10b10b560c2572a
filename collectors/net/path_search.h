#pragma once
/** How one path is found: which steps (TTLs) are asked when, and when enough is known. Sans-I/O: bytes, sockets and
 * clocks are the caller's (path_tracer.h).
 *
 * Steps are asked in small bursts: first as many as the path usually has, else `burst`; then `burst` more while what
 * came back leads on. A step that was passed by then, or that usually answers, or the first that does not, is asked
 * twice before it counts as silent. It ends when the address answers and all nearer steps are known, when a router says
 * that there is no way on, or after `most_silent` steps in a row without an answer. */
#include <array>
#include <cstdint>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/path.h"

namespace changtong::net {

struct path_limits {
  unsigned burst = 6;
  unsigned most_silent = 4;
  unsigned tries = 2;
  milliseconds timeout{700};  ///< of each step
};

class path_search {
 public:
  static constexpr unsigned most_steps = 30;
  enum class word : std::uint8_t {
    passed,   ///< a router let the step's time to live run out
    arrived,  ///< the address itself answered
    no_way,   ///< a router says that it cannot be reached
  };

  /** `expected`: steps that it usually takes, the address included; 0 = not known. */
  explicit path_search(unsigned expected = 0, path_limits limits = {});

  /** Steps that are to be asked at `now`, in order, at most `most`; they count as asked by this. */
  void due(mono_t now, std::size_t most, std::vector<std::uint8_t>& steps);
  /** Of steps that were not asked, or are known, nothing is taken. */
  void heard(unsigned step, const ip_address& from, word what);
  [[nodiscard]] bool done(mono_t now) const;
  /** As far as it is known. */
  [[nodiscard]] seen_path path() const;

 private:
  struct step_state {
    unsigned asked = 0;
    mono_t last{};
    hop from;
  };
  [[nodiscard]] const step_state& at(unsigned step) const { return steps_[step - 1]; }
  [[nodiscard]] unsigned tries_of(unsigned step) const;
  [[nodiscard]] bool silent(unsigned step, mono_t now) const;
  [[nodiscard]] unsigned last_heard() const;
  [[nodiscard]] unsigned end(mono_t now) const;

  path_limits limits_;
  unsigned expected_;
  std::array<step_state, most_steps> steps_{};
  unsigned arrived_ = 0;  ///< the nearest step at which the address answered; 0: none
  unsigned no_way_ = 0;   ///< the same of a router that knows no way
};

}  // namespace changtong::net
