/** Rows of lines.csv and of the file of sites in a form: their fields, what a person changed, and what the daemon says to it. */
import type { ChangesPreview, Kind, Meanwhile, Refusal, RowCells } from '../api/client';

/** What stands in a table's columns, by the names that the API has for them. */
export interface Table {
  of: Kind;
  file: string;
  fields: readonly string[];
  rare: readonly string[]; // of them: seldom needed, shown on demand
  long: readonly string[]; // of them: several texts, one a line
  words: Readonly<Record<string, readonly string[]>>; // of them: those that take one of a few words
}
const lines: Table = {
  of: 'line',
  file: 'lines.csv',
  fields: ['id', 'name', 'category', 'unit', 'town', 'carrier', 'circuit', 'bandwidth_mbps', 'address', 'parent', 'checks', 'accepted', 'closed', 'grade', 'witness'],
  rare: [],
  long: [],
  words: { witness: ['', 'no', 'yes'] },
};
const rareOfSites = ['fast_interval', 'down_after', 'up_after', 'status', 'ca', 'redirects', 'max_bytes', 'downgrade', 'empty', 'resolve', 'user_agent', 'local_redirects', 'tls'];
const sites: Table = {
  of: 'site',
  file: 'sites.csv',
  fields: ['id', 'name', 'url', 'category', 'unit', 'town', 'carrier', 'interval', 'timeout', 'contains', 'forbids', 'accepted', 'closed', 'grade', ...rareOfSites],
  rare: rareOfSites,
  long: ['contains', 'forbids', 'tls'],
  words: { downgrade: ['', 'allow', 'refuse'], empty: ['', 'allow', 'refuse'], local_redirects: ['', 'allow', 'refuse'], resolve: ['', 'v4', 'v6', 'both'] },
};
export const tables: Record<Kind, Table> = { line: lines, site: sites };
export type Cells = Record<string, string>;

export const blank = (table: Table): Cells => Object.fromEntries(table.fields.map((f) => [f, '']));
export const filled = (table: Table, row: RowCells): Cells => Object.fromEntries(table.fields.map((f) => [f, row[f] ?? '']));

/** The body of a change: of a new row what is stated, of one that is there what became something else; null while there is none. */
export function bodyOf(was: Cells | null, now: Cells): { add: RowCells[] } | { change: RowCells[] } | null {
  const stated = Object.entries(now).map(([f, text]) => [f, text.trim()] as const).filter(([f, text]) => text !== (was?.[f] ?? ''));
  if (stated.length === 0) return null;
  const cells = Object.fromEntries(stated);
  return was ? { change: [{ ...cells, id: was.id ?? '' }] } : { add: [cells] };
}

export interface Said {
  zh: string;
  en: string;
}
/** Problems, or what to look at, by field; those of other rows, of a whole row or of the configuration stand under ''. */
export function problemsOf(preview: ChangesPreview | null, id: string, shown: readonly string[], list: 'problems' | 'warnings' = 'problems'): Record<string, Said[] | undefined> {
  const out: Record<string, Said[] | undefined> = {};
  for (const p of preview?.[list] ?? []) {
    const own = p.id === id && shown.includes(p.field);
    const elsewhere = p.id !== '' && p.id !== id;
    const said = elsewhere ? { zh: `${p.id}：${p.text}`, en: `${p.id}: ${p.text_en}` } : { zh: p.text, en: p.text_en };
    (out[own ? p.field : ''] ??= []).push(said);
  }
  return out;
}

export const anyChange = (p: ChangesPreview | null): boolean => p !== null && p.added.length + p.changed.length + p.closed.length > 0;

/** What somebody did to the inventory meanwhile; null: that is not why it was refused. */
export function meanwhileOf(why: Refusal): Meanwhile | null {
  if (why.code !== 'changed_meanwhile') return null;
  try {
    return JSON.parse(why.body) as Meanwhile;
  } catch {
    return null;
  }
}

/** Up to `most` lines that a person may mean by what they typed, those that begin so first. */
export function suggested<L extends { id: string; name: string }>(lines: readonly L[], typed: string, most = 20): L[] {
  const wanted = typed.trim().toLowerCase();
  const found = lines.filter((l) => l.id.toLowerCase().includes(wanted) || l.name.toLowerCase().includes(wanted));
  const begins = (l: L): number => (l.id.toLowerCase().startsWith(wanted) ? 0 : 1);
  return found.map((l, i) => ({ l, i })).sort((a, b) => begins(a.l) - begins(b.l) || a.i - b.i).slice(0, most).map(({ l }) => l);
}
