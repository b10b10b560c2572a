#pragma once
/** The part of names.h about our own process and its HTTP server; included there and nowhere else. Reasons are those
 * of core/door_counters.h. */

// X(identifier, type, unit, help), as in names.h.
#define CHANGTONG_HTTP_METRICS(X)                                                                                  \
  X(http_connections, gauge, "", "HTTP 连接数 (open connections of the HTTP server)")                              \
  X(http_bytes_in_flight, gauge, "bytes", "在途的大请求和大答复 (large requests and answers held in memory)")      \
  X(http_turned_away_total, counter, "", "被拒绝或断开的来访，按原因 (clients turned away or cut off, by reason)") \
  X(http_tokens_refused_total, counter, "", "被拒绝的令牌，按原因 (refused tokens, by reason)")

#define CHANGTONG_PROCESS_METRICS(X)                                                   \
  X(cpu_seconds_total, counter, "seconds", "User and system CPU time of this process") \
  X(resident_memory_bytes, gauge, "bytes", "Resident memory of this process")          \
  X(open_fds, gauge, "", "Open file descriptors of this process")
