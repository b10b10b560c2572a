/** An outage's own address: what the API calls its id is `line@began`. */
import type { Outage } from '../api/client';

/** The id of an outage that a list knows by its line and its begin. */
export const outageId = (o: { id: string; began: string | null }): string => `${o.id}@${o.began ?? ''}`;

/** When it was over: it had ended, or its line was closed; null: it is open. */
export const endOf = (o: Pick<Outage, 'ended' | 'closed'>): string | null => o.ended ?? o.closed;

/** The line and the begin of `line@2026-11-30T00:52:54.274+08:00`; ids of lines may hold an @ themselves. */
export function partsOf(id: string): { line: string; began: string } {
  const at = id.lastIndexOf('@');
  return at < 0 ? { line: id, began: '' } : { line: id.slice(0, at), began: id.slice(at + 1) };
}
