/** Lines of lines.csv in a form: its fields, what a person changed, and what the daemon says to it. */
import type { ChangesPreview, LineCells, Meanwhile, Refusal } from '../api/client';

export const fields = ['id', 'name', 'category', 'unit', 'town', 'carrier', 'circuit', 'bandwidth_mbps', 'address', 'parent', 'checks', 'accepted', 'closed', 'grade', 'witness'] as const;
export type Field = (typeof fields)[number];
export type Cells = Record<Field, string>;

export const blank = (): Cells => Object.fromEntries(fields.map((f) => [f, ''])) as Cells;
export const filled = (line: LineCells): Cells => ({ ...blank(), ...Object.fromEntries(fields.map((f) => [f, line[f] ?? ''])) });

/** The body of a change: of a new line what is stated, of one that is there what became something else; null while there is none. */
export function bodyOf(was: Cells | null, now: Cells): { add: LineCells[] } | { change: LineCells[] } | null {
  const stated = (f: Field): boolean => (was ? now[f].trim() !== was[f] : now[f].trim() !== '');
  const cells = Object.fromEntries(fields.filter(stated).map((f) => [f, now[f].trim()]));
  if (Object.keys(cells).length === 0) return null;
  return was ? { change: [{ ...cells, id: was.id }] } : { add: [cells] };
}

export interface Said {
  zh: string;
  en: string;
}
/** Problems by field; those of other lines, of a whole line or of the configuration stand under ''. */
export function problemsOf(preview: ChangesPreview | null, id: string, shown: readonly Field[] = fields): Partial<Record<Field | '', Said[]>> {
  const out: Partial<Record<Field | '', Said[]>> = {};
  for (const p of preview?.problems ?? []) {
    const own = p.id === id && (shown as readonly string[]).includes(p.field);
    const elsewhere = p.id !== '' && p.id !== id;
    const said = elsewhere ? { zh: `${p.id}：${p.text}`, en: `${p.id}: ${p.text_en}` } : { zh: p.text, en: p.text_en };
    (out[own ? (p.field as Field) : ''] ??= []).push(said);
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
