#pragma once
/** Open archives for several threads, and conversations of those who only ask. Any thread. */
#include <string>
#include <vector>

#include "daemon/centre/archive.h"
#include "daemon/centre/lending.h"

namespace changtong::centre {

class archives : public lending<archive> {
 public:
  archives(database_place where, std::vector<std::string> nodes);
};

/** With a database that has the tables, made where there are none; for figures. */
class conversations : public lending<database> {
 public:
  explicit conversations(database_place where);
};

}  // namespace changtong::centre
