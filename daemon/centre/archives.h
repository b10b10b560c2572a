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

  /** As an archive takes it. The first after a branch was begun meets conversations of before, and costs no node an
   * answer: one is opened anew. */
  [[nodiscard]] result<ledger::taken> take(const std::string& node, const ledger::shipment& s, wall_t now);
};

/** With a database that has the tables, made where there are none; for figures. */
class conversations : public lending<database> {
 public:
  explicit conversations(database_place where);
};

}  // namespace changtong::centre
