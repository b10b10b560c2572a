#pragma once
/** How daemon/ledger says inside itself that it will not: thrown within the folder, a `problem` at its border. */
#include "daemon/core/phrase.h"

namespace changtong::ledger {

/** A refusal of ours (not SQLite's): wrong file, newer format, entries out of order. */
struct refusal : spoken_error {
  using spoken_error::spoken_error;
};

}  // namespace changtong::ledger
