/** The samples around an outage, as the journal keeps them: a chart of all, and those that decided. */
import type { CheckSamples, Outage } from '../api/client';
import type { Option } from '../parts/AppChart.vue';
import { zooms } from './zoom';

export interface Sample {
  check: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Milliseconds; null where it is not good. */
  rtt: number | null;
  outcome: string;
  cause: string;
}

export const samplesOf = (series: CheckSamples[]): Sample[] =>
  series
    .flatMap((s) => s.at_ms.map((at, i) => ({ check: s.check, at, rtt: s.rtt_ms[i] ?? null, outcome: s.outcome[i] ?? '', cause: s.cause[i] ?? '' })))
    .sort((a, b) => a.at - b.at || a.check.localeCompare(b.check));

const shift = (like: string): number => {
  const [, sign = '+', hours = '0', minutes = '0'] = like.match(/([+-])(\d\d):(\d\d)$/) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
};
/** `2026-03-14 02:41:07.250`, in the zone of another instant of the API. */
export const civilAt = (at: number, like: string): string => new Date(at + shift(like)).toISOString().slice(0, 23).replace('T', ' ');

const instant = (text: string | null): number | null => (text ? Date.parse(text) : null);

/** More would be a list, and no evidence that a person reads. */
const mostRows = 60;
export interface Deciding {
  rows: Sample[];
  /** Left out between the beginning and the end of the list. */
  more: number;
}

/** From the last good sample before it to the one that confirmed it, and from the last bad one to the second good one after it; of the checks that decided. */
export function deciding(samples: Sample[], o: Pick<Outage, 'began' | 'began_after' | 'confirmed' | 'ended' | 'ended_after' | 'decided_by'>): Deciding {
  const checks = new Set(o.decided_by.split(' '));
  const theirs = samples.filter((s) => checks.has(s.check));
  const began = instant(o.began) ?? 0;
  const [from, confirmed] = [instant(o.began_after) ?? began, instant(o.confirmed) ?? began];
  const rows = theirs.filter((s) => s.at >= from && s.at <= confirmed);
  const ended = instant(o.ended);
  if (ended !== null) {
    const last = instant(o.ended_after) ?? ended;
    const good = theirs.filter((s) => s.outcome === 'good' && s.at >= ended);
    const until = good[1]?.at ?? good[0]?.at ?? ended;
    rows.push(...theirs.filter((s) => s.at >= last && s.at <= until && s.at > confirmed));
  }
  const half = mostRows / 2;
  return rows.length <= mostRows ? { rows, more: 0 } : { rows: [...rows.slice(0, half), ...rows.slice(-half)], more: rows.length - mostRows };
}

export type SampleWords = Record<'delay' | 'good' | 'bad' | 'not_measured' | 'first' | 'confirmed' | 'back', string>;

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const momentRow = 15; // pixels from one word to the next above it
/** When it began, was confirmed and ended. They may be seconds apart in hours, and whoever zooms moves them: so each word has a row of its own above
 * the chart, and none can be printed over another. */
export function momentsOf(o: Pick<Outage, 'began' | 'confirmed' | 'ended'>, words: Pick<SampleWords, 'first' | 'confirmed' | 'back'>): { xAxis: number; name: string; label: { distance: [number, number] } }[] {
  return ([[o.began, words.first], [o.confirmed, words.confirmed], [o.ended, words.back]] as const).flatMap(
    ([at, name], row) => (at ? [{ xAxis: Date.parse(at), name, label: { distance: [0, 4 + row * momentRow] as [number, number] } }] : []));
}

/** Above the delay of good samples, below a strip with a row for each outcome; the moments of the outage are marked. */
export function sampleChart(samples: Sample[], o: Pick<Outage, 'began' | 'confirmed' | 'ended'>, words: SampleWords): Option {
  const like = o.began ?? '';
  const zone = shift(like);
  const [soft, rule] = [colour('--soft'), colour('--rule')];
  const rows = [words.not_measured, words.bad, words.good];
  const strip = (outcome: 'good' | 'bad' | 'not_measured', fill: string) => ({
    name: words[outcome], type: 'scatter' as const, xAxisIndex: 1, yAxisIndex: 1, symbol: 'rect', symbolSize: [2, 12], itemStyle: { color: colour(fill) },
    data: samples.filter((s) => s.outcome === outcome).map((s) => [s.at + zone, words[outcome], s.check]),
  });
  const moments = momentsOf(o, words).map((m) => ({ ...m, xAxis: m.xAxis + zone }));
  const axis = { type: 'time' as const, axisLine: { lineStyle: { color: rule } }, splitLine: { show: false } };
  return {
    useUTC: true,
    grid: [{ left: 64, right: 32, top: 58, height: 110 }, { left: 64, right: 32, top: 178, height: 54 }],
    tooltip: {
      trigger: 'item', renderMode: 'richText',
      formatter: (p) => {
        const one = Array.isArray(p) ? p[0] : p;
        const [at, value, check] = (one?.value ?? []) as [number, number | string, string];
        return at === undefined ? '' : `${civilAt(at - zone, like)}\n${check}  ${typeof value === 'number' ? `${value.toFixed(2)} ms` : value}`;
      },
    },
    xAxis: [{ ...axis, gridIndex: 0, axisLabel: { show: false } }, { ...axis, gridIndex: 1, axisLabel: { color: soft, hideOverlap: true } }],
    yAxis: [
      { type: 'value', gridIndex: 0, name: words.delay, nameLocation: 'middle', nameGap: 46, min: 0, nameTextStyle: { color: soft }, axisLabel: { color: soft }, splitLine: { lineStyle: { color: rule } } },
      { type: 'category', gridIndex: 1, data: rows, axisLabel: { color: soft }, axisTick: { show: false }, axisLine: { show: false } },
    ],
    dataZoom: zooms([0, 1], soft),
    series: [
      {
        name: words.delay, type: 'scatter', symbolSize: 3, itemStyle: { color: colour('--up-fill') },
        data: samples.flatMap((s) => (s.rtt === null ? [] : [[s.at + zone, s.rtt, s.check]])),
        markLine: { symbol: 'none', silent: true, data: moments, label: { formatter: '{b}', color: soft }, lineStyle: { color: colour('--down-fill'), type: 'dashed' } },
      },
      strip('good', '--up-fill'), strip('bad', '--down-fill'), strip('not_measured', '--unknown-fill'),
    ],
  };
}
