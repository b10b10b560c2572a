#pragma once
/** Which of a pair of nodes one is; one that is alone is the first. */
#include <cstdint>

namespace changtong {

/** Both make numbers of windows and tickets while the link between them is cut, so each has numbers of its own. */
enum class node_rank : std::uint8_t { first, second };

}  // namespace changtong
