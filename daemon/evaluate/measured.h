#pragma once
/** Measured figures: from the books to a value with its proof (rules.md 4, design.md 5). Sums are whole milliseconds, a
 * ratio is formed once, comparisons are exact (E-23). Below the plan's coverage floor, or where nothing was observed,
 * there is no value: 证据不足.
 *
 * All measurements of a plan are fed in one walk over the targets. Throws std::runtime_error with a sentence where the
 * ledger can no longer be read. */
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/availability/operation_days.h"
#include "daemon/books/outage_notes.h"
#include "daemon/books/policy.h"
#include "daemon/evaluate/sources.h"

namespace changtong::evaluate {

/** Of books over several nodes, one node's own rules. */
struct node_policies {
  std::string prefix;  ///< of its ids
  std::vector<books::dated_policy> policies;
};

/** A record that approves a maintenance window. */
struct approved_window {
  std::size_t place = 0;  ///< among all records, in the order of the books
  period when;
  std::string id, by;
};

/** What measurements share; outlives them. */
struct books_view {
  const ledger::reader* books = nullptr;
  occasion when;
  std::optional<plans::score_by> score_by;
  std::optional<plans::group_formula> formula;
  std::vector<books::dated_policy> policies;
  /** Those that were approved, by target, or every_target behind what stands before its node's ids; each in the order
   * of the books. */
  std::unordered_map<std::string, std::vector<approved_window>> windows;
  std::vector<availability::operation_day> days;     ///< of so_far
  std::shared_ptr<const books::outage_notes> notes;  ///< of its outages
  std::vector<node_policies> nodes{};                ///< empty: `policies` are those of all lines
};
/** Whose line it is; null where the books are one node's, or no node's ids begin so. */
[[nodiscard]] const node_policies* node_of(const books_view& v, std::string_view id);
/** Up to where an outage of the period is followed: of a year all that the ledger knows, mid-year to the day asked for.
 */
[[nodiscard]] wall_t known_to(const books_view& v);
[[nodiscard]] result<books_view> view_books(const ledger::reader& books, const plans::plan& plan, const occasion& when);

class measurement {
 public:
  measurement() = default;
  measurement(const measurement&) = delete;
  measurement& operator=(const measurement&) = delete;
  virtual ~measurement() = default;
  /** Once a target, in any order. */
  virtual void add(const ledger::known_target& t, const availability::target_history& h) = 0;
  [[nodiscard]] virtual finding finish() = 0;
};

/** `source` is a measured_source of `i`; all arguments outlive the measurement. */
[[nodiscard]] std::unique_ptr<measurement> measure_with(const plans::measured_source& source, const plans::indicator& i,
                                                        const papers& p, const books_view& view);

// -- one each for a family of figures; see measured_*.cpp for their rules
[[nodiscard]] std::unique_ptr<measurement> measure_availability(const plans::measured_source&, const plans::indicator&,
                                                                const books_view&);
[[nodiscard]] std::unique_ptr<measurement> measure_sites(const plans::measured_source&, const plans::indicator&,
                                                         const papers&, const books_view&);
[[nodiscard]] std::unique_ptr<measurement> measure_repairs(const plans::measured_source&, const plans::indicator&,
                                                           const books_view&);
[[nodiscard]] std::unique_ptr<measurement> measure_openings(const plans::measured_source&, const plans::indicator&,
                                                            const papers&, const books_view&);
[[nodiscard]] std::unique_ptr<measurement> measure_days(const plans::measured_source&, const plans::indicator&,
                                                        const books_view&);

[[nodiscard]] std::unique_ptr<measurement> measure_counts(const plans::measured_source&, const plans::indicator&,
                                                          const books_view&);

// -- shared by them
[[nodiscard]] bool selected(const plans::selection& s, const ledger::known_target& t, const ledger::target_words& w);
[[nodiscard]] std::string text_of(const plans::selection& s);
/** Lowers the finding to 证据不足 below the floor; fills coverage and sums. False if it has no value any more. */
bool judge_coverage(finding& f, const availability::seconds& sums, const exact& floor);
/** Excluded intervals of `h` inside `frame`, each with its window and who approved it. */
void add_exclusions(proof& p, const books_view& view, const availability::target_history& h, period frame);
/** Truncated percentage with `places` digits, without the sign. */
[[nodiscard]] std::string percent_text(const exact& part, int places = 5);

}  // namespace changtong::evaluate
