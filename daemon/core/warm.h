#pragma once
/** What a steady sample costs is waiting for memory: of ten thousand targets each one's few words are far away. Who
 * knows what comes next asks for them before. */

namespace changtong {

/** Asks for the line of memory at `p`; waits for nothing, changes nothing, takes any address. */
inline void warm(const void* p) { __builtin_prefetch(p); }

}  // namespace changtong
