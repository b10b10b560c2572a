import { describe, expect, it } from 'vitest';
import { dated, secondsSince, troublesOf, type PairStanding } from '../src/logic/pair';

const now = '2026-03-14T10:00:00.000+08:00';
const well: PairStanding = {
  view: 'merged', observers: ['甲机', '乙机'], observers_shown: [], as_of: '2026-03-14T09:59:30.000+08:00', shipped: '2026-03-14T09:59:59.000+08:00', received: '2026-03-14T09:59:58.500+08:00', unshipped: 0, clock_offset_s: -0.12,
  begun_anew: null, left_out: 0, forked: false,
};

describe('of a pair', () => {
  it('nothing is to be looked after where all is well', () => expect(troublesOf(well, now)).toEqual([]));
  it('a fork, a clock, a minute without a shipment and too much of an entry are', () => {
    expect(troublesOf({ ...well, forked: true, clock_offset_s: 1.2 }, now)).toEqual(['forked', 'clock']);
    expect(troublesOf({ ...well, received: '2026-03-14T09:58:59.000+08:00' }, now)).toEqual(['behind']);
    expect(troublesOf({ ...well, shipped: null, left_out: 3 }, now)).toEqual(['behind', 'tooMany']);
  });
  it('figures that are more than a minute old say of when they are', () => {
    expect(dated(well, now)).toBe(false);
    expect(dated({ ...well, as_of: '2026-03-14T09:55:00.000+08:00' }, now)).toBe(true);
    expect(dated({ ...well, as_of: null }, now)).toBe(false);
  });
  it('seconds are whole, and never less than none', () => {
    expect(secondsSince('2026-03-14T09:59:58.500+08:00', now)).toBe(1);
    expect(secondsSince('2026-03-14T10:00:00.500+08:00', now)).toBe(0);
    expect(secondsSince(null, now)).toBeNull();
  });
});
