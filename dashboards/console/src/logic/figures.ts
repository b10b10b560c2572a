/** 畅通率 as the books have it: whole milliseconds, one ratio at the end, cut and never rounded up (design 5). */
import type { AvailabilityRow } from '../api/client';

export interface Sums {
  up: number; // all in milliseconds
  down: number;
  unknown: number;
  excluded: number;
  outages: number;
}

/** Below so much coverage a figure says more about us than about the lines, so none is shown large. */
export const coverageFloor = 0.95;

const milliseconds = (seconds: number): number => Math.round(seconds * 1000);

/** Formula R1: the seconds of all rows together. */
export function sumOf(rows: AvailabilityRow[]): Sums {
  const sum = (pick: (r: AvailabilityRow) => number): number => rows.reduce((all, r) => all + milliseconds(pick(r)), 0);
  return {
    up: sum((r) => r.up_s),
    down: sum((r) => r.down_s),
    unknown: sum((r) => r.unknown_s),
    excluded: sum((r) => r.excluded_s),
    outages: rows.reduce((all, r) => all + r.outages, 0),
  };
}

/** `part` of `whole` in per cent with `decimals` places, cut; — of nothing. */
export function percent(part: number, whole: number, decimals = 5): string {
  if (whole <= 0) return '—';
  const digits = ((BigInt(Math.round(part)) * 10n ** BigInt(decimals + 2)) / BigInt(Math.round(whole))).toString().padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)} %`;
}

/** A ratio that the API has already formed, cut likewise: 0.99 is a little less than 0.99 in a double. */
export function cut(ratio: number | null, decimals = 5): string {
  if (ratio === null) return '—';
  if (ratio >= 1) return '100 %';
  const steps = 10 ** (decimals + 2);
  return percent(Math.min(Math.floor(ratio * steps + 1e-4), steps - 1), steps, decimals);
}

export type Standing = 'nothing' | 'insufficient' | 'untroubled' | 'perfect' | 'figure';

export interface Figure {
  standing: Standing;
  /** Only of a figure that may be shown large. */
  ratio: string;
  lower: string;
  upper: string;
  coverage: string;
  unknownSeconds: number;
}

/** What may be said of these sums: with unknown time 100 % never, below the floor no figure at all. */
export function figureOf(s: Sums): Figure {
  const measured = s.up + s.down;
  const counted = measured + s.unknown;
  const of = (standing: Standing, ratio: string): Figure => ({
    standing,
    ratio,
    lower: percent(s.up, counted),
    upper: percent(s.up + s.unknown, counted),
    coverage: percent(measured, counted, 3),
    unknownSeconds: s.unknown / 1000,
  });
  if (counted === 0) return of('nothing', '');
  if (measured < coverageFloor * counted) return of('insufficient', '');
  if (s.down > 0) return of('figure', percent(s.up, measured));
  return s.unknown > 0 ? of('untroubled', '') : of('perfect', '100 %');
}

export interface Ratios {
  availability: number | null;
  coverage: number | null;
}

/** The same of ratios that the API has formed. */
export function standingOf(r: Ratios | null): Standing {
  if (!r || r.coverage === null) return 'nothing';
  if (r.coverage < coverageFloor) return 'insufficient';
  if (r.availability === null || r.availability < 1) return 'figure';
  return r.coverage < 1 ? 'untroubled' : 'perfect';
}

export function figureOfRatios(r: Ratios & { lower: number | null; upper: number | null }): Figure {
  const standing = standingOf(r);
  const ratio = standing === 'figure' || standing === 'perfect' ? cut(r.availability) : '';
  return { standing, ratio, lower: cut(r.lower), upper: cut(r.upper), coverage: cut(r.coverage, 3), unknownSeconds: 0 };
}

/** In a table's cell: the figure, or the word that stands in its place. */
export function short(r: Ratios | null, words: (standing: Standing) => string): string {
  const standing = standingOf(r);
  if (standing === 'nothing') return '—';
  return standing === 'figure' || standing === 'perfect' ? cut(r?.availability ?? null) : words(standing);
}

export type DayState = 'none' | 'up' | 'down' | 'unknown' | 'excluded';

/** How one civil day of a line stands: any outage shows, and so does a day that was not watched. */
export function dayState(row: AvailabilityRow | undefined): DayState {
  if (!row) return 'none';
  if (row.down_s > 0) return 'down';
  const counted = row.up_s + row.unknown_s;
  if (counted === 0) return row.excluded_s > 0 ? 'excluded' : 'none';
  return row.up_s < coverageFloor * counted ? 'unknown' : 'up';
}
