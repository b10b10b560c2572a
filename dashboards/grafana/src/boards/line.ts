import { board, carrier, category, choice, outages, town, uids } from '../board.js';
import { chosen, here, inOrder, lineShown } from '../expressions.js';
import { graph, number, place, rows, type Panel } from '../panels.js';
import * as words from '../words.js';

const own = `${here},line="$line"`;

const ratioTile = (title: string, window: string): Panel =>
  number(
    { title, unit: 'percentunit', decimals: 5, steps: words.availabilitySteps, mappings: words.ratios },
    { expr: lineShown(window, own) },
  );

const books = (): Panel =>
  rows(
    {
      title: '账面（往前追溯）',
      description: '取自账本：中断从首个失败样本算起，未观测的时间从不算作畅通。',
      columns: [
        { of: 'window', title: '期间', width: 60, mappings: words.windows },
        { of: '#A', title: '中断次数', decimals: 0 },
        { of: '#B', title: '中断时长', unit: 'dthms' },
        { of: '#C', title: '下限', unit: 'percentunit', decimals: 5 },
        { of: '#D', title: '覆盖率', unit: 'percentunit', decimals: 3, steps: words.coverageSteps },
      ],
    },
    { expr: inOrder((w) => `max by (window) (changtong_line_outages{${own},window="${w}"})`) },
    { expr: `max by (window) (changtong_line_down_seconds{${own}})` },
    { expr: `floor(max by (window) (changtong_line_availability_lower_ratio{${own}}) * 1e7) / 1e7` },
    { expr: `max by (window) (changtong_line_coverage_ratio{${own}})` },
  );

const about = (): Panel =>
  rows(
    {
      title: '资料',
      columns: [
        { of: 'name', title: '名称' },
        { of: 'unit', title: '接入单位' },
        { of: 'town', title: '乡镇' },
        { of: 'carrier', title: '运营商' },
        { of: 'circuit', title: '电路编号' },
        { of: 'grade', title: '等级', width: 60 },
        { of: 'parent', title: '上级', width: 80 },
        { of: 'address', title: '地址' },
      ],
    },
    { expr: `changtong_line_info{${own}}` },
  );

/** What the device itself tells by its profile (config/profiles): nothing is drawn of a check without one. */
const device = (): { height: number; panels: [number, Panel][] }[] => [
  {
    height: 7,
    panels: [
      [
        8,
        graph(
          { title: '设备处理器与内存', description: '取最忙的处理器、最满的内存；检查写 profile= 才有。', unit: 'percentunit', min: 0, max: 1, limits: true, steps: words.steps([null, words.green], [0.8, words.yellow]) },
          { expr: `changtong_line_processor_use_ratio{${own}}`, legend: '处理器' },
          { expr: `changtong_line_memory_use_ratio{${own}}`, legend: '内存' },
        ),
      ],
      [8, graph({ title: '设备温度（最高）', unit: 'celsius', decimals: 0 }, { expr: `changtong_line_temperature_celsius{${own}}`, legend: '温度' })],
      [
        8,
        graph(
          { title: '光功率', description: '收光突然下降多半是光路故障；接近模块的接收灵敏度时应派人检查。', unit: 'dBm', decimals: 1 },
          { expr: `changtong_line_optical_receive_power_dbm{${own}}`, legend: '收 接口 {{interface}}' },
          { expr: `changtong_line_optical_transmit_power_dbm{${own}}`, legend: '发 接口 {{interface}}' },
        ),
      ],
    ],
  },
  {
    height: 7,
    panels: [
      [
        12,
        graph(
          { title: '带宽利用率（两次应答之间）', description: '由接口计数器在两次应答之间的差算出，对清单中的带宽；没有写带宽的对接口速率。', unit: 'percentunit', min: 0, limits: true, steps: words.steps([null, words.green], [0.8, words.yellow]) },
          { expr: `changtong_line_in_use_ratio{${own}}`, legend: '入 接口 {{interface}}' },
          { expr: `changtong_line_out_use_ratio{${own}}`, legend: '出 接口 {{interface}}' },
        ),
      ],
      [6, graph({ title: '入向丢弃包', unit: 'cps', min: 0, decimals: 2 }, { expr: `sum by (interface) (rate(changtong_line_in_discards_total{${own}}[$__rate_interval]))`, legend: '接口 {{interface}}' })],
      [
        6,
        number(
          { title: '故障的风扇、电源', decimals: 0, steps: words.steps([null, words.green], [1, words.red]) },
          { expr: `changtong_line_fans_failed{${own}}`, legend: '风扇' },
          { expr: `changtong_line_power_supplies_failed{${own}}`, legend: '电源' },
        ),
      ],
    ],
  },
];

