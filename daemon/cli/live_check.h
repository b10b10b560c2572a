#pragma once
/** `changtong check --live`: the inventory's parents against what the devices themselves say. */
#include <string>

#include "daemon/cli/network_survey.h"

namespace changtong {

/** 0: nothing contradicts; 1: something does; 2: no such credential; 3: nobody could be asked. */
int live_check(const std::string& config, const network_survey::wishes& how);

}  // namespace changtong
