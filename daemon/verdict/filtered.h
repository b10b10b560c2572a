#pragma once
/** One kind of question that a line leaves unanswered while it answers others: a filter on the way, or a service that
 * is gone. No outage (rule 7), and not well either. Pure: samples in order, no clock. */
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/core/sample.h"
#include "daemon/core/target.h"

namespace changtong::verdict {

/** A kind began to be silent, or answers again. */
struct silent_kind {
  target_index target = no_index;
  wall_t began{};               ///< its first bad sample
  std::optional<wall_t> ended;  ///< the first good one after it
  std::string observed;         ///< one Chinese sentence without a full stop
};

class filtered {
 public:
  /** What is said of a check again only after so long, however often it comes and goes. */
  static constexpr milliseconds say_again{3'600'000};
  using state_of = std::function<line_state(target_index)>;

  explicit filtered(std::shared_ptr<const inventory> inv) : inv_(std::move(inv)) {}
  /** What is silent is found again by the check's id; what is asked no more is forgotten. */
  void adopt(std::shared_ptr<const inventory> inv);

  /** A sample of a reach check whose fault is known. What is to be said of its line. */
  [[nodiscard]] std::vector<silent_kind> take(const sample& s, const state_of& state);
  /** One of its kinds is silent while others answer. */
  [[nodiscard]] bool holds(target_index t) const;

 private:
  struct run {
    check_index check = no_index;
    wall_t first{}, good_since{};
    std::uint16_t good = 0;          ///< in a row, while it holds
    check_index answers = no_index;  ///< one of another kind that was good since, and not bad …
    std::uint16_t beside = 0;        ///< … and how often it was bad itself meanwhile
    bool holds = false, said = false;
  };
  [[nodiscard]] std::string name_of(check_index c) const;
  [[nodiscard]] std::vector<silent_kind> answered(const sample& s, const check& c, std::vector<run>& runs,
                                                  const state_of& state);
  [[nodiscard]] std::optional<silent_kind> over(const run& r, const check& c) const;

  std::shared_ptr<const inventory> inv_;
  std::unordered_map<target_index, std::vector<run>> runs_;  ///< of lines with a check that fails
  std::unordered_map<check_index, wall_t> said_;             ///< when, of those that came and went
};

}  // namespace changtong::verdict
