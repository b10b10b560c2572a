#pragma once
/** A ledger verified by a background thread that rests four times as long as it reads: probing and commits do not feel
 * it. */
#include <optional>
#include <stop_token>
#include <string>

#include "daemon/core/result.h"
#include "daemon/host/background.h"
#include "daemon/ledger/verify.h"

namespace changtong {

inline constexpr int proof_priority = 19;  ///< the lowest

/** Nothing where it was stopped. Called by `thread` itself. */
[[nodiscard]] std::optional<result<ledger::proof>> prove_gently(const std::string& ledger, host::background& thread,
                                                                const std::stop_token& stop);

}  // namespace changtong