/** Bursts of echoes: nothing is drawn of a line without a check icmp:count=N. */
const bursts = (): { height: number; panels: [number, Panel][] } => ({
  height: 7,
  panels: [
    [
      12,
      graph(
        { title: '连发探测：时延中位数与抖动', description: '检查写 icmp:count=N 才有；抖动按 RFC 3550。', unit: 's', min: 0 },
        { expr: `changtong_line_burst_median_seconds{${own}}`, legend: '中位数' },
        { expr: `changtong_line_burst_jitter_seconds{${own}}`, legend: '抖动' },
      ),
    ],
    [
      12,
      graph(
        { title: '连发探测：每组丢包率', unit: 'percentunit', min: 0, max: 1, limits: true, steps: words.steps([null, words.green], [0.05, words.yellow]) },
        { expr: `changtong_line_burst_loss_ratio{${own}}`, legend: '丢包' },
      ),
    ],
  ],
});

export function line() {
  return place(
    board(uids.line, '畅通 · 线路明细', '一条专线：状态、时延、丢包、流量与利用率、中断的采样所见与账面', 'now-3h')
      .withVariable(category())
      .withVariable(town())
      .withVariable(carrier())
      .withVariable(
        choice({
          name: 'line',
          label: '专线',
          query: `query_result(changtong_line_info{${chosen}})`,
          regex: '/line="(?<value>[^"]+)".*name="(?<text>[^"]+)"/',
        }),
      )
      .annotation(outages('中断', `changtong_line_down_info{${own}}`, '断', '{{reason}}', 'red')),
    [
      { height: 4, panels: [[24, about()]] },
      {
        height: 4,
        panels: [
          [4, number({ title: '现状', mappings: words.states, wall: true, steps: words.steps([null, words.grey]) }, { expr: `changtong_line_state{${own}}` })],
          [5, number({ title: '现状态自', unit: 'dateTimeAsIso', steps: words.plain }, { expr: `changtong_line_since_timestamp_seconds{${own}} * 1000` })],
          [5, ratioTile('今日畅通率', 'today')],
          [5, ratioTile('本月畅通率', 'month')],
          [5, ratioTile('本年畅通率', 'year')],
        ],
      },
      {
        height: 7,
        panels: [
          [12, graph({ title: '状态', mappings: words.states, steps_: true, min: 0, max: 3, decimals: 0, fill: 20 }, { expr: `changtong_line_state{${own}}`, legend: '状态' })],
          [12, books()],
        ],
      },
      {
        height: 8,
        panels: [
          [12, graph({ title: '往返时延', unit: 's', min: 0 }, { expr: `changtong_line_rtt_seconds{${own}}`, legend: '时延' })],
          [
            12,
            graph(
              { title: '丢包（最近 64 个样本）', unit: 'percentunit', min: 0, max: 1, limits: true, steps: words.steps([null, words.green], [0.05, words.yellow]) },
              { expr: `changtong_line_loss_ratio{${own}}`, legend: '丢包' },
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
              { title: '流量', unit: 'bps', min: 0 },
              { expr: `changtong:line_in_octets:rate5m{${own}} * 8`, legend: '入' },
              { expr: `changtong:line_out_octets:rate5m{${own}} * 8`, legend: '出' },
              { expr: `changtong_line_bandwidth_octets_per_second{${own}} * 8`, legend: '合同带宽' },
            ),
          ],
          [
            12,
            graph(
              { title: '利用率（较忙方向）', unit: 'percentunit', min: 0, max: 1, limits: true, steps: words.steps([null, words.green], [0.8, words.yellow]) },
              { expr: `changtong:line_utilisation:ratio{${own}}`, legend: '利用率' },
            ),
          ],
        ],
      },
      {
        height: 8,
        panels: [
          [
            5,
            number(
              {
                title: '所选时段的中断时长',
                description:
                  '账面由往前追溯的起止算出。采样所见是 Prometheus 抓到“断”的时间：比抓取间隔短的中断会漏掉，起点晚一个确认时间。两者之差说明数字为何取自账本。',
                unit: 'dthms',
                steps: words.steps([null, words.green], [1, words.orange]),
              },
              {
                expr: `max(max_over_time(changtong_line_down_seconds{${own},window="year"}[$__range]) - min_over_time(changtong_line_down_seconds{${own},window="year"}[$__range]))`,
                legend: '账面（追溯）',
              },
              { expr: `max(sum_over_time((changtong_line_up{${own}} == bool 0)[$__range:15s])) * 15`, legend: '采样所见' },
            ),
          ],
          [
            9,
            graph(
              { title: '今日累计中断（账面）', unit: 'dthms', min: 0, steps_: true },
              { expr: `max(changtong_line_down_seconds{${own},window="today"})`, legend: '中断时长' },
            ),
          ],
          [
            10,
            graph(
              { title: '接口错误', unit: 'cps', min: 0, decimals: 2 },
              { expr: `sum by (interface) (rate(changtong_line_in_errors_total{${own}}[$__rate_interval]))`, legend: '入 接口 {{interface}}' },
              { expr: `sum by (interface) (rate(changtong_line_out_errors_total{${own}}[$__rate_interval]))`, legend: '出 接口 {{interface}}' },
            ),
          ],
        ],
      },
      bursts(),
      ...device(),
    ],
  );
}
