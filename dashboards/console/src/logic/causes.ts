/** Outages together by what caused them, the cause first. */
import list from '../../../../daemon/core/cause.def?raw';

export type Tongue = 'zh' | 'en';

/** The daemon's own list of causes: name -> its words. */
export const causes: ReadonlyMap<string, Record<Tongue, string>> = new Map(
  [...list.matchAll(/^CAUSE\((\w+), \w+, "([^"]*)", "([^"]*)"\)/gm)].map(([, name = '', zh = '', en = '']) => [name, { zh, en }]),
);

export const causeText = (name: string | null, tongue: Tongue): string => (name && name !== 'none' ? (causes.get(name)?.[tongue] ?? name) : '');

/** What grouping needs to know of an outage. */
export interface Told {
  id: string;
  began: string | null;
  cause: string;
  found: string;
  upstream: string;
  upstream_name: string;
  carrier: string;
}

export interface Group<T extends Told> {
  key: string;
  /** The cause that the group stands for: what was found, or how the line failed where nothing was. */
  cause: string;
  /** Of a line that took others with it: its id; else empty. */
  root: string;
  rootName: string;
  carrier: string;
  /** The outage of the root itself, where it is among them. */
  first: T | undefined;
  /** All others, earliest first. */
  others: T[];
}

/** Says more than that there is an outage. */
const explains = (found: string): boolean => found !== '' && found !== 'none' && found !== 'own_line' && found !== 'unexplained';

/** The uppermost line that took this one with it, as far as the outages know. */
function rootOf<T extends Told>(o: T, byId: Map<string, T>): string {
  const seen = new Set<string>();
  let at: T | undefined = o;
  let root = '';
  while (at && at.found === 'upstream' && at.upstream && !seen.has(at.id)) {
    seen.add(at.id);
    root = at.upstream;
    at = byId.get(at.upstream);
  }
  return root;
}

const earlier = (a: Told, b: Told): number => (a.began ?? '').localeCompare(b.began ?? '') || a.id.localeCompare(b.id);

/** Largest first, then the one that began first. */
export function byCause<T extends Told>(outages: T[]): Group<T>[] {
  const byId = new Map(outages.map((o) => [o.id, o]));
  const roots = new Set(outages.map((o) => rootOf(o, byId)).filter(Boolean));
  const groups = new Map<string, Group<T>>();
  for (const o of [...outages].sort(earlier)) {
    const root = rootOf(o, byId) || (roots.has(o.id) ? o.id : '');
    const cause = explains(o.found) ? o.found : o.cause;
    const carrier = cause === 'carrier' ? o.carrier : '';
    const key = root ? `line ${root}` : `cause ${cause} ${carrier}`;
    const group = groups.get(key) ?? { key, cause, root, rootName: '', carrier, first: undefined, others: [] };
    if (root === o.id) {
      group.first = o;
      group.cause = cause;
    } else {
      group.others.push(o);
      if (root && o.upstream === root) group.rootName = o.upstream_name;
    }
    groups.set(key, group);
  }
  const size = (g: Group<T>): number => g.others.length + (g.first ? 1 : 0);
  const began = (g: Group<T>): string => (g.first ?? g.others[0])?.began ?? '';
  return [...groups.values()].sort((a, b) => size(b) - size(a) || began(a).localeCompare(began(b)));
}
