#pragma once
/** How parts of the daemon open the books that they read. */
#include <functional>
#include <memory>

#include "daemon/core/result.h"
#include "daemon/ledger/reader.h"

namespace changtong {

/** Any thread; what it opens is for one. */
using book_door = std::function<result<std::unique_ptr<ledger::reader>>()>;

}  // namespace changtong
