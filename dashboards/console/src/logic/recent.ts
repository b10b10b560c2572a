/** Figures of the last day as charts and as a table. What nobody measured is a hole: never zero, and no line is drawn through it. */
import type { RecentInterface, RecentLine, RecentSite } from '../api/client';
import type { Option } from '../parts/AppChart.vue';
import { delay } from './linetable';
import { sliderRoom, zooms } from './zoom';

export type Recent = RecentLine | RecentSite;
type Column = (number | null)[];

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export interface RecentWords {
  mean: string;
  range: string;
  loss: string;
  in: string;
  out: string;
  use: string;
  receive: string;
  transmit: string;
  hole: string;
  most: (most: string) => string;
  samples: (measured: number, bad: number) => string;
}

/** `03-14 10:05`: where a bucket begins, in the district's zone. */
export function bucketNames(of: Pick<Recent, 'from' | 'bucket_s' | 'measured'>): string[] {
  const first = Date.parse(`${of.from.slice(0, 19)}Z`);
  return of.measured.map((_, k) => new Date(first + k * of.bucket_s * 1000).toISOString().slice(5, 16).replace('T', ' '));
}

/** From which bucket on a chart is drawn: all that is kept, but where anything was observed in the last hour alone, that hour. */
export function firstShown(of: Pick<Recent, 'since' | 'from' | 'bucket_s' | 'measured'>): number {
  const hour = Math.max(0, of.measured.length - Math.round(3600 / of.bucket_s));
  const since = of.since === null ? of.measured.length : Math.round((Date.parse(of.since) - Date.parse(of.from)) / 1000 / of.bucket_s);
  return since >= hour ? hour : 0;
}

/** Of measured samples the bad ones, in per cent. */
export const lossOf = (of: Pick<Recent, 'measured' | 'bad'>): Column => of.measured.map((n, k) => (n > 0 ? (100 * (of.bad[k] ?? 0)) / n : null));

/** `12.3 Mbit/s`. */
export function rate(bps: number): string {
  const [unit, name] = ([[1e9, 'Gbit/s'], [1e6, 'Mbit/s'], [1e3, 'kbit/s']] as [number, string][]).find(([u]) => bps >= u) ?? [1, 'bit/s'];
  const value = bps / unit;
  return `${value >= 100 || unit === 1 ? value.toFixed(0) : value.toFixed(1)} ${name}`;
}

export const share = (percent: number): string => `${percent >= 10 || percent === 0 ? percent.toFixed(0) : percent.toFixed(percent < 1 ? 2 : 1)} %`;
export const power = (dbm: number): string => `${dbm.toFixed(2)} dBm`;

/** The next of 1, 2, 5, 10, 20 … that nothing reaches beyond. */
export function ceiling(columns: Column[]): number {
  const most = Math.max(1, ...columns.flat().map((v) => v ?? 0));
  const step = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((n) => n * step >= most) ?? 10) * step;
}

/** Which figures have a hole on either side: a line shows nothing of them, so they are drawn as points. */
export const alone = (of: Column): boolean[] => of.map((v, k) => v !== null && (of[k - 1] ?? null) === null && (of[k + 1] ?? null) === null);

function lines(name: string, of: Column, paint: string): object {
  const points = alone(of);
  return {
    name, type: 'line', data: of, itemStyle: { color: paint }, lineStyle: { color: paint, width: 2 }, connectNulls: false, showSymbol: true, showAllSymbol: true, symbol: 'circle',
    symbolSize: (_: unknown, at: { dataIndex: number }) => (points[at.dataIndex] ? 9 : 0), z: 3,
  };
}

/** What every one of them has: `text` says the figures of one bucket. */
function frame(names: string[], text: (k: number) => string): Option {
  const soft = colour('--soft');
  return {
    grid: { left: 8, right: 8, top: 34, bottom: 4 + sliderRoom(), containLabel: true },
    dataZoom: zooms([0], soft),
    legend: { top: 0, right: 0, textStyle: { color: soft }, itemWidth: 12, itemHeight: 12 },
    tooltip: {
      trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'line' },
      formatter: (at) => text((Array.isArray(at) ? at[0] : at)?.dataIndex ?? 0),
    },
    xAxis: { type: 'category', data: names, axisLabel: { color: soft, formatter: (name: string) => name.slice(6) }, axisTick: { show: false }, axisLine: { lineStyle: { color: colour('--rule') } } },
  };
}

const axis = (words: (value: number) => string, more: object = {}): object => ({
  type: 'value', axisLabel: { color: colour('--soft'), formatter: words }, splitLine: { lineStyle: { color: colour('--rule') } }, ...more,
});
const right = (words: (value: number) => string, more: object): object => axis(words, { position: 'right', splitLine: { show: false }, ...more });

