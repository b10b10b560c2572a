import { expect, test } from 'vitest';
import { civilMinute } from '../src/logic/instants';
import { namesIn, stepsOf } from '../src/logic/windows';

test('ids stand in a row however people part them', () => {
  expect(namesIn(' V001、V002，V003; V001\tT-01 ')).toEqual(['V001', 'V002', 'V003', 'T-01']);
  expect(namesIn(' ， ')).toEqual([]);
});

test('what waits can be approved, what is over can only be read', () => {
  const now = '2026-03-14T12:00:00+08:00';
  const later = '2026-03-14T12:00:01+08:00';
  expect(stepsOf({ state: 'requested', to: later }, now)).toEqual(['approve', 'revise', 'cancel']);
  expect(stepsOf({ state: 'revised', to: later }, now)).toContain('approve');
  expect(stepsOf({ state: 'approved', to: later }, now)).toEqual(['revise', 'cancel']);
  expect(stepsOf({ state: 'requested', to: now }, now)).toEqual([]);
  expect(stepsOf({ state: 'cancelled', to: later }, now)).toEqual([]);
  expect(stepsOf({ state: 'approved', to: later }, '')).toEqual([]);
});

test('an instant becomes the civil minute that a field takes, in the zone it was written in', () => {
  expect(civilMinute('2026-03-14T22:00:00.000+08:00')).toBe('2026-03-14T22:00');
});
