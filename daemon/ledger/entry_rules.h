#pragma once
/** What a policy version says to the books. Pure; a policy that says nothing, or that is not JSON, means the defaults.
 */
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/availability/operation_days.h"
#include "daemon/core/instant.h"
#include "daemon/core/record.h"

namespace changtong::ledger {

/** The JSON of the policy in force at `at`; before the first one, that one's; empty without any. */
[[nodiscard]] std::string_view policy_at(const std::vector<policy_version>& all, wall_t at);

/** Whether an approval made after a window began may still take its time out of the books. */
enum class late_approval : std::uint8_t { none, allow };
/** {"windows":{"late_approval":"allow"}} */
[[nodiscard]] late_approval late_approval_in(std::string_view policy);
/** What the policy says of windows. */
struct window_rules {
  window_rules(late_approval l = late_approval::none, milliseconds before = milliseconds{0}) : late(l), lead(before) {}
  late_approval late;
  /** The deciding approval must have been made so long before the window begins; 0: any time before. With a lead
   * nothing is admitted late. */
  milliseconds lead;
};
/** {"windows":{"late_approval":"allow","window_lead_ms":3600000}}, the second only where it is set */
[[nodiscard]] window_rules window_rules_in(std::string_view policy);
/** What the policy in force where a window begins says of it. */
class window_policies {
 public:
  explicit window_policies(std::vector<policy_version> all) : all_(std::move(all)) {}
  [[nodiscard]] const window_rules& operator()(wall_t begins);

 private:
  std::vector<policy_version> all_;
  std::map<wall_t, window_rules> read_;  ///< many windows, and all lines of one, begin together
};
/** {"duty":{"coverage_ppm":990000,"automatic":false}} */
[[nodiscard]] availability::operation_rules operation_rules_in(std::string_view policy);

}  // namespace changtong::ledger
