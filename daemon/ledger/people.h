#pragma once
/** What people entered, as the journal has it: windows, annotations, duty records, and the policies they were made
 * under. Its own read-only connection; one thread at a time. What goes wrong after open() is thrown as
 * std::runtime_error with a sentence for people. Bounded: every list takes a limit. */
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/record.h"
#include "daemon/core/result.h"

namespace changtong::ledger {

class people_books {
 public:
  [[nodiscard]] static result<std::unique_ptr<people_books>> open(const std::string& path);
  virtual ~people_books() = default;

  [[nodiscard]] virtual civil_zone zone() const = 0;  ///< the one in force; read anew at each call
  /** A line or site of the current inventory; removed ones are not. */
  [[nodiscard]] virtual bool knows(std::string_view target) const = 0;
  /** All lines and sites of the current inventory, in order of id. */
  [[nodiscard]] virtual std::vector<std::string> targets() const = 0;

  /** Every record of one window, in journal order; empty: there is none. */
  [[nodiscard]] virtual std::vector<window_record> window(std::string_view id) const = 0;
  /** Every record of each window of which some record touches `p`, windows in order of their first record, each one's
   * records in journal order. Windows after the `limit`th are left out. `only` empty = of all targets. */
  [[nodiscard]] virtual std::vector<std::vector<window_record>> windows(period p, std::string_view only,
                                                                        std::size_t limit) const = 0;
  /** About instants inside `p`, latest first. */
  [[nodiscard]] virtual std::vector<annotation> annotations(period p, std::string_view only,
                                                            std::size_t limit) const = 0;
  /** Of civil days from..to, both included, in order of day and entry. */
  [[nodiscard]] virtual std::vector<duty_record> duties(std::string_view from, std::string_view to,
                                                        std::size_t limit) const = 0;
  /** In the order they came into force. */
  [[nodiscard]] virtual std::vector<policy_version> policies() const = 0;
};

/** The JSON of the policy in force at `at`; the first one's before that, empty without any. */
[[nodiscard]] std::string_view policy_at(const std::vector<policy_version>& all, wall_t at);

}  // namespace changtong::ledger
