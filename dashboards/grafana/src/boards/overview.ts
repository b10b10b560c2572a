import { board, carrier, category, detailLink, lineLink, outages, town, uids } from '../board.js';
import { chosen, here, group, groupShown, inOrder, withCategoryName } from '../expressions.js';
import { bars, graph, number, place, rows, type Column, type Panel, type Query } from '../panels.js';
import * as words from '../words.js';

/** Counts and today's figures of each group of one kind. The recording rules count by category, carrier and town. */
function byGroup(title: string, label: 'category' | 'carrier' | 'town', by: string): Panel {
  const named = (vector: string): string =>
    label === 'category'
      ? withCategoryName(`sum by (category) (${vector})`)
      : `sum by (name) (label_replace(label_replace(${vector}, "name", "（未填写）", "${label}", ""), "name", "$1", "${label}", "(.+)"))`;
  const counted = (what: string): Query => ({ expr: named(`changtong:${what}:count{${chosen}}`) });
  const columns: Column[] = [
    { of: 'name', title: '名称' },
    { of: '#A', title: '专线', width: 60 },
    { of: '#B', title: '断', width: 50, steps: words.badCountSteps },
    { of: '#C', title: '劣化', width: 56, steps: words.warnCountSteps },
    { of: '#D', title: '未知', width: 56, steps: words.warnCountSteps },
    { of: '#E', title: '今日畅通率', width: 130, unit: 'percentunit', decimals: 5, steps: words.availabilitySteps, mappings: words.ratios },
    { of: '#F', title: '覆盖率', width: 90, unit: 'percentunit', decimals: 2, steps: words.coverageSteps },
  ];
  const among = (vector: string): string => `${vector} and on (name) ${named(`changtong:lines:count{${chosen}}`)}`;
  return rows(
    { title, columns, sort: { column: '断', descending: true } },
    counted('lines'),
    counted('lines_down'),
    counted('lines_degraded'),
    counted('lines_unknown'),
    { expr: among(`(${groupShown(by, 'today')})`) },
    { expr: among(group('coverage_ratio', by, 'today')) },
  );
}

const count = (what: string): string => `sum(changtong:${what}:count{${chosen}})`;
const tile = (title: string, expr: string, steps: typeof words.badCountSteps, description?: string): Panel =>
  number({ title, steps, wall: true, decimals: 0, noValue: '0', ...(description ? { description } : {}) }, { expr });

const windowsTable = (): Panel =>
  rows(
    {
      title: '全部专线畅通率（R1，取自账本）',
      description:
        'R1 = Σ通 / Σ(通+断)。截断到五位小数，从不进位；有未观测时间而没有中断时写“未观测到中断”，不写 100 %。下限把未观测时间全算作断，上限全算作通。',
      columns: [
        { of: 'window', title: '期间', width: 60, mappings: words.windows },
        { of: '#A', title: '畅通率', width: 115, unit: 'percentunit', decimals: 5, steps: words.availabilitySteps, mappings: words.ratios },
        { of: '#B', title: '下限', width: 100, unit: 'percentunit', decimals: 5 },
        { of: '#C', title: '上限', width: 100, unit: 'percentunit', decimals: 5 },
        { of: '#D', title: '覆盖率', width: 85, unit: 'percentunit', decimals: 3, steps: words.coverageSteps },
        { of: '#E', title: '中断次数', width: 85, decimals: 0 },
        { of: '#F', title: '中断线路时长', unit: 'dthms' },
      ],
    },
    { expr: inOrder((w) => groupShown('all', w, 'window')) },
    { expr: `floor(${group('availability_lower_ratio', 'all', '.*', 'window')} * 1e7) / 1e7` },
    { expr: `floor(${group('availability_upper_ratio', 'all', '.*', 'window')} * 1e7) / 1e7` },
    { expr: group('coverage_ratio', 'all', '.*', 'window') },
    { expr: group('outages', 'all', '.*', 'window') },
    { expr: group('down_seconds', 'all', '.*', 'window') },
  );

/** Outages of lines and sites that no good sample has ended, with the name that people know. */
const downNow = (value: (kind: 'line' | 'site') => string): string =>
  `max by (id, board, name, category, town, carrier, reason) (
     label_replace(label_replace(
       changtong_line_down_info{${chosen}}
         * on (instance, line) group_left (name) group by (instance, line, name) (changtong_line_info{${here}})
         * on (instance, line) group_left () (${value('line')}),
       "id", "$1", "line", "(.*)"), "board", "${uids.line}", "", "")
     or label_replace(label_replace(
       changtong_site_down_info{${here}}
         * on (instance, site) group_left (name) group by (instance, site, name) (changtong_site_info{${here}})
         * on (instance, site) group_left () (${value('site')}),
       "id", "$1", "site", "(.*)"), "board", "${uids.sites}", "", ""))`;

