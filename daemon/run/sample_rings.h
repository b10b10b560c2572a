#pragma once
/** The last samples of each check, in memory that is given once and never grows: writing one allocates nothing. Ten
 * minutes of every check where the budget carries that; otherwise each check has the same share of its ten minutes.
 * Probe thread only. */
#include <cstdint>
#include <memory>
#include <vector>

#include "daemon/core/packed_samples.h"
#include "daemon/core/target.h"

namespace changtong {

/** A kept sample in eight bytes. Of its label the low 32 bits of its milliseconds: whoever reads it knows the rest. */
struct ring_sample {
  std::uint32_t at = 0;
  std::uint32_t rtt : 24 = 0;  ///< hundredths of a millisecond, at most 167 s
  std::uint32_t what : 2 = 0;
  std::uint32_t why : 6 = 0;
};
static_assert(sizeof(ring_sample) == 8);
[[nodiscard]] ring_sample ring_sample_of(const sample& s);
/** `near`: a label less than 24 days from its own. */
[[nodiscard]] kept_sample kept_from(ring_sample s, wall_t near);

class sample_rings {
 public:
  /** Beyond so many nothing is kept: a few samples each would say nothing, and cost a monitor of a province its memory.
   */
  static constexpr std::size_t most_checks = 50'000;
  /** `most_bytes` of samples in all; each check has room for four all the same. Anchors have none. */
  sample_rings(const inventory& inv, std::size_t most_bytes);
  /** Takes over what checks saw that have the same id in both inventories; `before` were its rings under `was`. */
  void carry(const inventory& inv, const sample_rings& before, const inventory& was);

  void put(check_index c, ring_sample s) {
    if (c >= rings_.size()) return;
    ring& r = rings_[c];
    if (r.size == 0) return;
    slots_[r.first + r.next] = s;
    r.next = r.next + 1U == r.size ? 0 : static_cast<std::uint16_t>(r.next + 1);
    if (r.count < r.size) ++r.count;
  }
  /** Calls `f` with what there is of a check, in the order in which it was put. */
  template <class F>
  void each(check_index c, F f) const {
    if (c >= rings_.size()) return;
    const ring& r = rings_[c];
    for (std::uint32_t k = 0; k < r.count; ++k) f(slots_[r.first + (r.next + r.size - r.count + k) % r.size]);
  }
  [[nodiscard]] std::size_t bytes() const { return total_ * sizeof(ring_sample); }

 private:
  struct ring {
    std::uint32_t first = 0;
    std::uint16_t size = 0, next = 0, count = 0;
  };
  std::vector<ring> rings_;  ///< by check; none beyond most_checks
  std::size_t total_ = 0;
  std::unique_ptr<ring_sample[]> slots_;  ///< what nobody has put yet is not written: the system gives it no page
};

}  // namespace changtong
