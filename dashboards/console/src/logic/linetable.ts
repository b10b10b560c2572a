/** The columns of the table of lines, on the screen and in the file alike. */
import type { Line } from '../api/client';
import { causeText, type Tongue } from './causes';
import { short, type Standing } from './figures';
import { civil } from './instants';

export type Column = 'state' | 'name' | 'id' | 'unit' | 'category' | 'town' | 'carrier' | 'circuit' | 'address' | 'since' | 'rtt' | 'today' | 'cause';

export const columns: { key: Column; width: number; grow?: number }[] = [
  { key: 'state', width: 92 },
  { key: 'name', width: 170, grow: 2 },
  { key: 'id', width: 96 },
  { key: 'category', width: 92 },
  { key: 'town', width: 110, grow: 1 },
  { key: 'carrier', width: 100 },
  { key: 'since', width: 170 },
  { key: 'rtt', width: 88 },
  { key: 'today', width: 124 },
  { key: 'cause', width: 170, grow: 2 },
  { key: 'unit', width: 170, grow: 2 },
  { key: 'circuit', width: 160 },
  { key: 'address', width: 130 },
];

/** A round trip as people say it. */
export const delay = (seconds: number | null): string => (seconds === null ? '—' : seconds < 0.0095 ? `${(seconds * 1000).toFixed(2)} ms` : `${(seconds * 1000).toFixed(0)} ms`);

export interface LineWords {
  state: (state: Line['state']) => string;
  standing: (standing: Standing) => string;
}

export function cell(line: Line, column: Column, tongue: Tongue, words: LineWords): string {
  switch (column) {
    case 'state':
      return words.state(line.state);
    case 'category':
      return line.category_name;
    case 'address':
      return line.addresses.join(' ');
    case 'since':
      return civil(line.since);
    case 'rtt':
      return delay(line.rtt_s);
    case 'today':
      return short(line.today, words.standing);
    case 'cause':
      return line.state === 'up' ? '' : causeText(line.cause, tongue);
    default:
      return line[column];
  }
}
