#pragma once
/** The metrics of a centre, beside names.h, whose X they are; `state` is up, down or unknown; `outcome` is taken (all
 * that was shipped is here), standing (the node was told where to go on), fork or refused. */
#include "daemon/publish/metrics/names.h"

#define CHANGTONG_CENTRE_PAGE_METRICS(X)                                                                              \
  X(centre_database_up, gauge, "", "中心能否读写数据库：1 能，0 不能 (1 while the centre reaches its database)")      \
  X(centre_node_entries, gauge, "", "中心已有的该节点条目 (entries of a node that the centre has)")                   \
  X(centre_node_branch, gauge, "", "该节点的分支，从 1 起 (a node's branch, from 1)")                                 \
  X(centre_node_heartbeat_timestamp_seconds, gauge, "seconds", "该节点的账到何时为止已在中心 (a node's books up to)") \
  X(centre_node_lag_seconds, gauge, "seconds", "该节点的账落后多久 (how far a node's books are behind)")              \
  X(centre_node_received_timestamp_seconds, gauge, "seconds", "最近一次收下该节点的账 (the last shipment taken)")     \
  X(centre_node_forked, gauge, "", "该节点是否分叉，等人处理：1 是 (1 while a fork waits for a person)")              \
  X(centre_shipments_total, counter, "", "本次运行收到的批次，按节点与结果 (shipments by node and outcome)")          \
  X(centre_folding, gauge, "", "本进程是否在折算：1 是，0 由另一个折算 (1 in the process that folds)")                \
  X(centre_sealed, gauge, "", "今天的封存是否已有：1 有 (1 once the heads of all nodes are sealed for the day)")      \
  X(centre_node_folded_entries, gauge, "", "该节点已折算成数字的条目 (entries that are in the figures)")              \
  X(centre_node_folded_lag_seconds, gauge, "seconds", "该节点的数字落后多久 (how far a node's figures are behind)")   \
  X(centre_node_fold_stuck, gauge, "", "折算停在一条读不懂的账上：1 是 (1 while an entry cannot be folded)")          \
  X(centre_node_retired, gauge, "", "该节点已停用，不再等它：1 是 (1 for a node that is not expected any more)")      \
  X(centre_node_apart, gauge, "", "时钟与一对中另一台差一秒以上，其账不计：1 是 (1 while not merged: the clocks)")    \
  X(centre_node_lines, gauge, "", "该节点（或一对）各状态的专线与网站数，无消息即为 unknown (lines and sites by state)")

namespace changtong::metrics {

namespace names {
#define CHANGTONG_METRIC(id, t, unit, help) inline constexpr metric id{"changtong_" #id, metric_type::t, unit, help};
CHANGTONG_CENTRE_PAGE_METRICS(CHANGTONG_METRIC)
#undef CHANGTONG_METRIC
}  // namespace names

}  // namespace changtong::metrics
