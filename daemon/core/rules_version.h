#pragma once
/** Which version of the books' rules (daemon/verdict/README.md) this program records by. It stands in every `start`
 * entry; an entry without it was recorded under version 1. It grows with every change of the rules that can change a
 * figure, so that whoever computes from old entries knows what they mean. */
#include <cstdint>

namespace changtong {

inline constexpr std::int32_t books_rules_version = 2;

}  // namespace changtong
