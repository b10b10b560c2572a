#include "daemon/centre/one_state.h"

#include "daemon/centre/pg_tables.h"

namespace changtong::centre {

one_state::one_state(database& db) : db_(db) {
  if (const auto done = db_.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); !done)
    throw database_refusal(words_of(done.error()));
}

one_state::~one_state() {
  if (db_.good()) (void)db_.ask("COMMIT");
}

}  // namespace changtong::centre
