import { describe, expect, it } from 'vitest';
import type { AvailabilityRow } from '../src/api/client';
import { coverageFloor, cut, dayState, figureOf, figureOfRatios, percent, short, standingOf, sumOf } from '../src/logic/figures';

const row = (seconds: Partial<AvailabilityRow>): AvailabilityRow => ({
  key: 'x', up_s: 0, down_s: 0, down_min_s: 0, down_mid_s: 0, down_max_s: 0, excluded_s: 0, unknown_s: 0, outages: 0, unconfirmed: 0,
  availability: null, lower: null, upper: null, coverage: null, mttr_s: null, formula: '', scope_from: null, scope_to: null, ...seconds,
});
const day = 86_400_000;

describe('a figure', () => {
  it('is cut and never rounded up', () => {
    expect(percent(999_999_999, 1_000_000_000)).toBe('99.99999 %');
    expect(percent(1, 3, 2)).toBe('33.33 %');
    expect(cut(0.9999999999)).toBe('99.99999 %');
    expect(cut(0.99)).toBe('99.00000 %');
    expect(cut(1)).toBe('100 %');
    expect(cut(null)).toBe('—');
  });
  it('of a province in a year does not lose its last millisecond', () => {
    const year = 365 * day * 100_000;
    expect(percent(year - 1, year)).toBe('99.99999 %');
  });
  it('is 100 % where nothing was down and nothing unknown, and nowhere else', () => {
    expect(figureOf({ up: day, down: 0, unknown: 0, excluded: 0, outages: 0 })).toMatchObject({ standing: 'perfect', ratio: '100 %' });
    expect(figureOf({ up: day, down: 0, unknown: 1, excluded: 0, outages: 0 })).toMatchObject({ standing: 'untroubled', ratio: '', lower: '99.99999 %' });
    expect(figureOf({ up: day - 1, down: 1, unknown: 0, excluded: 0, outages: 1 })).toMatchObject({ standing: 'figure', ratio: '99.99999 %' });
  });
  it('has its bounds: unknown time down, unknown time up', () => {
    const figure = figureOf({ up: 960, down: 20, unknown: 20, excluded: 500, outages: 1 });
    expect(figure).toMatchObject({ lower: '96.00000 %', upper: '98.00000 %', coverage: '98.000 %', ratio: '97.95918 %' });
  });
  it('is none below the floor, and one at it', () => {
    const of = (measured: number) => figureOf({ up: measured - 1, down: 1, unknown: 100_000 - measured, excluded: 0, outages: 1 }).standing;
    expect(of(coverageFloor * 100_000)).toBe('figure');
    expect(of(coverageFloor * 100_000 - 1)).toBe('insufficient');
    expect(figureOf({ up: 0, down: 0, unknown: 0, excluded: 9, outages: 0 }).standing).toBe('nothing');
  });
  it('of a cell keeps the same rules', () => {
    expect(standingOf({ availability: 1, coverage: 1 })).toBe('perfect');
    expect(short({ availability: 1, coverage: 0.999 }, (s) => s)).toBe('untroubled');
    expect(short({ availability: 0.5, coverage: 0.9 }, (s) => s)).toBe('insufficient');
    expect(short({ availability: 0.5, coverage: 0.96 }, (s) => s)).toBe('50.00000 %');
    expect(short(null, (s) => s)).toBe('—');
  });
  it('of ratios that the API has formed is the same figure', () => {
    const sums = { up: 960, down: 20, unknown: 20, excluded: 0, outages: 1 };
    const ratios = { availability: 960 / 980, lower: 0.96, upper: 0.98, coverage: 0.98 };
    expect(figureOfRatios(ratios)).toEqual({ ...figureOf(sums), unknownSeconds: 0 });
    expect(figureOfRatios({ ...ratios, coverage: 0.94 })).toMatchObject({ standing: 'insufficient', ratio: '' });
  });
  it('of rows is made of their seconds, not of their ratios', () => {
    expect(sumOf([row({ up_s: 1.5, outages: 1 }), row({ up_s: 2, down_s: 0.001, outages: 2 })])).toEqual({ up: 3500, down: 1, unknown: 0, excluded: 0, outages: 3 });
  });
});

describe('a day', () => {
  it('with any outage shows it, and one that nobody watched is not up', () => {
    expect(dayState(undefined)).toBe('none');
    expect(dayState(row({ up_s: 86_399, down_s: 1 }))).toBe('down');
    expect(dayState(row({ up_s: 86_400 }))).toBe('up');
    expect(dayState(row({ up_s: 43_200, unknown_s: 43_200 }))).toBe('unknown');
    expect(dayState(row({ excluded_s: 86_400 }))).toBe('excluded');
  });
});
