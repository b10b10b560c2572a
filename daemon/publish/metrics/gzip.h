#pragma once
/** A stream of text as a gzip file, piece by piece. */
#include <functional>
#include <string>

namespace changtong::metrics {

/** `plain` as web_response::stream has it. Level 1: a page of metrics shrinks to a tenth by it, and more would cost
 * more time than it saves. Pieces are never empty (an empty one would end the answer). Throws std::runtime_error where
 * zlib has no memory: the answer then breaks off. */
[[nodiscard]] std::function<bool(std::string&)> gzipped(std::function<bool(std::string&)> plain);

}  // namespace changtong::metrics
