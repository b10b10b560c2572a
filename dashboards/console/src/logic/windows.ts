/** What may be done with a maintenance window, as the daemon has it (daemon/entries): it judges, this only offers. */
import type { MaintenanceWindow } from '../api/client';

export type Step = 'request' | 'approve' | 'revise' | 'cancel';

/** Of a window that is not over. */
export function stepsOf(w: Pick<MaintenanceWindow, 'state' | 'to'>, now: string): Step[] {
  if (w.state === 'cancelled' || !now || Date.parse(w.to) <= Date.parse(now)) return [];
  return w.state === 'approved' ? ['revise', 'cancel'] : ['approve', 'revise', 'cancel'];
}

/** Ids as people put them in a row: with commas, semicolons, blanks, also the Chinese ones. */
export const namesIn = (text: string): string[] => [...new Set(text.split(/[\s,;，、；]+/u).filter(Boolean))];
