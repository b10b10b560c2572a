#pragma once
/** How daemon/ledger says inside itself that it will not: thrown within the folder, a `problem` at its border. */
#include <stdexcept>

namespace changtong::ledger {

/** A refusal of ours (not SQLite's): wrong file, newer format, entries out of order. */
struct refusal : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace changtong::ledger
