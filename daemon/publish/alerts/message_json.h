#pragma once
/** A message as a program reads it: the body of a generic webhook, and of `changtong demo --webhook`. */
#include <string>

#include "daemon/core/civil.h"
#include "daemon/core/message.h"

namespace changtong::alerts {

/** {"id","kind","cause","began","lines","count","title","text","link","over","severity"}; `began` ISO 8601 in the zone.
 */
[[nodiscard]] std::string to_json(const message& m, const civil_zone& zone);

}  // namespace changtong::alerts
