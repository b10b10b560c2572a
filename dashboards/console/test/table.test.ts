import { describe, expect, it } from 'vitest';
import type { Line } from '../src/api/client';
import { csv } from '../src/logic/csv';
import { civil, daysBefore, lastDays, span } from '../src/logic/instants';
import { cell, columns } from '../src/logic/linetable';
import { partsOf } from '../src/logic/outages';
import { byState, distinct, searchable, wanted } from '../src/logic/search';
import { en } from '../src/words/en';
import { zh } from '../src/words/zh';

const line = (more: Partial<Line> = {}): Line => ({
  id: 'V001', kind: 'line', name: '北街社区', category: 'village', category_name: '村/社区', town: '城关镇', carrier: '中国电信', unit: '北街社区居委会', circuit: 'DX-YZ-1001',
  addresses: ['10.1.2.3', '2001:db8::1'], parent: '', state: 'up', since: '2026-03-14T09:00:00.000+08:00', cause: 'none', cause_text: '', outage_open: false, degraded: false, data_missing: false, flapping: false,
  unrecorded: false, rtt_s: 0.0042, loss_ratio: 0, last_sample: null, today: { availability: 1, lower: 1, coverage: 1 }, ...more,
});
const none = { text: '', category: '', town: '', carrier: '', state: '' };
const finds = (text: string, l = line()): boolean => wanted({ ...none, text })(l, searchable(l));

describe('the search', () => {
  it('looks into id, name, unit, circuit and address', () => {
    for (const text of ['v001', '北街', '居委会', 'yz-1001', '10.1.2', '2001:DB8', '']) expect(finds(text), text).toBe(true);
    for (const text of ['V002', '电信', '10.1.2.4']) expect(finds(text), text).toBe(false);
  });
  it('wants every word, in any order, and takes full-width letters', () => {
    expect(finds('1001 北街')).toBe(true);
    expect(finds('1001 南街')).toBe(false);
    expect(finds('Ｖ００１　北街')).toBe(true);
  });
  it('and the filters hold together', () => {
    const l = line({ state: 'down' });
    const is = (by: object): boolean => wanted({ ...none, ...by })(l, searchable(l));
    expect(is({ state: 'down', town: '城关镇' })).toBe(true);
    expect(is({ state: 'down', town: '东河镇' })).toBe(false);
    expect(is({ category: 'village', carrier: '中国移动' })).toBe(false);
  });
  it('leaves out who is closed, unless that or some word is asked for', () => {
    const l = line({ state: 'closed' });
    const is = (by: object): boolean => wanted({ ...none, ...by })(l, searchable(l));
    expect(is({})).toBe(false);
    expect(is({ town: '城关镇' })).toBe(false);
    expect(is({ state: 'closed' })).toBe(true);
    expect(is({ text: 'V001' })).toBe(true);
    expect(is({ text: 'V001', state: 'up' })).toBe(false);
    expect([line({ state: 'closed' }), line(), line({ state: 'planned' }), line({ state: 'down' })].sort(byState).map((x) => x.state)).toEqual(['down', 'up', 'planned', 'closed']);
  });
  it('of 10,000 lines takes no time that anybody sees', () => {
    const all = Array.from({ length: 10_000 }, (_, i) => line({ id: `V${i}` }));
    const texts = all.map(searchable);
    const is = wanted({ ...none, text: 'v99 北街' });
    expect(all.filter((l, i) => is(l, texts[i] ?? ''))).toHaveLength(111);
  });
  it('puts first what is not well', () => {
    const states = (['up', 'down', 'degraded', 'unknown'] as const).map((state) => line({ state }));
    expect(states.sort(byState).map((l) => l.state)).toEqual(['down', 'unknown', 'degraded', 'up']);
    expect(distinct(['乙', '', '甲', '乙'])).toEqual(['甲', '乙']);
  });
});

describe('a file of the table', () => {
  it('holds no cell that a spreadsheet would run', () => {
    const text = csv([['=1+1', '+86', '-cmd', '@x', '\tx', '-12.5', 'a=b']]);
    expect(text).toBe("\ufeff'=1+1,'+86,'-cmd,'@x,'\tx,-12.5,a=b\r\n");
  });
  it('quotes what would break a row', () => {
    expect(csv([['a,b', 'say "x"', 'two\nlines', '']])).toBe('\ufeff"a,b","say ""x""","two\nlines",\r\n');
  });
  it('says what the screen says', () => {
    const words = { state: (s: Line['state']) => zh.state[s], standing: (s: string) => zh.figure[s as 'untroubled'] };
    const told = (l: Line) => Object.fromEntries(columns.map((c) => [c.key, cell(l, c.key, 'zh', words)]));
    expect(told(line())).toMatchObject({ state: '通', category: '村/社区', address: '10.1.2.3 2001:db8::1', since: '2026-03-14 09:00:00', rtt: '4.20 ms', today: '100 %', cause: '' });
    expect(told(line({ state: 'down', cause: 'timeout', rtt_s: null, today: null }))).toMatchObject({ state: '断', rtt: '—', today: '—', cause: '超时无应答' });
    expect(told(line({ today: { availability: 1, lower: 0.99, coverage: 0.99 } }))).toMatchObject({ today: '未观测到中断' });
  });
});

describe('instants', () => {
  it('are shown in the zone of the district, whatever that of the browser is', () => {
    expect(civil('2026-03-14T23:59:59.999+08:00')).toBe('2026-03-14 23:59:59');
    expect(civil(null)).toBe('—');
    expect(daysBefore('2026-03-01', 1)).toBe('2026-02-28');
    expect(lastDays('2026-01-02', 3)).toEqual(['2025-12-31', '2026-01-01', '2026-01-02']);
  });
  it('have lengths that people read', () => {
    expect([0, 65.9, 3_723, 90_061, -1].map((s) => span(s))).toEqual(['0:00', '1:05', '1:02:03', '1d 01:01:01', '0:00']);
  });
  it('name an outage together with its line', () => {
    expect(partsOf('V@1@2026-03-14T09:00:00.000+08:00')).toEqual({ line: 'V@1', began: '2026-03-14T09:00:00.000+08:00' });
  });
});

describe('the words', () => {
  const places = (words: object, at = ''): string[] =>
    Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [`${at}${key} ${(value.match(/\{\w+\}/g) ?? []).sort().join()}`] : places(value as object, `${at}${key}.`)));
  it('take the same values in both languages', () => expect(places(en)).toEqual(places(zh)));
  it('of every column are there', () => columns.forEach((c) => expect(zh.lines).toHaveProperty(c.key)));
});

describe('words that no page says', () => {
  const sources = Object.values(import.meta.glob('../src/**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true })).join('\n');
  const leaves = (words: object, at = ''): string[] =>
    Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [at + key] : leaves(value as object, `${at}${key}.`)));
  /** t(`state.${s}`) says all below `state.`. */
  const begun = new Set([...sources.matchAll(/t\(`([\w.]+\.)\$\{/g)].map(([, beginning = '']) => beginning));
  it('are not there', () => expect(leaves(zh).filter((l) => !sources.includes(`'${l}'`) && !begun.has(l.replace(/\w+$/, '')))).toEqual([]));
});