const openOutages = (): Panel =>
  rows(
    {
      title: '当前中断',
      description: '起始时间为首个失败样本的时刻（往前追溯），不是确认的时刻。好样本才结束中断：转为未知、监测重启都不算恢复。',
      noValue: '没有中断',
      columns: [
        { of: 'id', title: '编号', width: 75, link: detailLink },
        { of: 'board', title: '面板', hidden: true },
        { of: 'name', title: '名称' },
        { of: 'category', title: '类别', width: 80, mappings: words.categories },
        { of: 'town', title: '乡镇', width: 90 },
        { of: 'carrier', title: '运营商', width: 85 },
        { of: 'reason', title: '原因', width: 120 },
        { of: '#A', title: '自', unit: 'dateTimeAsIso', width: 155 },
        { of: '#B', title: '已历时', unit: 'dthms', width: 80 },
      ],
      sort: { column: '已历时', descending: true },
    },
    { expr: downNow((kind) => `changtong_${kind}_outage_began_timestamp_seconds{${here}} * 1000`) },
    { expr: downNow((kind) => `time() - changtong_${kind}_outage_began_timestamp_seconds{${here}}`) },
  );

const changes = (): Panel =>
  rows(
    {
      title: '近一小时中断过的专线',
      description: '由监测程序的计数得出，比抓取间隔更短的中断也在内。',
      noValue: '没有变化',
      columns: [
        { of: 'line', title: '编号', width: 75, link: lineLink },
        { of: 'name', title: '名称' },
        { of: 'town', title: '乡镇', width: 90 },
        { of: '#A', title: '次数', decimals: 0, width: 60 },
        { of: '#B', title: '现状', width: 60, mappings: words.states },
      ],
      sort: { column: '次数', descending: true },
    },
    {
      expr: `topk(50, round(max by (line, name, town) (
        increase(changtong_line_outages_total{${chosen}}[1h])
          * on (instance, line) group_left (name) group by (instance, line, name) (changtong_line_info{${here}}))) > 0)`,
    },
    {
      expr: `max by (line, name, town) (
        (changtong_line_state{${chosen}} and (increase(changtong_line_outages_total{${here}}[1h]) > 0.5))
          * on (instance, line) group_left (name) group by (instance, line, name) (changtong_line_info{${here}}))`,
    },
  );

export function overview() {
  return place(
    board(uids.overview, '畅通 · 总览', '全区专线与网站：通断、当前中断、畅通率及其上下限、变化')
      .withVariable(category())
      .withVariable(town())
      .withVariable(carrier())
      .annotation(
        outages('上联与网站中断', `ALERTS{${here},alertname=~"UplinkDown|SiteDown",alertstate="firing"}`, '{{name}}', '{{alertname}} {{carrier}}', 'red'),
      ),
    [
      {
        height: 4,
        panels: [
          [4, tile('通', `${count('lines')} - ${count('lines_down')} - ${count('lines_unknown')}`, words.steps([null, words.green]), '含劣化。')],
          [4, tile('断', count('lines_down'), words.badCountSteps)],
          [4, tile('劣化', count('lines_degraded'), words.warnCountSteps, '仍算畅通：丢包、时延或接口状态超过限值。')],
          [4, tile('未知', count('lines_unknown'), words.warnCountSteps, '没有观测到：从不算作畅通。')],
          [4, tile('上联中断', `count((changtong_line_outage_open{${chosen}} == 1) and on (instance, line) changtong:line_children:count{${here}}) or vector(0)`, words.badCountSteps)],
          [4, tile('网站打不开', `count(changtong_site_outage_open{${here}} == 1) or vector(0)`, words.badCountSteps)],
        ],
      },
      {
        height: 7,
        panels: [
          [13, windowsTable()],
          [
            11,
            graph(
              { title: '中断的专线', description: '按类别堆叠。', stacked: true, steps_: true, min: 0, decimals: 0, softMax: 5 },
              { expr: withCategoryName(`sum by (category) (changtong:lines_down:count{${chosen}})`), legend: '{{name}}' },
            ),
          ],
        ],
      },
      { height: 8, panels: [[15, openOutages()], [9, changes()]] },
      { height: 8, panels: [[12, byGroup('按类别', 'category', 'category')], [12, byGroup('按运营商', 'carrier', 'carrier')]] },
      {
        height: 12,
        panels: [
          [12, byGroup('按乡镇', 'town', 'town')],
          [
            12,
            bars(
              {
                title: '今日中断线路时长最多的乡镇',
                unit: 'dthms',
                min: 0,
                steps: words.steps([null, words.green], [1, words.yellow], [3600, words.red]),
              },
              { expr: `topk(12, ${group('down_seconds', 'town', 'today')})`, legend: '{{name}}' },
            ),
          ],
        ],
      },
    ],
  );
}
