#pragma once
/** A form against itself: what its own cells say of each other by arithmetic (rules.md 3.4 to 3.8). Pure.
 *
 * wrong: cells that name each other cannot all be true, and the finding says which one does not fit and what it should
 * be. ask: a person may have meant it (points lower than the rule's, a sign that is missing, funds that have more
 * sources than the form lists); never an accusation. */
#include <string>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/forms/form.h"

namespace changtong::forms {

enum class weight_of_finding { wrong, ask };

struct slip {
  weight_of_finding how = weight_of_finding::wrong;
  std::string kind;   ///< rate, points, weights, total, funds, target, reason, money: one word for programs
  spot at;            ///< the cell
  std::string right;  ///< what it should say; empty where only a person can know
  phrase text;
};

/** In the order of the form. */
[[nodiscard]] std::vector<slip> check_form(const form& f);

}  // namespace changtong::forms
