import { board, outages, uids } from '../board.js';
import { here } from '../expressions.js';
import { graph, number, place, rows } from '../panels.js';
import * as words from '../words.js';

const oldSteps = (warn: number, bad: number) => words.steps([null, words.green], [warn, words.yellow], [bad, words.red]);

export function self() {
  return place(
    board(uids.self, '畅通 · 监控自身', '调度滞后、样本与原因、账本提交与核验、时钟、内存', 'now-3h').annotation(
      outages('监控自身告警', `ALERTS{${here},alertname=~"DaemonAbsent|HeartbeatStale|Ledger.*|AuditLogNotWritable|Clock.*|SamplesNotMeasured|ChangtongOwnUplinkSilent|ChangtongAnchorsUseless|ClientsTurnedAway|TokensRefused|LoginsRefused|AlertsReachNobody|AlertChannelFailing",alertstate="firing"}`, '{{alertname}}', '{{severity}}', 'orange'),
    ),
    [
      {
        height: 4,
        panels: [
          [4, number({ title: '账本心跳距今', unit: 's', decimals: 0, steps: oldSteps(5, 15), wall: true }, { expr: `max(time() - changtong_ledger_heartbeat_timestamp_seconds{${here}})` })],
          [4, number({ title: '账本可写', mappings: words.yesNo, steps: words.steps([null, words.grey]) }, { expr: `min(changtong_ledger_writable{${here}})` })],
          [4, number({ title: '核验通过', mappings: words.yesNo, steps: words.steps([null, words.grey]), noValue: '尚未核验' }, { expr: `min(changtong_ledger_verified_ok{${here}})` })],
          [4, number({ title: '距上次核验', unit: 'dthms', steps: oldSteps(90_000, 172_800), noValue: '尚未核验' }, { expr: `max(time() - changtong_ledger_verified_timestamp_seconds{${here}})` })],
          [4, number({ title: '时钟已同步', mappings: words.yesNo, steps: words.steps([null, words.grey]) }, { expr: `min(changtong_clock_synchronised{${here}})` })],
          [4, number({ title: '内存', unit: 'bytes', decimals: 0, graph: true, steps: words.plain }, { expr: `sum(process_resident_memory_bytes{${here}})` })],
        ],
      },
      {
        height: 4,
        panels: [
          [6, number({ title: '上联静默', mappings: words.noYes, steps: words.steps([null, words.grey]), description: '全部锚点无应答，且没有专线应答：断的是监测主机的上联，各线显示未知，不计中断。' }, { expr: `max(changtong_own_uplink_silent{${here}})` })],
          [6, number({ title: '锚点不起作用', mappings: words.noYes, steps: words.steps([null, words.grey]), description: '锚点无应答而专线有应答，或专线应答一分钟后锚点仍从未应答。' }, { expr: `max(changtong_anchors_contradicted{${here}})` })],
          [6, number({ title: '应答的锚点', decimals: 0, steps: words.plain }, { expr: `count(changtong_anchor_up{${here}} == 1) or vector(0)` })],
          [6, number({ title: '上联静默中不计的坏样本', decimals: 0, steps: words.plain }, { expr: `sum(round(increase(changtong_own_uplink_samples_total{${here}}[$__range])))` })],
        ],
      },
      {
        height: 8,
        panels: [
          [
            12,
            graph(
              { title: '探测发送滞后', unit: 's', min: 0 },
              { expr: `histogram_quantile(0.5, sum by (le) (rate(changtong_schedule_lateness_seconds_bucket{${here}}[$__rate_interval])))`, legend: '中位' },
              { expr: `histogram_quantile(0.99, sum by (le) (rate(changtong_schedule_lateness_seconds_bucket{${here}}[$__rate_interval])))`, legend: '99 %' },
            ),
          ],
          [
            12,
            graph(
              { title: '样本', unit: 'cps', min: 0, description: '每秒样本数，按探测种类与结果。' },
              { expr: `sum by (kind, outcome) (rate(changtong_samples_total{${here}}[$__rate_interval])) > 0`, legend: '{{kind}} {{outcome}}' },
            ),
          ],
        ],
      },
      {
        height: 8,
        panels: [
          [
            12,
            graph(
              { title: '坏样本与未测样本的原因', unit: 'cps', min: 0, stacked: true, legendRight: true },
              { expr: `sum by (reason) (rate(changtong_samples_by_cause_total{${here}}[$__rate_interval])) > 0`, legend: '{{reason}}' },
            ),
          ],
          [
            12,
            graph(
              { title: '未测样本占比', unit: 'percentunit', min: 0, limits: true, steps: words.steps([null, words.green], [0.05, words.red]), description: '本机原因没有测成的样本；从不算作线路故障，使覆盖率下降。' },
              { expr: `max(changtong:samples_not_measured:ratio5m{${here}})`, legend: '未测' },
            ),
          ],
        ],
      },
      {
        height: 8,
        panels: [
          [
            8,
            graph(
              { title: 'DNS 应答', unit: 'cps', min: 0, noValue: '没有 dns 检查', description: '向名称服务器的提问，每秒，按结果：合格、不合格、未测；各线的时延与中断见线路明细。' },
              { expr: `sum by (outcome) (rate(changtong_samples_total{${here},kind="dns"}[$__rate_interval]))`, legend: '{{outcome}}' },
            ),
          ],
          [
            8,
            graph(
              { title: '收到的陷阱通知', min: 0, decimals: 0, noValue: '没有接收陷阱', description: '每五分钟：设备主动发来的 trap 与 inform，按协议；其中逐条登记的和合并计数的。' },
              { expr: `sum by (version) (increase(changtong_traps_received_total{${here}}[5m]))`, legend: '{{version}}' },
              { expr: `sum(increase(changtong_traps_kept_total{${here}}[5m]))`, legend: '登记' },
              { expr: `sum(increase(changtong_traps_summed_total{${here}}[5m]))`, legend: '合并计数' },
            ),
          ],
          [
            8,
            graph(
              { title: '未登记的陷阱通知', min: 0, decimals: 0, stacked: true, legendRight: true, noValue: '没有', description: '每五分钟，按原因：来源不明、格式不对、凭据不符、过时或重放、过多等。' },
              { expr: `sum by (reason) (increase(changtong_traps_dropped_total{${here}}[5m]))`, legend: '{{reason}}' },
            ),
          ],
        ],
      },
      {
        height: 8,
        panels: [
          [
            8,
            graph(
              { title: '账本提交耗时', unit: 's', min: 0 },
              { expr: `histogram_quantile(0.5, sum by (le) (rate(changtong_ledger_commit_seconds_bucket{${here}}[$__rate_interval])))`, legend: '中位' },
              { expr: `histogram_quantile(0.99, sum by (le) (rate(changtong_ledger_commit_seconds_bucket{${here}}[$__rate_interval])))`, legend: '99 %' },
            ),
          ],
          [
            8,
            graph(
              { title: '账本条目与等待', min: 0, decimals: 1 },
              { expr: `sum(rate(changtong_ledger_entries_total{${here}}[$__rate_interval]))`, legend: '条目/秒' },
              { expr: `sum(changtong_ledger_queue_records{${here}})`, legend: '等待入账' },
            ),
          ],
          [
            8,
            rows(
              {
                title: '账本',
                columns: [
                  { of: 'instance', title: '实例' },
                  { of: '#A', title: '提交失败', width: 70, decimals: 0, steps: words.badCountSteps },
                  { of: '#B', title: '丢失记录', width: 70, decimals: 0, steps: words.badCountSteps },
                  { of: '#C', title: '封存失败', width: 70, decimals: 0, steps: words.badCountSteps },
                  { of: '#D', title: '核验条目', width: 70, decimals: 0 },
                ],
              },
              { expr: `max by (instance) (changtong_ledger_commit_failures_total{${here}})` },
              { expr: `max by (instance) (changtong_ledger_lost_records_total{${here}})` },
              { expr: `max by (instance) (changtong_ledger_seal_failures_total{${here}})` },
              { expr: `max by (instance) (changtong_ledger_verified_entries{${here}})` },
            ),
          ],
        ],
      },
      {
        height: 8,
        panels: [
          [8, graph({ title: '处理器', unit: 'percentunit', min: 0 }, { expr: `sum(rate(process_cpu_seconds_total{${here}}[$__rate_interval]))`, legend: '占一个核' })],
          [
            8,
            graph(
              { title: '在途探测与描述符', min: 0, decimals: 0 },
              { expr: `sum(changtong_questions_under_way{${here}})`, legend: '在途探测' },
              { expr: `sum(process_open_fds{${here}})`, legend: '描述符' },
            ),
          ],
          [
            8,
            graph(
              { title: '抓取', unit: 's', min: 0 },
              { expr: `scrape_duration_seconds{${here}}`, legend: '抓取用时' },
              { expr: `time() - max(changtong_books_timestamp_seconds{${here}})`, legend: '账面数字距今' },
            ),
          ],
        ],
      },
      {
        height: 7,
        panels: [
          [4, number({ title: '未了结的告警', decimals: 0, steps: words.warnCountSteps, description: '畅通自己发的告警（alerts）；用 Alertmanager 发的不在其中。' }, { expr: `sum(changtong_alerts_open{${here}})` })],
          [4, number({ title: '告警无人可达', mappings: words.noYes, steps: words.steps([null, words.grey]) }, { expr: `max(changtong_alert_nobody_reachable{${here}})` })],
          [
            8,
            rows(
              {
                title: '告警渠道',
                noValue: '没有渠道：畅通自己不发告警',
                columns: [
                  { of: 'channel', title: '渠道' },
                  { of: 'kind', title: '类型', width: 95 },
                  { of: '#A', title: '送达', width: 60, mappings: words.yesNo, steps: words.steps([null, words.grey]) },
                  { of: '#B', title: '已送出', decimals: 0, width: 70 },
                  { of: '#C', title: '失败', decimals: 0, width: 60, steps: words.badCountSteps },
                  { of: '#D', title: '等待', decimals: 0, width: 60, steps: words.warnCountSteps },
                ],
              },
              { expr: `max by (channel, kind) (changtong_alert_channel_up{${here}})` },
              { expr: `max by (channel, kind) (changtong_alert_messages_total{${here},outcome="told"})` },
              { expr: `max by (channel, kind) (changtong_alert_messages_total{${here},outcome="failed"})` },
              { expr: `max by (channel, kind) (changtong_alert_messages_waiting{${here}})` },
            ),
          ],
          [
            8,
            graph(
              { title: '送出的消息', min: 0, decimals: 0, stacked: true, noValue: '没有渠道', description: '每五分钟，按渠道。' },
              { expr: `sum by (channel) (increase(changtong_alert_messages_total{${here},outcome="told"}[5m]))`, legend: '{{channel}}' },
              { expr: `sum by (channel) (increase(changtong_alert_messages_total{${here},outcome="failed"}[5m]))`, legend: '{{channel}} 失败' },
            ),
          ],
        ],
      },
      {
        height: 8,
        panels: [
          [
            12,
            graph(
              { title: '被拒绝或断开的来访', min: 0, decimals: 0, stacked: true, legendRight: true, description: 'HTTP 端口每分钟拒绝的连接与请求，按原因；来源地址在日志里。' },
              { expr: `sum by (reason) (increase(changtong_http_turned_away_total{${here}}[1m]))`, legend: '{{reason}}' },
              { expr: `sum by (reason) (increase(changtong_http_tokens_refused_total{${here}}[1m]))`, legend: '令牌 {{reason}}' },
              { expr: `sum by (reason) (increase(changtong_http_logins_refused_total{${here}}[1m]))`, legend: '登录 {{reason}}' },
            ),
          ],
          [
            12,
            graph(
              { title: 'HTTP 连接与在途内容', min: 0, decimals: 0 },
              { expr: `sum(changtong_http_connections{${here}})`, legend: '连接' },
              { expr: `sum(changtong_http_bytes_in_flight{${here}}) / 1048576`, legend: '在途 MiB' },
            ),
          ],
        ],
      },
    ],
  );
}
