#pragma once
/** Recent figures of all targets of an inventory, by one budget of memory. Prose: README.md here.
 *
 * The probe thread adopts and takes; of() is for any thread and holds up nobody. */
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/core/mutex.h"
#include "daemon/core/sample.h"
#include "daemon/core/target.h"
#include "daemon/recent/series.h"

namespace changtong::recent {

inline constexpr std::size_t whole_span = 288;  ///< buckets of 24 hours

/** Of one interface of a line; empty: it has none of that. */
struct recent_interface {
  std::uint32_t index = 0;  ///< fact::index
  std::vector<traffic_bucket> traffic;
  std::vector<optics_bucket> optics;
};
/** One bucket after the other; the last one holds `to` and is not over yet. */
struct recent_target {
  wall_t from{}, to{};               ///< `from`: where the first bucket begins
  std::vector<delay_bucket> delays;  ///< as many as there is room for, at most whole_span; the others have as many
  std::vector<recent_interface> interfaces;
};

class figures {
 public:
  /** `budget` in bytes, for all together; 0: nothing is to be kept. */
  figures(std::shared_ptr<const inventory> inv, std::size_t budget);

  /** What is still there, by its id, goes on. */
  void adopt(std::shared_ptr<const inventory> inv, std::size_t budget);
  /** A decided sample of a reach check, in order. */
  void take(const sample& s);
  /** Any sample with facts, as soon as it is seen. */
  void take_facts(const sample& s);

  /** Up to `now`, a label. None: no line or site has that id. */
  [[nodiscard]] std::optional<recent_target> of(std::string_view id, wall_t now) const;

 private:
  struct port {
    target_index target;
    std::uint32_t index;
    float mbps;  ///< that the check's shares of use are of; 0: those of what the device says
    std::shared_ptr<traffic_series> traffic;
    std::shared_ptr<optics_series> optics;
  };
  /** Of one inventory. Its series are shared with the shelf after it. */
  struct shelf {
    std::shared_ptr<const inventory> districts;
    std::size_t rows = 0;                               ///< of each series; 0: nothing is kept
    std::vector<std::shared_ptr<delay_series>> delays;  ///< by target; null: an anchor, or no room at all
    std::vector<port> ports;                            ///< in order of the checks that bring their facts
    std::vector<std::uint32_t> first_port;              ///< by check, and the end
    std::vector<target_index> leads;                    ///< by check: the target that it leads, or no_index
    [[nodiscard]] std::span<const port> ports_of(target_index t) const;
    /** Nothing is to be kept, and nothing of the above is there but the inventory. */
    [[nodiscard]] bool is_bare() const { return leads.empty(); }
  };
  class building;
  void show(std::shared_ptr<const shelf> next);

  std::shared_ptr<const shelf> mine_;  ///< the probe thread's
  mutable mutex mutex_;
  std::shared_ptr<const shelf> shown_ GUARDED_BY(mutex_);
};

}  // namespace changtong::recent
