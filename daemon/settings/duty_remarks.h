#pragma once
/** Of duty records that are entered: who of them no alert would reach. Pure. */
#include "daemon/core/command.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** Adds a notice for each person who is not among api.people, or whom no channel of the steps that tell whoever is on
 * duty can find. Nothing where nobody is told of alerts at all. */
void remark_on_duty(const settings& s, entered& to);

}  // namespace changtong
