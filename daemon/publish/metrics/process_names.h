#pragma once
/** The part of names.h about our own process, its HTTP server and what it tells people; included there and nowhere
 * else. Reasons are those of core/door_tallies.h; outcome is told or failed. */

// X(identifier, type, unit, help), as in names.h.
#define CHANGTONG_HTTP_METRICS(X)                                                                                  \
  X(http_connections, gauge, "", "HTTP 连接数 (open connections of the HTTP server)")                              \
  X(http_bytes_in_flight, gauge, "bytes", "在途的大请求和大答复 (large requests and answers held in memory)")      \
  X(http_turned_away_total, counter, "", "被拒绝或断开的来访，按原因 (clients turned away or cut off, by reason)") \
  X(http_tokens_refused_total, counter, "", "被拒绝的令牌，按原因 (refused tokens, by reason)")                    \
  X(http_logins_refused_total, counter, "", "被拒绝的登录，按原因 (refused logins, by reason)")

#define CHANGTONG_ALERT_METRICS(X)                                                                                     \
  X(alerts_open, gauge, "", "未了结的告警 (alerts that are not over)")                                                 \
  X(alert_nobody_reachable, gauge, "", "是否有告警无人可达：1 是 (1 while an alert reaches nobody)")                   \
  X(alert_channel_up, gauge, "", "渠道最近一次是否送达：1 是，0 否 (1 if the channel took the last message)")          \
  X(alert_messages_total, counter, "", "本次运行送出的消息，按渠道与结果 (messages of this run, by channel, outcome)") \
  X(alert_messages_waiting, gauge, "", "等待送出的消息，按渠道 (messages that wait, by channel)")

// Of the second book of a pair (core/peer_tallies.h).
#define CHANGTONG_PEER_METRICS(X)                                                                             \
  X(peer_shipped_timestamp_seconds, gauge, "seconds",                                                         \
    "最近一次另一台已有本机全部账本的时刻 (the peer had all of our ledger)")                                  \
  X(peer_unshipped_entries, gauge, "", "另一台还没有的条目 (entries that the peer does not have yet)")        \
  X(peer_failures_total, counter, "", "送往另一台失败的次数 (attempts to ship that failed)")                  \
  X(peer_received_timestamp_seconds, gauge, "seconds",                                                        \
    "最近一次收下另一台账本的时刻 (the last shipment that was taken)")                                        \
  X(peer_clock_offset_seconds, gauge, "seconds", "另一台的时钟减本机时钟 (the peer's clock minus ours)")      \
  X(peer_forked, gauge, "", "两台的副本是否分叉：1 是 (1 while a copy and its original went different ways)") \
  X(peer_copies_set_aside_total, counter, "", "本次运行另存的另一台副本 (copies of the peer's ledger set aside)")

// Of what is shipped to a centre (core/peer_tallies.h).
#define CHANGTONG_CENTRE_METRICS(X)                                                                        \
  X(centre_shipped_timestamp_seconds, gauge, "seconds",                                                    \
    "最近一次中心已有本机全部账本的时刻 (the centre had all of our ledger)")                               \
  X(centre_unshipped_entries, gauge, "", "中心还没有的条目 (entries that the centre does not have yet)")   \
  X(centre_failures_total, counter, "", "送往中心失败的次数 (attempts to ship to the centre that failed)") \
  X(centre_clock_offset_seconds, gauge, "seconds", "中心的时钟减本机时钟 (the centre's clock minus ours)") \
  X(centre_forked, gauge, "", "中心的副本是否与本机账本分叉：1 是 (1 while the centre's copy went another way)")

// Of what devices say unasked; version is v1, v2c or v3, reasons are those of core/trap_tallies.h.
#define CHANGTONG_TRAP_METRICS(X)                                                                               \
  X(traps_received_total, counter, "", "来自线路、可读的陷阱，按协议版本 (traps and informs read, by version)") \
  X(traps_dropped_total, counter, "", "未记录的陷阱，按原因 (traps and informs not kept, by reason)")           \
  X(traps_kept_total, counter, "", "记入台账的陷阱条目 (entries of traps in the ledger)")                       \
  X(traps_summed_total, counter, "", "合并计数的陷阱 (traps counted in an entry with others)")                  \
  X(informs_repeated_total, counter, "", "重发的 inform (informs that came before)")                            \
  X(informs_answered_total, counter, "", "已应答的 inform (informs answered, repetitions too)")

#define CHANGTONG_PROCESS_METRICS(X)                                                   \
  X(cpu_seconds_total, counter, "seconds", "User and system CPU time of this process") \
  X(resident_memory_bytes, gauge, "bytes", "Resident memory of this process")          \
  X(open_fds, gauge, "", "Open file descriptors of this process")
