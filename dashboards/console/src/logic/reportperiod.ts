/** Periods of reports, as the daemon names them: 2026-03, 2026-Q1, 2026, 2026-03-01..2026-03-14. */

export type Kind = 'month' | 'quarter' | 'year' | 'days';
export interface Chosen {
  kind: Kind;
  month: string; // 2026-03
  year: string; // 2026
  quarter: string; // 1 .. 4
  from: string; // 2026-03-01
  to: string;
}

/** Empty where what was chosen is no period. */
export function nameOf(c: Chosen): string {
  if (c.kind === 'month') return /^\d{4}-\d{2}$/.test(c.month) ? c.month : '';
  if (c.kind === 'year') return /^\d{4}$/.test(c.year) ? c.year : '';
  if (c.kind === 'quarter') return /^\d{4}$/.test(c.year) && /^[1-4]$/.test(c.quarter) ? `${c.year}-Q${c.quarter}` : '';
  const day = /^\d{4}-\d{2}-\d{2}$/;
  return day.test(c.from) && day.test(c.to) && c.from <= c.to ? `${c.from}..${c.to}` : '';
}

/** Both civil words for `from` and `to` of the API: of a month, quarter or year its first and last part. */
export function boundsOf(name: string): { from: string; to: string } {
  if (name.includes('..')) return { from: name.slice(0, 10), to: name.slice(12) };
  const quarter = /^(\d{4})-Q([1-4])$/.exec(name);
  if (!quarter) return { from: name, to: name };
  const first = 3 * Number(quarter[2]) - 2;
  const month = (m: number): string => `${quarter[1]}-${String(m).padStart(2, '0')}`;
  return { from: month(first), to: month(first + 2) };
}

/** What a person looks for first: the month before the one of `now`, in civil days. */
export function lastMonth(day: string): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
}

/** Whether it has begun, and is over, on that civil day; words are compared as far as both reach. */
export function standingOf(name: string, day: string): 'future' | 'partial' | 'over' {
  const { from, to } = boundsOf(name);
  if (from > day.slice(0, from.length)) return 'future';
  return to >= day.slice(0, to.length) ? 'partial' : 'over';
}
