#pragma once
/** A ledger's file as a whole: a copy of one instant while a daemon writes it, and keeping daemons away. Any thread. */
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "daemon/core/result.h"

namespace changtong::ledger {

/** Into a new file of mode 0600, durable when this returns; after a problem there is none. `progress` (may be empty)
 * hears pages done and total; returning false stops, as a problem of class `no`. Seals are not in it: copy their file
 * first, since a book may be ahead of its seals and never behind them. */
[[nodiscard]] result<void> copy_ledger(const std::string& ledger, const std::string& into,
                                       const std::function<bool(std::int64_t done, std::int64_t total)>& progress);
/** No process writes it as long as one lives; a problem where one does. The file is made if it is not there. */
[[nodiscard]] result<std::shared_ptr<void>> hold(const std::string& ledger);

}  // namespace changtong::ledger