/** One bucket in words, for tooltip and table alike. */
export function delayWords(of: Recent, delays: RecentLine['delay'], k: number, words: RecentWords): string[] {
  const [least, mean, most] = [delays.least_s[k] ?? null, delays.mean_s[k] ?? null, delays.most_s[k] ?? null];
  const measured = of.measured[k] ?? 0;
  if (measured === 0) return [words.hole];
  const loss = `${words.loss} ${share(lossOf(of)[k] ?? 0)}`;
  const delayed = mean === null ? [] : [`${words.mean} ${delay(mean)}`, `${words.range} ${delay(least)} – ${delay(most)}`];
  return [...delayed, loss, words.samples(measured, of.bad[k] ?? 0)];
}

/** Delay with its band from least to most, and what was lost as bars. */
export function delayChart(of: Recent, delays: RecentLine['delay'], words: RecentWords): Option {
  const from = firstShown(of);
  const names = bucketNames(of).slice(from);
  const cut = (column: Column): Column => column.slice(from);
  const ms = (column: Column): Column => cut(column).map((v) => (v === null ? null : v * 1000));
  const least = ms(delays.least_s);
  const height = ms(delays.most_s).map((v, k) => (v === null ? null : v - (least[k] ?? 0)));
  const loss = cut(lossOf(of));
  const quiet = { type: 'line', stack: 'range', symbol: 'none', lineStyle: { opacity: 0 }, connectNulls: false, z: 1 };
  return {
    ...frame(names, (k) => [names[k], ...delayWords(of, delays, k + from, words)].join('\n')),
    legend: { top: 0, right: 0, textStyle: { color: colour('--soft') }, itemWidth: 12, itemHeight: 12, data: [words.mean, words.range, words.loss] },
    yAxis: [axis((v) => `${v} ms`), right((v) => `${v} %`, { min: 0, max: Math.min(100, Math.max(5, ceiling([loss]))) })],
    series: [
      { ...quiet, name: 'least', data: least, tooltip: { show: false } },
      { ...quiet, name: words.range, data: height, areaStyle: { color: colour('--band') }, itemStyle: { color: colour('--band') } },
      lines(words.mean, ms(delays.mean_s), colour('--line-one')),
      { name: words.loss, type: 'bar', yAxisIndex: 1, data: loss, itemStyle: { color: colour('--down-fill') }, barMaxWidth: 12, z: 2 },
    ] as Option['series'],
  };
}

export function trafficWords(of: RecentInterface, k: number, words: RecentWords): string[] {
  const { traffic, bandwidth_bps: bandwidth } = of;
  const one = (name: string, mean: number | null | undefined, most: number | null | undefined): string[] => {
    if (mean === null || mean === undefined) return [];
    const used = bandwidth ? `（${words.use} ${share((100 * mean) / bandwidth)}）` : '';
    return [`${name} ${rate(mean)}${used} · ${words.most(rate(most ?? mean))}`];
  };
  const all = traffic ? [...one(words.in, traffic.in_bps[k], traffic.in_most_bps[k]), ...one(words.out, traffic.out_bps[k], traffic.out_most_bps[k])] : [];
  return all.length > 0 ? all : [words.hole];
}

/** The same lines against two scales: bit/s, and shares of the bandwidth where there is one. */
export function trafficChart(of: RecentLine, one: RecentInterface, words: RecentWords): Option {
  const from = firstShown(of);
  const names = bucketNames(of).slice(from);
  const into = one.traffic?.in_bps.slice(from) ?? [];
  const out = one.traffic?.out_bps.slice(from) ?? [];
  const max = ceiling([into, out]);
  const bandwidth = one.bandwidth_bps;
  return {
    ...frame(names, (k) => [names[k], ...trafficWords(one, k + from, words)].join('\n')),
    yAxis: [axis(rate, { min: 0, max }), ...(bandwidth ? [right(share, { min: 0, max: (100 * max) / bandwidth })] : [])],
    series: [lines(words.in, into, colour('--line-one')), lines(words.out, out, colour('--line-two'))] as Option['series'],
  };
}

export function opticsWords(of: RecentInterface, k: number, words: RecentWords): string[] {
  const one = (name: string, value: number | null | undefined): string[] => (value === null || value === undefined ? [] : [`${name} ${power(value)}`]);
  const all = [...one(words.receive, of.optics?.receive_dbm[k]), ...one(words.transmit, of.optics?.transmit_dbm[k])];
  return all.length > 0 ? all : [words.hole];
}

export function opticsChart(of: RecentLine, one: RecentInterface, words: RecentWords): Option {
  const from = firstShown(of);
  const names = bucketNames(of).slice(from);
  return {
    ...frame(names, (k) => [names[k], ...opticsWords(one, k + from, words)].join('\n')),
    yAxis: axis((v) => `${v} dBm`, { scale: true }),
    series: [
      lines(words.receive, one.optics?.receive_dbm.slice(from) ?? [], colour('--line-one')),
      lines(words.transmit, one.optics?.transmit_dbm.slice(from) ?? [], colour('--line-two')),
    ] as Option['series'],
  };
}

export const has = (...columns: Column[]): boolean => columns.some((c) => c.some((v) => v !== null));
