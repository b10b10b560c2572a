import { board, carrier, category, lineLink, town, uids } from '../board.js';
import { chosen, here, group, groupShown, shown } from '../expressions.js';
import { bars, graph, number, place, rows, type Panel } from '../panels.js';
import * as words from '../words.js';

const ofCarrier = `${here},carrier=~"$carrier"`;
const terms = `group by (contract, carrier, grade, source, clause) (changtong_contract_info{${ofCarrier}})`;
/** A contract's figure with what people call the contract by. */
const withTerms = (vector: string): string =>
  `max by (contract, carrier) (${vector}) * on (contract, carrier) group_left (grade, source, clause) ${terms}`;

const contracts = (): Panel =>
  rows(
    {
      title: '合同：本期至今按合同口径',
      description:
        '按合同自己的规则（计划停机、用户侧断电是否剔除）对每条专线计算后累加。没有约定的合同写“无目标”，从不写“达标”。期末以月报和结账数字为准。',
      noValue: '没有合同：在 changtong.yaml 的 contracts 中填写',
      columns: [
        { of: 'contract', title: '合同', width: 100 },
        { of: 'carrier', title: '运营商', width: 100 },
        { of: 'grade', title: '等级', width: 60 },
        { of: '#A', title: '约定', unit: 'percentunit', decimals: 3, width: 90 },
        { of: '#B', title: '实际', unit: 'percentunit', decimals: 5, width: 120, mappings: words.ratios },
        { of: '#C', title: '下限', unit: 'percentunit', decimals: 5, width: 110 },
        { of: '#D', title: '覆盖率', unit: 'percentunit', decimals: 3, width: 90, steps: words.coverageSteps },
        { of: '#E', title: '剩余额度', unit: 'percentunit', decimals: 1, width: 90, steps: words.steps([null, words.red], [0, words.orange], [0.5, words.green]) },
        { of: '#F', title: '达标线路', decimals: 0, width: 80 },
        { of: '#G', title: '未达标线路', decimals: 0, width: 95, steps: words.badCountSteps },
        { of: 'source', title: '依据' },
        { of: 'clause', title: '条款', width: 80 },
      ],
    },
    { expr: withTerms(`changtong_contract_target_ratio{${ofCarrier}}`) },
    { expr: withTerms(`(${shown(`changtong_contract_availability_ratio{${ofCarrier}}`, `changtong_contract_availability_lower_ratio{${ofCarrier}}`)})`) },
    { expr: withTerms(`floor(changtong_contract_availability_lower_ratio{${ofCarrier}} * 1e7) / 1e7`) },
    { expr: withTerms(`changtong_contract_coverage_ratio{${ofCarrier}}`) },
    { expr: withTerms(`changtong:contract_budget:remaining_ratio{${ofCarrier}}`) },
    { expr: withTerms(`changtong_contract_lines{${ofCarrier},judgement="met"}`) },
    { expr: withTerms(`changtong_contract_lines{${ofCarrier},judgement="missed"}`) },
  );

const byGrade = (): Panel =>
  rows(
    {
      title: '按运营商与等级（R1，取自账本）',
      columns: [
        { of: 'name', title: '运营商 等级' },
        ...(['#A', '#B', '#C'] as const).map((of, i) => ({
          of,
          title: ['今日', '本月', '本年'][i] ?? '',
          unit: 'percentunit',
          decimals: 5,
          steps: words.availabilitySteps,
          mappings: words.ratios,
        })),
        { of: '#D', title: '本月中断次数', decimals: 0 },
        { of: '#E', title: '本月中断线路时长', unit: 'dthms' },
        { of: '#F', title: '本月覆盖率', unit: 'percentunit', decimals: 3, steps: words.coverageSteps },
      ],
      sort: { column: '运营商 等级', descending: false },
    },
    { expr: groupShown('carrier_grade', 'today') },
    { expr: groupShown('carrier_grade', 'month') },
    { expr: groupShown('carrier_grade', 'year') },
    { expr: group('outages', 'carrier_grade', 'month') },
    { expr: group('down_seconds', 'carrier_grade', 'month') },
    { expr: group('coverage_ratio', 'carrier_grade', 'month') },
  );

