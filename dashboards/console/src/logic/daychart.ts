/** Minutes down and not observed, a civil day each, as stacked bars. */
import type { Option } from '../parts/AppChart.vue';
import type { AvailabilityRow } from '../api/client';

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export interface DayWords {
  down: string;
  unwatched: string;
}

/** Days without a row are days out of scope: nothing is drawn for them. */
export function dayChart(days: string[], rows: AvailabilityRow[], words: DayWords): Option {
  const byDay = new Map(rows.map((r) => [r.key, r]));
  const minutes = (pick: (r: AvailabilityRow) => number): (number | null)[] =>
    days.map((day) => {
      const row = byDay.get(day);
      return row ? Math.round(pick(row) / 6) / 10 : null;
    });
  const soft = colour('--soft');
  return {
    grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
    tooltip: { trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'shadow' } },
    legend: { top: 0, right: 0, textStyle: { color: soft }, itemWidth: 12, itemHeight: 12 },
    xAxis: { type: 'category', data: days.map((d) => d.slice(5)), axisLabel: { color: soft }, axisTick: { show: false }, axisLine: { lineStyle: { color: colour('--rule') } } },
    yAxis: { type: 'value', minInterval: 1, axisLabel: { color: soft }, splitLine: { lineStyle: { color: colour('--rule') } } },
    series: [
      { name: words.down, type: 'bar', stack: 'day', barMaxWidth: 26, data: minutes((r) => r.down_s), itemStyle: { color: colour('--down-fill') } },
      { name: words.unwatched, type: 'bar', stack: 'day', barMaxWidth: 26, data: minutes((r) => r.unknown_s), itemStyle: { color: colour('--unknown-fill') } },
    ],
  };
}
