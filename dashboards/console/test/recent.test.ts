import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { RecentInterface, RecentLine } from '../src/api/client';
import { alone, bucketNames, ceiling, delayChart, delayWords, firstShown, lossOf, opticsWords, power, rate, share, trafficChart, trafficWords, type RecentWords } from '../src/logic/recent';

const nothing = <T>(of: T): T[] => Array.from({ length: 288 }, () => of);
/** A day of holes, up to 10:05. */
const day = (more: Partial<RecentLine> = {}): RecentLine => ({
  bucket_s: 300, from: '2026-03-13T10:05:00.000+08:00', to: '2026-03-14T10:02:00.000+08:00', span_s: 86_400, full_span_s: 86_400, since: null, measured: nothing(0), bad: nothing(0),
  delay: { least_s: nothing(null), mean_s: nothing(null), most_s: nothing(null) }, interfaces: [], ...more,
});
const one = (more: Partial<RecentInterface>): RecentInterface => ({ interface: 'Gi0/1', bandwidth_bps: null, traffic: null, optics: null, ...more });
const words: RecentWords = {
  mean: '平均', range: '最小至最大', loss: '丢包', in: '入', out: '出', use: '利用率', receive: '收光', transmit: '发光', hole: '没有观测',
  most: (most) => `最高 ${most}`, samples: (measured, bad) => `${measured} 个样本，${bad} 个未通`,
};
const dataOf = (option: object, name: string): unknown => (option as { series: { name: string; data: unknown }[] }).series.find((s) => s.name === name)?.data;

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
  vi.stubGlobal('getComputedStyle', () => ({ getPropertyValue: () => '#000' }));
});

describe('buckets', () => {
  it('go by the civil time of the district, over midnight too', () => {
    const names = bucketNames(day());
    expect(names[0]).toBe('03-13 10:05');
    expect(names[167]).toBe('03-14 00:00');
    expect(names[287]).toBe('03-14 10:00');
  });
  it('are all shown, but of a monitor that began within the hour that hour', () => {
    expect(firstShown(day({ since: '2026-03-13T10:05:00.000+08:00' }))).toBe(0);
    expect(firstShown(day({ since: '2026-03-14T09:00:00.000+08:00' }))).toBe(0);
    expect(firstShown(day({ since: '2026-03-14T10:00:00.000+08:00' }))).toBe(276);
    expect(firstShown(day())).toBe(276);
    expect(firstShown({ since: null, from: day().from, bucket_s: 300, measured: [0, 0] })).toBe(0);
  });
});

describe('what nobody measured', () => {
  it('is a hole, in words and in the chart', () => {
    const of = day({ since: '2026-03-13T10:05:00.000+08:00' });
    of.measured.splice(0, 3, 300, 0, 290);
    of.bad.splice(0, 3, 3, 0, 290);
    of.delay.mean_s.splice(0, 3, 0.004, null, null);
    of.delay.least_s.splice(0, 3, 0.003, null, null);
    of.delay.most_s.splice(0, 3, 0.012, null, null);
    expect(lossOf(of).slice(0, 3)).toEqual([1, null, 100]);
    const option = delayChart(of, of.delay, words);
    expect((dataOf(option, '平均') as unknown[]).slice(0, 2)).toEqual([4, null]);
    expect((dataOf(option, '最小至最大') as unknown[]).slice(0, 2)).toEqual([9, null]);
    expect((dataOf(option, '丢包') as unknown[]).slice(0, 3)).toEqual([1, null, 100]);
    expect(delayWords(of, of.delay, 0, words)).toEqual(['平均 4.00 ms', '最小至最大 3.00 ms – 12 ms', '丢包 1.0 %', '300 个样本，3 个未通']);
    expect(delayWords(of, of.delay, 1, words)).toEqual(['没有观测']);
    expect(delayWords(of, of.delay, 2, words)).toEqual(['丢包 100 %', '290 个样本，290 个未通']);
  });
  it('leaves a figure between two holes as a point', () => expect(alone([1, null, 2, null, 3, 4])).toEqual([true, false, true, false, false, false]));
});

describe('traffic and optical power', () => {
  const busy = one({ bandwidth_bps: 100e6, traffic: { in_bps: [12_340_000, null], in_most_bps: [50e6, null], out_bps: [0, null], out_most_bps: [0, null] } });
  it('say figure, unit and share of the bandwidth', () => {
    expect(trafficWords(busy, 0, words)).toEqual(['入 12.3 Mbit/s（利用率 12 %） · 最高 50.0 Mbit/s', '出 0 bit/s（利用率 0 %） · 最高 0 bit/s']);
    expect(trafficWords(busy, 1, words)).toEqual(['没有观测']);
    expect(trafficWords({ ...busy, bandwidth_bps: null }, 0, words)[0]).toBe('入 12.3 Mbit/s · 最高 50.0 Mbit/s');
    expect(opticsWords(one({ optics: { receive_dbm: [-18.204], transmit_dbm: [null] } }), 0, words)).toEqual(['收光 -18.20 dBm']);
    expect([rate(999), rate(1_500), rate(123e6), rate(2.5e9), share(0.04), share(99.9), power(-3)]).toEqual(['999 bit/s', '1.5 kbit/s', '123 Mbit/s', '2.5 Gbit/s', '0.04 %', '100 %', '-3.00 dBm']);
  });
  it('have a scale in per cent that fits the one in bit/s', () => {
    const option = trafficChart(day({ measured: [1, 0], bad: [0, 0] }), busy, words) as { yAxis: { max: number }[] };
    expect(option.yAxis.map((a) => a.max)).toEqual([20e6, 20]);
    expect([ceiling([[3, null]]), ceiling([[0]]), ceiling([[100]]), ceiling([[101]])]).toEqual([5, 1, 100, 200]);
  });
});
