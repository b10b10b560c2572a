/** The towns of a map with the state of their lines: shapes as SVG draws them. */
import type { DistrictMap, Line } from '../api/client';
import { worst } from './tree';

export interface Area {
  name: string;
  /** The `d` of an SVG path. */
  path: string;
  /** Where its name stands, and how much room there is. */
  x: number;
  y: number;
  room: number;
  members: Line[];
  state: Line['state'];
}

export interface Drawn {
  width: number;
  height: number;
  areas: Area[];
  /** Of no town on the map. */
  beside: Line[];
}

type Point = number[];
type Ring = Point[];

const across = 1000; // units of the drawing
const kinds = ['街道办事处', '办事处', '街道', '镇', '乡', '街'];

/** Without what kind of town it is: registers and maps differ in that. */
export function bare(name: string): string {
  const kind = kinds.find((k) => name.length > k.length && name.endsWith(k));
  return kind ? name.slice(0, -kind.length) : name;
}

/** Which area a town is: the one of its name, else the only one that is called so but for the kind. As `check` does (settings/district_map). */
export function areaFinder(names: string[]): (town: string) => number | undefined {
  const whole = new Map(names.map((name, i) => [name, i]));
  const alike = new Map<string, number | undefined>();
  names.forEach((name, i) => alike.set(bare(name), alike.has(bare(name)) ? undefined : i));
  return (town) => whole.get(town) ?? alike.get(bare(town));
}

const outer = (feature: DistrictMap['features'][number]): Ring[][] =>
  (feature.geometry.type === 'Polygon' ? [feature.geometry.coordinates] : feature.geometry.coordinates) as Ring[][];

/** Twice the area of a ring, signed, and the middle of it. */
function middle(ring: Ring): { size: number; x: number; y: number } {
  let [size, x, y] = [0, 0, 0];
  ring.forEach((p, i) => {
    const q = ring[(i + 1) % ring.length] as Point;
    const [px = 0, py = 0] = p;
    const [qx = 0, qy = 0] = q;
    const cross = px * qy - qx * py;
    size += cross;
    x += (px + qx) * cross;
    y += (py + qy) * cross;
  });
  const [fx = 0, fy = 0] = ring[0] ?? [];
  return size === 0 ? { size, x: fx, y: fy } : { size, x: x / (3 * size), y: y / (3 * size) };
}

export function draw(map: DistrictMap, lines: Line[]): Drawn {
  const all = map.features.flatMap((f) => outer(f).flat(2)) as Point[];
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x = 0, y = 0] of all) [west, east, south, north] = [Math.min(west, x), Math.max(east, x), Math.min(south, y), Math.max(north, y)];
  // A degree of longitude is shorter than one of latitude, by the cosine of where we are.
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = across / Math.max((east - west) * narrow, north - south, 1e-9);
  const place = ([x = 0, y = 0]: Point): Point => [(x - west) * narrow * scale, (north - y) * scale];

  const areaOf = areaFinder(map.features.map((f) => f.properties.name));
  const byArea = new Map<number, Line[]>();
  for (const line of lines) {
    const area = areaOf(line.town);
    if (area !== undefined) byArea.set(area, [...(byArea.get(area) ?? []), line]);
  }
  const areas = map.features.map((f, i): Area => {
    const shapes = outer(f).map((rings) => rings.map((ring) => ring.map(place)));
    const path = shapes.flat().map((ring) => `M${ring.map((p) => p.map((n) => n.toFixed(1)).join(' ')).join('L')}Z`).join('');
    const largest = shapes.map((rings) => middle(rings[0] ?? [])).reduce((a, b) => (Math.abs(b.size) > Math.abs(a.size) ? b : a));
    const members = byArea.get(i) ?? [];
    return { name: f.properties.name, path, x: largest.x, y: largest.y, room: Math.sqrt(Math.abs(largest.size) / 2), members, state: worst({ key: '', name: '', root: null, members }) };
  });
  const drawn = new Set(areas.flatMap((a) => a.members.map((m) => m.id)));
  return { width: (east - west) * narrow * scale, height: (north - south) * scale, areas, beside: lines.filter((l) => !drawn.has(l.id)) };
}
