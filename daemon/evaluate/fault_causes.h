#pragma once
/** What people and carriers said of outages, as an evaluation tells it: behind each outage in the evidence, and counted
 * by cause among the reasons of an indicator. Internal to daemon/evaluate. */
#include <map>
#include <set>
#include <string>
#include <utility>

#include "daemon/availability/figures.h"
#include "daemon/evaluate/measured.h"

namespace changtong::evaluate {

class fault_causes {
 public:
  /** `view` outlives it. */
  explicit fault_causes(const books_view& view) : view_(view) {}

  /** Counts it, once however often it is taken. Behind the sentence about it: "；报障单 …", or nothing. */
  std::string take(const availability::outage& o);
  /** 中断原因（运营商答复）：光缆 2 次、停电 1 次，另 3 次没有答复. Empty: no carrier has named a cause. */
  [[nodiscard]] std::string text() const;

 private:
  const books_view& view_;
  std::set<std::pair<std::string, wall_t>> taken_;
  std::map<fault_cause, std::size_t> causes_;  ///< unstated: of those no carrier has said anything
};

}  // namespace changtong::evaluate
