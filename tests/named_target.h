#pragma once
/** A target by the words that people say of it. */
#include <string>

#include "daemon/core/target.h"

namespace changtong {

inline target named_target(const std::string& id, const std::string& name, const std::string& category,
                           const std::string& town, const std::string& carrier) {
  target t;
  t.id = id;
  t.name = name;
  t.category = category;
  t.town = town;
  t.carrier = carrier;
  return t;
}

}  // namespace changtong
