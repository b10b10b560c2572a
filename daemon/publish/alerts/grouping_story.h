#pragma once
/** One alert of outages while it is open. Internal to publish/alerts. */
#include <string>
#include <vector>

#include "daemon/core/declared_alert.h"
#include "daemon/core/target.h"

namespace changtong::alerts::fold {

/** One open alert. */
struct story {
  std::string id;
  alert_subject subject = alert_subject::line;
  std::string name;
  wall_t began{};                     ///< of the earliest outage in it, a label
  wall_t window{};                    ///< companions began within `within` of it, a label
  wall_t latest{};                    ///< the last of them that began with it did so then, a label
  wall_t opened{};                    ///< when it was told
  wall_t joined_until{};              ///< companions of its carrier or town come until then
  std::vector<target_index> members;  ///< each once
  std::size_t down = 0;               ///< of them
  wall_t down_since{};                ///< one of them has been down all the time since
  wall_t first_well{}, last_well{};   ///< when members came back that are not told as well yet
  bool any_well = false;
  bool grows = false;  ///< it has members that were not told
  bool grown = false;  ///< … that is said once
  wall_t first_added{}, last_added{};
  int partly = 0;                    ///< resolved steps that left some of it down
  bool held = false;                 ///< it comes and goes: stays open until it has been well for long
  bool sweep = false;                ///< held, and somebody who came along is well
  std::vector<target_index> left;    ///< who came along and left
  std::size_t lost = 0;              ///< who was told and left it without a word
  std::vector<std::string> removed;  ///< ids, told to have left the inventory, or to be closed, by the next step
  struct ended {
    std::string id;
    alert_subject subject;
    std::string name;
    wall_t began;
  };
  std::vector<ended> swallowed;  ///< alerts that became part of it, and end once it has said so
};

}  // namespace changtong::alerts::fold
