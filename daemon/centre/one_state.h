#pragma once
/** One state of all books for several questions: a transaction that sees nothing of what others commit meanwhile.
 * Throws a database_refusal where there can be none. One thread. */
#include "daemon/centre/database.h"

namespace changtong::centre {

class one_state {
 public:
  /** `db` outlives it, and is in no transaction. */
  explicit one_state(database& db);
  ~one_state();
  one_state(const one_state&) = delete;
  one_state& operator=(const one_state&) = delete;

 private:
  database& db_;
};

}  // namespace changtong::centre
