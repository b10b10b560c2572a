import { board, choice, uids } from '../board.js';
import { group, groupShown, here } from '../expressions.js';
import { bars, graph, number, place, rows, type Panel } from '../panels.js';
import * as words from '../words.js';

const own = `${here},plan=~"$plan"`;
const by = 'plan, indicator, name, source';
const of = (what: string): string => `max by (${by}) (changtong_indicator_${what}{${own}})`;

const table = (): Panel =>
  rows(
    {
      title: '指标',
      description: '现值与得分由评价方案计算，来源与覆盖率一并列出。',
      noValue: '没有评价方案在运行',
      columns: [
        { of: 'indicator', title: '编号', width: 110 },
        { of: 'name', title: '指标' },
        { of: '#A', title: '现值', width: 110 },
        { of: '#B', title: '目标', width: 110 },
        { of: '#C', title: '得分', decimals: 2, width: 80 },
        { of: '#D', title: '满分', decimals: 2, width: 80 },
        { of: '#F', title: '预测得分', decimals: 2, width: 90 },
        { of: '#G', title: '监控', width: 80, mappings: words.lights },
        { of: '#H', title: '状态', width: 100, mappings: words.standings },
        { of: '#E', title: '覆盖率', unit: 'percentunit', decimals: 3, width: 100, steps: words.coverageSteps },
        { of: 'source', title: '来源', width: 140 },
      ],
      sort: { column: '编号', descending: false },
    },
    { expr: of('value') },
    { expr: of('target') },
    { expr: of('score') },
    { expr: of('weight') },
    { expr: of('coverage_ratio') },
    { expr: of('forecast_score') },
    { expr: of('light') },
    { expr: of('standing') },
  );

export function indicators() {
  return place(
    board(uids.indicators, '畅通 · 绩效指标', '预算绩效自评的各项指标：现值、目标、得分、覆盖率；及其所依据的畅通率', 'now-7d')
      .withVariable(choice({ name: 'plan', label: '评价方案', query: `label_values(changtong_indicator_standing{${here}}, plan)`, multi: true })),
    [
      {
        height: 4,
        panels: [
          [6, number({ title: '目前总分（含预算执行）', decimals: 2, noValue: '无方案', steps: words.plain }, { expr: `sum(changtong_evaluation_score{${own}})` })],
          [6, number({ title: '预算执行率', unit: 'percentunit', decimals: 2, noValue: '无方案', steps: words.plain }, { expr: `max(changtong_evaluation_execution_ratio{${own}})` })],
          [6, number({ title: '政务专线畅通率（本年，R1）', unit: 'percentunit', decimals: 5, steps: words.availabilitySteps, mappings: words.ratios }, { expr: groupShown('all', 'year') })],
          [6, number({ title: '观测覆盖率（本年）', unit: 'percentunit', decimals: 3, steps: words.coverageSteps }, { expr: group('coverage_ratio', 'all', 'year') })],
        ],
      },
      { height: 8, panels: [[24, table()]] },
      {
        height: 9,
        panels: [
          [
            12,
            bars(
              { title: '得分率', unit: 'percentunit', decimals: 1, min: 0, max: 1, noValue: '没有评价方案在运行', steps: words.steps([null, words.red], [0.6, words.orange], [0.8, words.yellow], [0.9, words.green]) },
              { expr: `${of('score')} / ${of('weight')}`, legend: '{{name}}' },
            ),
          ],
          [
            12,
            graph(
              { title: '本年畅通率及其上下限', unit: 'percentunit', decimals: 4, max: 1 },
              { expr: group('availability_lower_ratio', 'all', 'year'), legend: '下限' },
              { expr: group('availability_ratio', 'all', 'year'), legend: '畅通率' },
              { expr: group('availability_upper_ratio', 'all', 'year'), legend: '上限' },
            ),
          ],
        ],
      },
    ],
  );
}
