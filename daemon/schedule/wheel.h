#pragma once
/** A timer wheel: 100,000 asio timers cost 10 µs a firing, this costs a fraction of one. Pure: ticks are an argument.
 */
#include <cstdint>
#include <utility>
#include <vector>

namespace changtong::schedule {

/** Fires (id, serial) at its tick, or at the next advance() if that has passed. What was added and is not wanted any
 * more is not removed: the owner gives the id a new serial and ignores the old one when it fires. */
class wheel {
 public:
  explicit wheel(std::uint64_t now = 0) : now_(now), slots_(slot_count) {}

  void add(std::uint64_t tick, std::uint32_t id, std::uint32_t serial) {
    put({tick <= now_ ? now_ + 1 : tick, id, serial});
    ++size_;
  }

  /** Fires everything due up to and including `tick`, oldest tick first; `fire` may add. After a long stall every
   * slot is looked at once, not once a missed tick. */
  template <class F>
  void advance(std::uint64_t tick, F&& fire) {
    if (tick <= now_) return;
    const std::uint64_t first = tick - now_ > slot_count ? tick - slot_count + 1 : now_ + 1;
    for (std::uint64_t at = first; at <= tick; ++at) {
      now_ = at;
      if (slots_[at % slot_count].empty()) continue;
      std::vector<entry> batch;  // moved out first: `fire` may add to this very slot
      batch.swap(slots_[at % slot_count]);
      std::size_t due = 0;
      for (const entry& e : batch) {
        if (e.tick <= tick)
          batch[due++] = e;
        else
          put(e);
      }
      batch.resize(due);
      size_ -= due;
      for (const entry& e : batch) fire(e.id, e.serial);
      batch.clear();
      spare_.push_back(std::move(batch));
    }
  }

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct entry {
    std::uint64_t tick;
    std::uint32_t id, serial;
  };
  static constexpr std::uint64_t slot_count = 4096;
  void put(const entry& e) {
    auto& slot = slots_[e.tick % slot_count];
    if (slot.capacity() == 0 && !spare_.empty()) {
      slot.swap(spare_.back());
      spare_.pop_back();
    }
    slot.push_back(e);
  }

  std::uint64_t now_;
  std::size_t size_ = 0;
  std::vector<std::vector<entry>> slots_;
  /** Storage of slots that have fired, for those that begin to fill: else every slot keeps what its fullest time took.
   */
  std::vector<std::vector<entry>> spare_;
};

}  // namespace changtong::schedule
