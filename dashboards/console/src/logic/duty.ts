/** Duty records as the journal has them, one after the other, and what stands of them. */
import type { DutyRecord } from '../api/client';

export interface Standing extends DutyRecord {
  withdrawn: boolean;
}

/** Of each person and day the last word, latest day first; what was taken back stays to be seen. */
export function standing(records: DutyRecord[]): Standing[] {
  const last = new Map<string, DutyRecord>();
  for (const r of records) last.set(`${r.day} ${r.person}`, r);
  return [...last.values()].map((r) => ({ ...r, withdrawn: r.source === 'withdrawn' })).sort((a, b) => b.day.localeCompare(a.day));
}
