import { describe, expect, it } from 'vitest';
import { civilAt, deciding, momentRow, momentsOf, samplesOf, type Sample } from '../src/logic/samples';

const zero = Date.parse('2026-03-14T02:41:00.000+08:00');
const iso = (s: number): string => `2026-03-14T02:41:${String(s).padStart(2, '0')}.000+08:00`;
const series = (check: string, outcomes: string) => ({
  check,
  at_ms: [...outcomes].map((_, i) => zero + i * 1000),
  rtt_ms: [...outcomes].map((o) => (o === 'g' ? 4.12 : null)),
  outcome: [...outcomes].map((o) => (o === 'g' ? ('good' as const) : o === 'b' ? ('bad' as const) : ('not_measured' as const))),
  cause: [...outcomes].map((o) => (o === 'b' ? 'timeout' : o === 'n' ? 'late' : '')),
});
const letters = (rows: Sample[]): string => rows.map((s) => s.outcome[0]).join('');
const outage = { began: iso(3), began_after: iso(2), confirmed: iso(6), ended: iso(10), ended_after: iso(9), decided_by: 'L1/icmp' };

describe('samples', () => {
  it('of several checks are one list by time', () => {
    const all = samplesOf([series('L1/tcp', 'gb'), series('L1/icmp', 'gb')]);
    expect(all.map((s) => s.check)).toEqual(['L1/icmp', 'L1/tcp', 'L1/icmp', 'L1/tcp']);
    expect(all[0]).toEqual({ check: 'L1/icmp', at: zero, rtt: 4.12, outcome: 'good', cause: '' });
    expect(all[3]?.cause).toBe('timeout');
  });
  it('that decided are those from the last good one to the confirming one, and from the last bad one to the second good one', () => {
    const all = samplesOf([series('L1/icmp', 'gggbbbbbbbgggg'), series('L1/snmp', 'gggggggggggggg')]);
    expect(letters(deciding(all, outage).rows)).toBe('gbbbb' + 'bgg');
  });
  it('have the words of its moments in rows of their own, however near they are', () => {
    const words = { first: '首次失败', confirmed: '确认', back: '恢复' };
    const all = momentsOf({ began: iso(3), confirmed: iso(3), ended: iso(4) }, words);
    expect(all.map((m) => m.name)).toEqual(['首次失败', '确认', '恢复']);
    const heights = all.map((m) => m.label.distance[1]);
    for (const [i, one] of heights.entries()) for (const other of heights.slice(i + 1)) expect(Math.abs(one - other)).toBeGreaterThanOrEqual(momentRow);
    expect(momentsOf({ began: iso(3), confirmed: iso(6), ended: null }, words).length).toBe(2);
  });
  it('of an outage that lasts end with the confirming one', () => {
    const all = samplesOf([series('L1/icmp', 'ggnbbbbbbb')]);
    expect(letters(deciding(all, { ...outage, ended: null, ended_after: null }).rows)).toBe('nbbbb');
  });
  it('that are too many for a table are cut in the middle, and the rest is counted', () => {
    const all = samplesOf([series('L1/icmp', 'ggg' + 'b'.repeat(200))]);
    const late = { ...outage, confirmed: new Date(zero + 150_000).toISOString(), ended: null, ended_after: null };
    expect(deciding(all, late)).toMatchObject({ more: 149 - 60 });
    expect(deciding(all, late).rows).toHaveLength(60);
  });
  it('show their instants in the zone of the district, whatever that of the browser is', () => {
    expect(civilAt(zero + 250, outage.began)).toBe('2026-03-14 02:41:00.250');
    expect(civilAt(zero, '2026-03-14T00:00:00.000-03:30')).toBe('2026-03-13 15:11:00.000');
  });
});
