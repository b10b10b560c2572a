import { describe, expect, it } from 'vitest';
import type { DistrictMap, Line } from '../src/api/client';
import { areaFinder, bare, draw } from '../src/logic/map';

const square = (west: number, south: number): number[][] => [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]];
const map = (...named: [string, number, number][]): DistrictMap => ({
  type: 'FeatureCollection',
  features: named.map(([name, x, y]) => ({ type: 'Feature', properties: { name }, geometry: { type: 'Polygon', coordinates: [square(x, y)] } })),
});
const line = (id: string, town: string, state: Line['state'] = 'up'): Line => ({ id, name: id, town, state, category_name: '村/社区', parent: '' }) as Line;

describe('a map of the towns', () => {
  it('knows a town by its name without its kind', () => {
    expect([bare('城关镇'), bare('东风街道办事处'), bare('东风街道'), bare('镇'), bare('城关')]).toEqual(['城关', '东风', '东风', '镇', '城关']);
  });

  it('takes an exact name first, and of two that differ only in their kind neither for the bare one', () => {
    const of = areaFinder(['城关镇', '城关街道', '新街镇', '柳河乡']);
    expect(['城关镇', '城关街道', '城关', '新街镇', '柳河', '柳河乡'].map(of)).toEqual([0, 1, undefined, 2, 3, 3]);
  });

  it('shows the worst of a town, and names lines that are on no area', () => {
    const drawn = draw(map(['城关镇', 0, 0], ['柳河乡', 1, 0]), [line('a', '城关'), line('b', '城关镇', 'down'), line('c', '柳河乡'), line('d', '远方镇')]);
    expect(drawn.areas.map((a) => [a.name, a.state, a.members.length])).toEqual([['城关镇', 'down', 2], ['柳河乡', 'up', 1]]);
    expect(drawn.beside.map((l) => l.id)).toEqual(['d']);
  });

  it('has north above and the names inside their areas', () => {
    const drawn = draw(map(['南', 0, 0], ['北', 0, 1]), []);
    const [south, north] = drawn.areas;
    expect(drawn.height).toBeCloseTo(1000);
    expect(drawn.width).toBeCloseTo(500, 0);
    expect(south?.y).toBeCloseTo(750);
    expect(north?.y).toBeCloseTo(250);
    expect(north?.x).toBeCloseTo(250, 0);
    expect(north?.path.startsWith('M0.0 500.0L')).toBe(true);
  });

  it('is no wider than the land is far from the equator', () => {
    const drawn = draw(map(['北国', 0, 59.5]), []);
    expect(drawn.width / drawn.height).toBeCloseTo(0.5, 2);
  });

  it('takes the largest piece of a town for its name, and an empty town as it is', () => {
    const drawn = draw({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: { name: '岛' }, geometry: { type: 'MultiPolygon', coordinates: [[square(0, 0)], [[[5, 0], [9, 0], [9, 4], [5, 4], [5, 0]]]] } }] }, []);
    expect(drawn.areas[0]?.x).toBeGreaterThan(500);
    expect(drawn.areas[0]?.state).toBe('up');
  });
});
