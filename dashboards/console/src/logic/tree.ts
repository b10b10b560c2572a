/** The district drawn from its parents: an uplink with the lines that hang on it, in the order of the register, so that each keeps its place on the wall. */
import type { Line } from '../api/client';

export type Leaf = Pick<Line, 'id' | 'name' | 'town' | 'category_name' | 'parent' | 'state'>;

export interface Branch<T extends Leaf> {
  key: string;
  name: string;
  /** The uplink; null of lines that hang on none. */
  root: T | null;
  members: T[];
}

const most = 16; // levels; a register with a circle is refused by the daemon, and must not hang a browser

function rootOf<T extends Leaf>(line: T, byId: ReadonlyMap<string, T>): T {
  let at = line;
  for (let level = 0; level < most; ++level) {
    const above = byId.get(at.parent);
    if (!above) return at;
    at = above;
  }
  return at;
}

/** A line that hangs on nothing joins the uplink of its town where there is one, else those of its town, or of its category. */
export function branches<T extends Leaf>(lines: T[]): Branch<T>[] {
  const byId = new Map<string, T>(lines.map((l) => [l.id, l]));
  const roots = new Map(lines.map((l) => [l.id, rootOf(l, byId)]));
  const carries = new Set([...roots].filter(([id, root]) => root.id !== id).map(([, root]) => root.id));
  const all = new Map<string, Branch<T>>();
  const ofTown = new Map<string, Branch<T>>();
  for (const line of lines)
    if (carries.has(line.id)) {
      const branch = { key: `line ${line.id}`, name: line.name || line.id, root: line, members: [] };
      all.set(branch.key, branch);
      if (line.town && !ofTown.has(line.town)) ofTown.set(line.town, branch);
    }
  for (const line of lines) {
    const root = roots.get(line.id) ?? line;
    if (carries.has(line.id)) continue;
    const name = line.town || line.category_name;
    const key = `town ${name}`;
    const home = root.id !== line.id ? all.get(`line ${root.id}`) : (ofTown.get(line.town) ?? all.get(key));
    if (home) home.members.push(line);
    else all.set(key, { key, name, root: null, members: [line] });
  }
  return [...all.values()];
}

export const rank: Record<Line['state'], number> = { down: 3, degraded: 2, unknown: 1, up: 0, planned: 0, closed: 0 };

/** The worst of it all: what the frame of a branch shows. */
export const worst = (b: Branch<Leaf>): Line['state'] =>
  [...(b.root ? [b.root] : []), ...b.members].reduce<Line['state']>((bad, l) => (rank[l.state] > rank[bad] ? l.state : bad), 'up');
