/** Which lines a person means. */
import type { Line } from '../api/client';

export interface Wanted {
  text: string;
  category: string;
  town: string;
  carrier: string;
  state: string;
}

/** Full-width letters and digits count as plain ones, as an input method types them. */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/** All that a search looks into, folded once a line. */
export const searchable = (l: Line): string => folded([l.id, l.name, l.unit, l.circuit, ...l.addresses].join('\n'));

/** Every word of the text has to occur; a filter that is empty asks for nothing. Who is closed shows where that, or some word, is asked for. */
export function wanted(by: Wanted): (line: Line, text: string) => boolean {
  const words = folded(by.text).split(/\s+/).filter(Boolean);
  const same = (asked: string, is: string): boolean => !asked || asked === is;
  return (line, text) =>
    same(by.category, line.category) &&
    same(by.town, line.town) &&
    same(by.carrier, line.carrier) &&
    (by.state ? by.state === line.state : line.state !== 'closed' || words.length > 0) &&
    words.every((word) => text.includes(word));
}

const order: Record<Line['state'], number> = { down: 0, unknown: 1, degraded: 2, up: 3, planned: 4, closed: 5 };

/** Those that are not well first, then by name as the inventory has it. */
export const byState = (a: Line, b: Line): number => order[a.state] - order[b.state];

export const distinct = (all: string[]): string[] => [...new Set(all)].filter(Boolean).sort((a, b) => a.localeCompare(b, 'zh'));
