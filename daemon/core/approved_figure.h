#pragma once
/** What a 批复 approves, as its table has it. Values. */
#include <string>

#include "daemon/core/plan_target.h"

namespace changtong::plans {

struct approved_figure {
  std::string label;          ///< 专线条数, 财政拨款; in narrow letters, without blanks
  target wanted;              ///< of money in 元 or 万元
  std::string place;          ///< 「批复」D5
  bool whole_budget = false;  ///< the project's budget, whatever the table calls it
};

}  // namespace changtong::plans
