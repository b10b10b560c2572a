import { board, choice, outages, uids } from '../board.js';
import { here, shown } from '../expressions.js';
import { bars, graph, number, place, rows, type Panel } from '../panels.js';
import * as words from '../words.js';

const chosen = `${here},site=~"$site"`;
const named = (vector: string): string =>
  `max by (site, name) ((${vector}) * on (instance, site) group_left (name) group by (instance, site, name) (changtong_site_info{${here}}))`;
const ratio = (window: string): string =>
  shown(`changtong_site_availability_ratio{${chosen},window="${window}"}`, `changtong_site_availability_lower_ratio{${chosen},window="${window}"}`);

const list = (): Panel =>
  rows(
    {
      title: '网站',
      columns: [
        { of: 'name', title: '名称' },
        { of: '#A', title: '现状', width: 70, mappings: words.states },
        { of: '#B', title: '状态码', decimals: 0, width: 75 },
        { of: '#C', title: '打开用时', unit: 's', width: 100, steps: words.steps([null, words.green], [5, words.yellow], [15, words.red]) },
        { of: '#D', title: '七日打不开比例', unit: 'percentunit', decimals: 3, width: 130, steps: words.steps([null, words.green], [0.03, words.yellow], [0.05, words.red]) },
        { of: '#E', title: '七日访问', decimals: 0, width: 85 },
        { of: '#F', title: '今日畅通率', unit: 'percentunit', decimals: 5, width: 120, steps: words.availabilitySteps, mappings: words.ratios },
        { of: '#G', title: '本月畅通率', unit: 'percentunit', decimals: 5, width: 120, steps: words.availabilitySteps, mappings: words.ratios },
      ],
    },
    { expr: named(`changtong_site_state{${chosen}}`) },
    { expr: named(`changtong_site_http_status{${chosen}}`) },
    { expr: named(`changtong_site_open_seconds{${chosen}}`) },
    { expr: named(`changtong:site_unreachable:ratio7d{${chosen}}`) },
    { expr: named(`round(changtong:site_visits:increase7d{${chosen}})`) },
    { expr: named(ratio('today')) },
    { expr: named(ratio('month')) },
  );

export function sites() {
  return place(
    board(uids.sites, '畅通 · 网站', '可达性（15 秒打不开即算打不开）、各阶段用时、证书')
      .withVariable(
        choice({
          name: 'site',
          label: '网站',
          query: `query_result(changtong_site_info{${here}})`,
          regex: '/name="(?<text>[^"]+)".*site="(?<value>[^"]+)"/',
          multi: true,
        }),
      )
      .annotation(outages('打不开', `changtong_site_down_info{${chosen}}`, '{{site}} 打不开', '{{reason}}', 'red')),
    [
      {
        height: 4,
        panels: [[24, number({ title: '现状', mappings: words.states, wall: true, steps: words.steps([null, words.grey]) }, { expr: named(`changtong_site_state{${chosen}}`), legend: '{{name}}' })]],
      },
      { height: 7, panels: [[24, list()]] },
      {
        height: 8,
        panels: [
          [
            12,
            graph(
              { title: '打开整页用时', unit: 's', min: 0, limits: true, steps: words.steps([null, words.green], [15, words.red]), description: '虚线为 15 秒。' },
              { expr: named(`changtong_site_open_seconds{${chosen}}`), legend: '{{name}}' },
            ),
          ],
          [
            12,
            graph(
              { title: '打不开的访问占比（一小时）', unit: 'percentunit', min: 0, softMax: 0.1, limits: true, steps: words.steps([null, words.green], [0.03, words.yellow], [0.05, words.red]), description: '虚线为 3 % 预警与 5 % 否决；否决按七日计。' },
              {
                expr: named(
                  `sum by (instance, site) (increase(changtong_site_visits_total{${chosen},outcome="failed"}[1h])) / (sum by (instance, site) (increase(changtong_site_visits_total{${chosen}}[1h])) > 0)`,
                ),
                legend: '{{name}}',
              },
            ),
          ],
        ],
      },
      {
        height: 8,
        panels: [
          [
            16,
            graph(
              { title: '一次访问的各阶段', description: '解析、连接、TLS、首字节（从第一次连接到最后一跳的响应头）。', unit: 's', min: 0, legendRight: true },
              ...(['resolve 解析', 'connect 连接', 'tls TLS', 'first_byte 首字节'] as const).map((words_) => {
                const [phase, text] = words_.split(' ');
                return { expr: named(`changtong_site_phase_seconds{${chosen},phase="${phase}"}`), legend: `{{name}} ${text}` };
              }),
            ),
          ],
          [
            8,
            bars(
              { title: '证书剩余天数', unit: 'suffix: 天', decimals: 0, min: 0, max: 365, noValue: '没有 https 网站', steps: words.steps([null, words.red], [7, words.orange], [30, words.green]) },
              { expr: named(`(changtong_site_certificate_expiry_timestamp_seconds{${chosen}} - time()) / 86400`), legend: '{{name}}' },
            ),
          ],
        ],
      },
    ],
  );
}
