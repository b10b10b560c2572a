import { describe, expect, test } from 'vitest';
import { boundsOf, lastMonth, nameOf, standingOf, type Chosen } from '../src/logic/reportperiod';

const chosen = (c: Partial<Chosen>): Chosen => ({ kind: 'month', month: '', year: '', quarter: '', from: '', to: '', ...c });

describe('periods of reports', () => {
  test('are named as the daemon names them, and nothing else is one', () => {
    expect(nameOf(chosen({ month: '2026-03' }))).toBe('2026-03');
    expect(nameOf(chosen({ kind: 'quarter', year: '2026', quarter: '2' }))).toBe('2026-Q2');
    expect(nameOf(chosen({ kind: 'year', year: '2026' }))).toBe('2026');
    expect(nameOf(chosen({ kind: 'days', from: '2026-03-01', to: '2026-03-14' }))).toBe('2026-03-01..2026-03-14');
    for (const wrong of [{ month: '' }, { kind: 'year' as const, year: '26' }, { kind: 'days' as const, from: '2026-03-02', to: '2026-03-01' }]) expect(nameOf(chosen(wrong))).toBe('');
  });
  test('a quarter is its first and last month', () => {
    expect(boundsOf('2026-Q4')).toEqual({ from: '2026-10', to: '2026-12' });
    expect(boundsOf('2026-03-01..2026-03-14')).toEqual({ from: '2026-03-01', to: '2026-03-14' });
    expect(boundsOf('2026')).toEqual({ from: '2026', to: '2026' });
  });
  test('one that goes on, one that is over, one that has not begun', () => {
    expect(standingOf('2026-11', '2026-11-30')).toBe('partial');
    expect(standingOf('2026-10', '2026-11-30')).toBe('over');
    expect(standingOf('2026-12', '2026-11-30')).toBe('future');
    expect(standingOf('2026-Q4', '2026-11-30')).toBe('partial');
    expect(standingOf('2026-11-01..2026-11-29', '2026-11-30')).toBe('over');
    expect(lastMonth('2026-01-05')).toBe('2025-12');
    expect(lastMonth('2026-11-30')).toBe('2026-10');
  });
});
