/** Filters of the table of lines that this browser keeps under a name. */
import { remember, remembered } from './remembered';
import type { Wanted } from './search';

export interface SavedFilter {
  name: string;
  filter: Wanted;
}

const key = 'lines.filters';
const most = 30;
const longestName = 40;
const fields = ['text', 'category', 'town', 'carrier', 'state'] as const;

const asFilter = (of: unknown): Wanted | undefined => {
  if (typeof of !== 'object' || of === null) return undefined;
  const values = of as Record<string, unknown>;
  return fields.every((f) => typeof values[f] === 'string') ? (Object.fromEntries(fields.map((f) => [f, values[f]])) as unknown as Wanted) : undefined;
};

/** What somebody else wrote there, or an older version, is left out. */
export function readFilters(text: string | null): SavedFilter[] {
  let all: unknown;
  try {
    all = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(all)) return [];
  return all.flatMap((one: unknown) => {
    const { name, filter } = (typeof one === 'object' && one !== null ? one : {}) as { name?: unknown; filter?: unknown };
    const is = asFilter(filter);
    return typeof name === 'string' && name && is ? [{ name: name.slice(0, longestName), filter: is }] : [];
  }).slice(0, most);
}

export const sameFilter = (a: Wanted, b: Wanted): boolean => fields.every((f) => a[f] === b[f]);
export const isEmpty = (f: Wanted): boolean => fields.every((field) => !f[field]);

/** The newest first; one of the same name is replaced. */
export const withFilter = (all: SavedFilter[], name: string, filter: Wanted): SavedFilter[] => {
  const called = name.trim().slice(0, longestName);
  return called ? [{ name: called, filter: { ...filter } }, ...all.filter((f) => f.name !== called)].slice(0, most) : all;
};

export const keptFilters = (): SavedFilter[] => readFilters(remembered(key));
export const keepFilters = (all: SavedFilter[]): void => remember(key, JSON.stringify(all));
