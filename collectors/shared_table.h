#pragma once
/** Equal things are one as long as anybody holds it; who was held last leaves nothing behind, its key neither. Each
 * gets a number that is never used again in a process. Any thread; things may be let go of anywhere. */
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

#include "daemon/core/mutex.h"

namespace changtong {

/** `Thing` has a `number`. */
template <class Key, class Thing>
class shared_table {
 public:
  /** Null: nobody holds one. */
  [[nodiscard]] std::shared_ptr<const Thing> find(const Key& key) const { return in_->find(key); }
  /** The one that is held, which may have come meanwhile, else `made`. */
  [[nodiscard]] std::shared_ptr<const Thing> keep(Key key, Thing made) const {
    const std::uint32_t number = made.number = in_->next++;
    const auto gone = [in = in_, number](const Thing* whom) {
      in->forget(number);
      std::default_delete<const Thing>{}(whom);
    };
    return in_->keep(std::move(key), {std::make_unique<const Thing>(std::move(made)).release(), gone}, number);
  }
  [[nodiscard]] std::size_t size() const { return in_->size(); }

 private:
  struct inside {
    std::shared_ptr<const Thing> find(const Key& key) {
      const holding guard(lock);
      const auto at = known.find(key);
      return at == known.end() ? nullptr : at->second.who.lock();
    }
    /** `made` is let go of, if at all, when the lock is free again. */
    std::shared_ptr<const Thing> keep(Key key, std::shared_ptr<const Thing> made, std::uint32_t number) {
      const holding guard(lock);
      const auto at = known.try_emplace(std::move(key)).first;
      if (auto held = at->second.who.lock()) return held;
      places.erase(at->second.number);  // of one that is about to be forgotten
      at->second = {made, number};
      places[number] = at;
      return made;
    }
    void forget(std::uint32_t number) {
      const holding guard(lock);
      const auto at = places.find(number);
      if (at == places.end()) return;
      known.erase(at->second);
      places.erase(at);
    }
    std::size_t size() {
      const holding guard(lock);
      return known.size();
    }

    struct place {
      std::weak_ptr<const Thing> who;
      std::uint32_t number = UINT32_MAX;
    };
    std::atomic<std::uint32_t> next{0};
    mutex lock;
    std::map<Key, place> known GUARDED_BY(lock);
    std::unordered_map<std::uint32_t, typename std::map<Key, place>::iterator> places GUARDED_BY(lock);
  };
  std::shared_ptr<inside> in_ = std::make_shared<inside>();  ///< things may outlive the table
};

}  // namespace changtong
