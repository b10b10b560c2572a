import { describe, expect, it } from 'vitest';
import { byCause, causes, causeText, type Told } from '../src/logic/causes';

const outage = (id: string, began: number, more: Partial<Told> = {}): Told => ({
  id, began: `2026-03-14T09:00:${String(began).padStart(2, '0')}.000+08:00`, cause: 'timeout', found: 'none', upstream: '', upstream_name: '', carrier: '电信', ...more,
});
const below = (root: string): Partial<Told> => ({ found: 'upstream', upstream: root, upstream_name: `${root}的名字` });
const shape = (all: Told[]) => byCause(all).map((g) => [g.root || g.cause, g.first?.id ?? '', g.others.map((o) => o.id).join(' ')]);

describe('outages by cause', () => {
  it('put a line before those that it took along', () => {
    expect(shape([outage('V2', 4, below('T1')), outage('T1', 2), outage('V1', 3, below('T1'))])).toEqual([['T1', 'T1', 'V1 V2']]);
  });
  it('go to the uppermost line, over any number of levels', () => {
    const all = [outage('B', 1), outage('T', 2, below('B')), outage('V', 3, below('T'))];
    expect(shape(all)).toEqual([['B', 'B', 'T V']]);
  });
  it('name a line that is well again, or not in the list, from those below it', () => {
    const [group] = byCause([outage('V1', 1, below('T1'))]);
    expect(group).toMatchObject({ root: 'T1', rootName: 'T1的名字', first: undefined });
  });
  it('end where two lines name each other', () => {
    expect(byCause([outage('A', 1, below('B')), outage('B', 2, below('A'))]).flatMap((g) => [g.first, ...g.others].filter(Boolean))).toHaveLength(2);
  });
  it('are told apart by what was found, and a carrier by its name', () => {
    const all = [outage('V1', 1, { found: 'site_power' }), outage('V2', 2, { found: 'carrier' }), outage('V3', 3, { found: 'carrier' }), outage('V4', 4, { found: 'carrier', carrier: '移动' })];
    expect(shape(all)).toEqual([['carrier', '', 'V2 V3'], ['site_power', '', 'V1'], ['carrier', '', 'V4']]);
  });
  it('without a finding go by how the line failed', () => {
    expect(shape([outage('V1', 1, { found: 'unexplained' }), outage('V2', 2, { found: 'own_line' }), outage('V3', 3, { cause: 'refused' })])).toEqual([
      ['timeout', '', 'V1 V2'],
      ['refused', '', 'V3'],
    ]);
  });
  it('lose nobody and tell nobody twice', () => {
    const all = Array.from({ length: 60 }, (_, i) => outage(`V${i}`, i, i % 3 ? below(`V${(i * 7) % 60}`) : {}));
    const told = byCause(all).flatMap((g) => [...(g.first ? [g.first] : []), ...g.others].map((o) => o.id));
    expect(told.sort()).toEqual(all.map((o) => o.id).sort());
  });
});

describe('the list of causes', () => {
  it("is the daemon's own", () => {
    expect(causes.size).toBeGreaterThan(40);
    expect(causeText('upstream', 'zh')).toBe('上级线路中断');
    expect(causeText('upstream', 'en')).toBe('its upstream line is down');
    expect(causeText('none', 'zh')).toBe('');
    expect(causeText('of tomorrow', 'zh')).toBe('of tomorrow');
  });
});
