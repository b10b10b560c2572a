#pragma once
/** A sheet for people who do not write YAML: reasons, measures, texts and points of one plan are filled in, and read
 * back into it. Pure.
 *
 * A blank cell leaves what the plan says. Points given by a person need who and when, and where the rule gives points
 * also why. */
#include <string>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/plan_tree.h"
#include "daemon/core/result.h"
#include "daemon/reading/office_file.h"
#include "daemon/report/grid.h"

namespace changtong::forms {

[[nodiscard]] report::grid fill_sheet(const plans::plan& plan);
/** The same as a page of HTML, for a DOCX. */
[[nodiscard]] std::string fill_page(const plans::plan& plan);

struct filled {
  std::string yaml;             ///< the plan with what was filled in, all else to the byte
  std::vector<phrase> changes;  ///< 「服务对象满意度」：原因
};
/** `yaml` is the plan's text and `plan` what it reads as. Problems: no such sheet, a row that is no indicator of this
 * plan, points without who, when or why, a plan that would not load. */
[[nodiscard]] boost::system::result<filled, problems> filled_in(const std::vector<reading::office_table>& tables,
                                                                const std::string& yaml, const plans::plan& plan);

}  // namespace changtong::forms