const worst = (): Panel => {
  const named = (vector: string): string =>
    `max by (line, name, carrier, town) (${vector} * on (instance, line) group_left (name) group by (instance, line, name) (changtong_line_info{${here}}))`;
  const down = `changtong_line_down_seconds{${chosen},window="month"} > 0`;
  return rows(
    {
      title: '本月中断时长最多的专线',
      noValue: '本月没有中断',
      columns: [
        { of: 'line', title: '编号', width: 90, link: lineLink },
        { of: 'name', title: '名称' },
        { of: 'carrier', title: '运营商', width: 100 },
        { of: 'town', title: '乡镇', width: 110 },
        { of: '#A', title: '中断时长', unit: 'dthms', width: 100 },
        { of: '#B', title: '次数', decimals: 0, width: 60 },
        { of: '#C', title: '本月畅通率', unit: 'percentunit', decimals: 5, width: 120, steps: words.availabilitySteps },
      ],
      sort: { column: '中断时长', descending: true },
    },
    { expr: named(`topk(20, ${down})`) },
    { expr: named(`(changtong_line_outages{${chosen},window="month"} and on (instance, line) topk(20, ${down}))`) },
    { expr: named(`(floor(changtong_line_availability_ratio{${chosen},window="month"} * 1e7) / 1e7 and on (instance, line) topk(20, ${down}))`) },
  );
};

export function carriers() {
  const burn = (window: string): string => `changtong:contract_burn:rate${window}{${ofCarrier}}`;
  return place(
    board(uids.carriers, '畅通 · 运营商 SLA', '按运营商与等级的畅通率、合同约定、额度消耗与最差专线', 'now-24h')
      .withVariable(category())
      .withVariable(town())
      .withVariable(carrier()),
    [
      {
        height: 4,
        panels: [
          [6, number({ title: '达标线路', decimals: 0, noValue: '0' }, { expr: `sum(changtong_contract_lines{${ofCarrier},judgement="met"})` })],
          [6, number({ title: '未达标线路', decimals: 0, noValue: '0', wall: true, steps: words.badCountSteps }, { expr: `sum(changtong_contract_lines{${ofCarrier},judgement="missed"})` })],
          [6, number({ title: '未达标合同', decimals: 0, wall: true, steps: words.badCountSteps }, { expr: `count(changtong_contract_availability_ratio{${ofCarrier}} < changtong_contract_target_ratio{${here}}) or vector(0)` })],
          [6, number({ title: '尚未结束的中断', decimals: 0, wall: true, steps: words.badCountSteps }, { expr: `sum(changtong:lines_outage_open:count{${chosen}})` })],
        ],
      },
      { height: 6, panels: [[24, contracts()]] },
      { height: 9, panels: [[24, byGrade()]] },
      {
        height: 8,
        panels: [
          [
            8,
            bars(
              { title: '中断额度剩余', description: '1 为未用，0 为用完，负数为已超。', unit: 'percentunit', decimals: 1, min: 0, max: 1, steps: words.steps([null, words.red], [0.001, words.orange], [0.5, words.green]) },
              { expr: `max by (contract, carrier) (changtong:contract_budget:remaining_ratio{${ofCarrier}})`, legend: '{{carrier}} {{contract}}' },
            ),
          ],
          [
            16,
            graph(
              {
                title: '额度消耗速度',
                description: '1 表示正好按允许的速度消耗。短窗口超过 14.4 倍告急，三日窗口超过 1 倍有风险。窗口未满时没有数据。',
                min: 0,
                decimals: 1,
                limits: true,
                steps: words.steps([null, words.green], [1, words.yellow], [14.4, words.red]),
              },
              { expr: burn('5m'), legend: '{{carrier}} 5 分钟' },
              { expr: burn('1h'), legend: '{{carrier}} 1 小时' },
              { expr: burn('6h'), legend: '{{carrier}} 6 小时' },
              { expr: burn('3d'), legend: '{{carrier}} 3 日' },
            ),
          ],
        ],
      },
      {
        height: 10,
        panels: [
          [14, worst()],
          [
            10,
            graph(
              { title: '今日畅通率走势', unit: 'percentunit', decimals: 4, max: 1 },
              { expr: group('availability_ratio', 'carrier', 'today'), legend: '{{name}}' },
            ),
          ],
        ],
      },
    ],
  );
}
