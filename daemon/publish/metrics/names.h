#pragma once
/** THE list of metrics: the page, dashboards, rules and tests take names from here. Names are an interface: add, never
 * rename. Lines carry the labels line, category, carrier, town; all else about a line is on changtong_line_info.
 * `window` is the civil day, month or year so far: today, month, year. Groups carry by, group, name: by is all (group
 * lines: every line, no site), category, carrier, town or carrier_grade (电信 A). What has a window comes from the
 * books, at most a minute old. Contracts are judged over their own period so far, by their own rules. Indicators carry
 * plan (its title), indicator (id), name, source and level; the whole carries plan. Alerts carry channel and its kind.
 */
#include <array>
#include <string_view>

#include "daemon/publish/metrics/fact_names.h"
#include "daemon/publish/metrics/indicator_names.h"
#include "daemon/publish/metrics/outage_names.h"
#include "daemon/publish/metrics/process_names.h"

namespace changtong::metrics {

enum class metric_type { gauge, counter, histogram };
struct metric {
  std::string_view name;
  metric_type type;
  std::string_view unit;  ///< base unit, empty for pure numbers
  std::string_view help;
};

// X(identifier, type, unit, help); the name is changtong_ or process_ followed by the identifier.
#define CHANGTONG_LINE_METRICS(X)                                                                                   \
  X(line_info, gauge, "", "专线资料，恒为 1 (about a line; always 1)")                                              \
  X(line_up, gauge, "", "专线通断：1 通，0 断；未知时无此序列 (1 up, 0 down; absent while unknown)")                \
  X(line_state, gauge, "", "专线状态：0 未知，1 通，2 断，3 劣化 (0 unknown, 1 up, 2 down, 3 degraded)")            \
  X(line_since_timestamp_seconds, gauge, "seconds", "现状态自何时起，断自首个坏样本起 (begin of this state)")       \
  X(line_outages_total, counter, "", "本次运行确认的中断次数，再短也计 (outages confirmed by this run)")            \
  X(line_bandwidth_octets_per_second, gauge, "", "合同带宽，字节每秒 (bandwidth of the inventory)")                 \
  X(line_flapping, gauge, "", "专线是否抖动，仅供显示与告警 (1 while flapping; for display and alarms only)")       \
  X(line_rtt_seconds, gauge, "seconds", "最近一次成功探测的往返时延 (round trip of the last good sample)")          \
  X(line_loss_ratio, gauge, "ratio", "最近 64 个样本中失败的比例 (bad among the last 64 measured samples)")         \
  X(line_availability_ratio, gauge, "ratio", "畅通率：通/(通+断)，按窗口 (availability of the window)")             \
  X(line_availability_lower_ratio, gauge, "ratio", "畅通率下限：未知计为断 (lower bound: unknown counted as down)") \
  X(line_coverage_ratio, gauge, "ratio", "观测覆盖率：已观测时间的比例 (part of the time that was observed)")       \
  X(line_down_seconds, gauge, "seconds", "账上中断时长 (down time in the books, of the window)")                    \
  X(line_outages, gauge, "", "账上中断次数 (outages in the books, of the window)")                                  \
  X(site_info, gauge, "", "网站资料，恒为 1 (about a site; always 1)")                                              \
  X(site_up, gauge, "", "网站能否打开：1 能，0 不能；未知时无此序列 (1 up, 0 down; absent while unknown)")          \
  X(site_state, gauge, "", "网站状态：0 未知，1 通，2 断，3 劣化 (0 unknown, 1 up, 2 down, 3 degraded)")            \
  X(site_since_timestamp_seconds, gauge, "seconds", "现状态自何时起 (begin of this state)")                         \
  X(site_outages_total, counter, "", "本次运行确认的中断次数 (outages confirmed by this run)")                      \
  X(site_open_seconds, gauge, "seconds", "最近一次打开整页所用时间 (time to the whole page, last visit)")           \
  X(site_visits_total, counter, "", "访问次数，约每周期一次，按能否打开 (visits, about one an interval)")           \
  X(site_availability_ratio, gauge, "ratio", "网站畅通率，按窗口 (availability of the window)")                     \
  X(site_availability_lower_ratio, gauge, "ratio", "网站畅通率下限 (lower bound: unknown counted as down)")         \
  X(site_coverage_ratio, gauge, "ratio", "网站观测覆盖率 (part of the time that was observed)")                     \
  X(site_down_seconds, gauge, "seconds", "账上中断时长 (down time in the books, of the window)")                    \
  X(site_outages, gauge, "", "账上中断次数 (outages in the books, of the window)")                                  \
  X(category_info, gauge, "", "类别及其中文名，恒为 1 (a category and its name; always 1)")

#define CHANGTONG_GROUP_METRICS(X)                                                                                   \
  X(group_availability_ratio, gauge, "ratio", "畅通率 R1 = 通/(通+断)，逐线累加 (R1: sums of all lines)")            \
  X(group_availability_lower_ratio, gauge, "ratio", "畅通率下限：未知计为断 (lower bound: unknown counted as down)") \
  X(group_availability_upper_ratio, gauge, "ratio", "畅通率上限：未知计为通 (upper bound: unknown counted as up)")   \
  X(group_coverage_ratio, gauge, "ratio", "观测覆盖率：已观测时间的比例 (part of the time that was observed)")       \
  X(group_up_seconds, gauge, "seconds", "畅通的线路时长，逐线累加 (up time of all lines together)")                  \
  X(group_down_seconds, gauge, "seconds", "中断的线路时长，逐线累加 (down time of all lines together)")              \
  X(group_unknown_seconds, gauge, "seconds", "未观测的线路时长 (time that nobody observed)")                         \
  X(group_excluded_seconds, gauge, "seconds", "计划停机的线路时长 (time in approved maintenance windows)")           \
  X(group_outages, gauge, "", "账上中断次数 (outages in the books)")                                                 \
  X(books_timestamp_seconds, gauge, "seconds", "以上账面数字截至何时 (the figures of the books speak up to here)")

#define CHANGTONG_CONTRACT_METRICS(X)                                                                               \
  X(contract_info, gauge, "", "合同要素，恒为 1 (what a contract says; always 1)")                                  \
  X(contract_target_ratio, gauge, "ratio", "合同约定的畅通率 (availability that the contract promises)")            \
  X(contract_availability_ratio, gauge, "ratio", "按合同口径的畅通率，本期至今 (by its rules, this period so far)") \
  X(contract_availability_lower_ratio, gauge, "ratio", "下限：未知计为断 (lower bound: unknown counted as down)")   \
  X(contract_coverage_ratio, gauge, "ratio", "观测覆盖率 (part of the time that was observed)")                     \
  X(contract_up_seconds, gauge, "seconds", "按合同口径畅通的线路时长 (up time by its rules)")                       \
  X(contract_down_seconds, gauge, "seconds", "按合同口径中断的线路时长 (down time by its rules)")                   \
  X(contract_budget_seconds, gauge, "seconds", "整个合同周期允许的中断时长 (allowed in its whole period)")          \
  X(contract_lines, gauge, "", "合同内线路数，按本期是否达标 (its lines by whether they meet the target so far)")

#define CHANGTONG_DAEMON_METRICS(X)                                                                                    \
  X(samples_total, counter, "", "样本数，按探测种类与结果 (samples by kind of check and outcome)")                     \
  X(samples_by_cause_total, counter, "", "坏样本与未测样本，按原因 (samples bad or not measured, by cause)")           \
  X(ignored_packets_total, counter, "", "不属于任何在途探测的报文，按原因 (packets that answered nothing, by reason)") \
  X(ignored_answers_total, counter, "", "不在途探测的应答 (answers to questions no longer under way)")                 \
  X(questions_under_way, gauge, "", "在途探测数 (questions sent and not yet answered)")                                \
  X(late_slots_total, counter, "", "未能按时发出的探测 (slots that could not be sent in time)")                        \
  X(schedule_lateness_seconds, histogram, "seconds", "探测发出比计划晚多少 (how late questions were sent)")            \
  X(ledger_commit_seconds, histogram, "seconds", "账本提交耗时 (time of one commit to the ledger)")                    \
  X(ledger_entries_total, counter, "", "本次运行写入账本的条目 (journal entries written by this run)")                 \
  X(ledger_commit_failures_total, counter, "", "账本提交失败次数 (commits that failed)")                               \
  X(ledger_writable, gauge, "", "账本能否写入：1 能，0 不能 (1 while the ledger takes commits)")                       \
  X(audit_log_writable, gauge, "", "审计日志能否写入：1 能，0 不能 (1 while the audit log keeps its lines)")           \
  X(ledger_lost_records_total, counter, "", "账本长期不可写而丢失的记录 (records lost: the ledger was away too long)") \
  X(ledger_queue_records, gauge, "", "等待入账的记录 (records waiting for a commit)")                                  \
  X(ledger_heartbeat_timestamp_seconds, gauge, "seconds", "账本心跳 (everything is judged and durable up to here)")    \
  X(ledger_verified_timestamp_seconds, gauge, "seconds", "上次核验账本的时刻 (last successful verification)")          \
  X(ledger_verified_ok, gauge, "", "最近一次核验账本是否通过 (1 if the last verification found the ledger whole)")     \
  X(ledger_verified_entries, gauge, "", "最近一次核验通过的条目数 (entries that the last verification found whole)")   \
  X(ledger_sealed_day_timestamp_seconds, gauge, "seconds", "已封存到的时刻 (end of the last sealed civil day)")        \
  X(ledger_seal_failures_total, counter, "", "封存、写封存文件或发送失败次数 (seals not made, filed or posted)")       \
  X(config_reload_success, gauge, "", "最近一次加载配置是否成功 (1 if the last load succeeded)")                       \
  X(config_last_reload_success_timestamp_seconds, gauge, "seconds", "最近一次成功加载的时刻 (last good load)")         \
  X(config_reloads_total, counter, "", "加载配置次数，按结果 (loads of the configuration by result)")                  \
  X(clock_synchronised, gauge, "", "系统时钟是否已同步：1 是，0 否 (1 while the kernel trusts its clock)")             \
  X(clock_synchronisation_known, gauge, "", "内核是否回答时钟已否同步 (0 while the kernel does not say)")              \
  X(clock_steps_total, counter, "", "系统时钟跳变次数 (steps of the clock that were noticed)")                         \
  X(clock_offset_seconds, gauge, "seconds", "系统时钟减账上时标 (clock minus labels: a step not adopted)")             \
  X(build_info, gauge, "", "版本，恒为 1 (version; always 1)")

namespace names {
#define CHANGTONG_METRIC(id, t, unit, help) inline constexpr metric id{"changtong_" #id, metric_type::t, unit, help};
#define PROCESS_METRIC(id, t, unit, help) \
  inline constexpr metric process_##id{"process_" #id, metric_type::t, unit, help};
CHANGTONG_LINE_METRICS(CHANGTONG_METRIC)
CHANGTONG_FACT_METRICS(CHANGTONG_METRIC)
CHANGTONG_OUTAGE_METRICS(CHANGTONG_METRIC)
CHANGTONG_GROUP_METRICS(CHANGTONG_METRIC)
CHANGTONG_CONTRACT_METRICS(CHANGTONG_METRIC)
CHANGTONG_INDICATOR_METRICS(CHANGTONG_METRIC)
CHANGTONG_DAEMON_METRICS(CHANGTONG_METRIC)
CHANGTONG_HTTP_METRICS(CHANGTONG_METRIC)
CHANGTONG_ALERT_METRICS(CHANGTONG_METRIC)
CHANGTONG_PEER_METRICS(CHANGTONG_METRIC)
CHANGTONG_CENTRE_METRICS(CHANGTONG_METRIC)
CHANGTONG_TRAP_METRICS(CHANGTONG_METRIC)
CHANGTONG_PROCESS_METRICS(PROCESS_METRIC)
#undef CHANGTONG_METRIC
#undef PROCESS_METRIC
}  // namespace names

inline constexpr std::array all_metrics{
#define CHANGTONG_METRIC(id, t, unit, help) names::id,
#define PROCESS_METRIC(id, t, unit, help) names::process_##id,
    CHANGTONG_LINE_METRICS(CHANGTONG_METRIC) CHANGTONG_FACT_METRICS(CHANGTONG_METRIC)
        CHANGTONG_OUTAGE_METRICS(CHANGTONG_METRIC) CHANGTONG_GROUP_METRICS(CHANGTONG_METRIC)
            CHANGTONG_CONTRACT_METRICS(CHANGTONG_METRIC) CHANGTONG_INDICATOR_METRICS(CHANGTONG_METRIC)
                CHANGTONG_DAEMON_METRICS(CHANGTONG_METRIC) CHANGTONG_HTTP_METRICS(CHANGTONG_METRIC)
                    CHANGTONG_ALERT_METRICS(CHANGTONG_METRIC) CHANGTONG_PEER_METRICS(CHANGTONG_METRIC)
                        CHANGTONG_CENTRE_METRICS(CHANGTONG_METRIC) CHANGTONG_TRAP_METRICS(CHANGTONG_METRIC)
                            CHANGTONG_PROCESS_METRICS(PROCESS_METRIC)
#undef CHANGTONG_METRIC
#undef PROCESS_METRIC
};

[[nodiscard]] constexpr std::string_view name_of(metric_type t) {
  return t == metric_type::gauge ? "gauge" : t == metric_type::counter ? "counter" : "histogram";
}

}  // namespace changtong::metrics
