#pragma once
/** What a plan takes of a form, decided and marked, before it is written. Internal to plan_of. */
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/exact.h"
#include "daemon/core/plan_tree.h"
#include "daemon/forms/to_plan.h"

namespace changtong::forms {

/** Marks in the order in which they are found. */
class marks {
 public:
  /** The comment that stands at the place. */
  std::string add(const spot& at, phrase write);
  [[nodiscard]] std::vector<mark>& list() { return list_; }

 private:
  std::vector<mark> list_;
};

/** Weights of all indicators (of 预算执行率 among them: 0) and of execution, which make 100. */
struct weights {
  exact execution;
  std::vector<exact> rows;
  exact missing = 0;  ///< a row of its own
  std::vector<std::string> row_comments;
  std::string execution_comment, missing_comment;
};
[[nodiscard]] weights weights_of(const form& f, marks& m);

/** How its points seem to be made. */
struct conventions {
  int places = 2;
  bool raised = false;  ///< the form's one place would round a missed target up to full points (E-22)
  bool has_reverse = false, sure_reverse = true;
  plans::rule reverse = plans::rule::reverse_1;
};
[[nodiscard]] conventions conventions_of(const form& f, int year);

}  // namespace changtong::forms
