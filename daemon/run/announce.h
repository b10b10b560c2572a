#pragma once
/** What is done with records once they are durable: the board shows them, the log tells them. One call at a time,
 * on a thread of the recorder's. */
#include <vector>

#include "daemon/core/board.h"
#include "daemon/core/record.h"
#include "daemon/core/target.h"

namespace changtong {

/** Announces records on the board. */
void show(const std::vector<record>& records, bool recorded, board& b);

/** For people: one line a transition, in the log. */
void log_records(const std::vector<record>& records, bool recorded, const inventory& inv);

}  // namespace changtong
