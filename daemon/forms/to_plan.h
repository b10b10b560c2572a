#pragma once
/** A form -> a plan (YAML as config/plans has it) that loads, with what nobody can know from the form marked for a
 * person: in a list, and as a comment at the place. Pure.
 *
 * Values become `stated` with the cell as their origin; texts keep their tier by their points. What is not in the form
 * is never invented: a name, a day or a document is asked for. Weights that do not make 100 are brought there in the
 * open: what is missing becomes a row of its own, what is too much is taken off the heaviest row, both marked. */
#include <string>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/forms/form.h"
#include "daemon/forms/values.h"

namespace changtong::forms {

/** Something that a person has to decide. */
struct mark {
  std::string at;      ///< the cell; empty: of the form as a whole
  std::string stands;  ///< what it says
  phrase write;        ///< what to write, and where
};

struct drafted_plan {
  std::string yaml;
  std::vector<mark> marks;
};

/** `file`: the form's name, for origins. `year`: of the plan where the form names none. */
[[nodiscard]] drafted_plan plan_of(const form& f, const std::string& file, int year);

/** A scalar for YAML: in double quotes, on one line, at most `most` bytes. */
[[nodiscard]] std::string yaml_text(std::string_view text, std::size_t most = 250);
/** An actual value likewise: a number, a day or a bound as written. */
[[nodiscard]] std::string yaml_value(const reached& r);

}  // namespace changtong::forms
