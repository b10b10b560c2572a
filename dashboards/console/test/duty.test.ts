import { expect, test } from 'vitest';
import type { DutyRecord } from '../src/api/client';
import { standing } from '../src/logic/duty';

const record = (day: string, person: string, source = 'api'): DutyRecord => ({ at: '', day, person, source, author: '', text: '', via: '', late: false });

test('the last word of a person and a day stands, and one that was taken back is seen as such', () => {
  const rows = standing([record('2026-03-14', '李工'), record('2026-03-15', '李工'), record('2026-03-15', '王工'), record('2026-03-15', '李工', 'withdrawn')]);
  expect(rows.map((r) => [r.day, r.person, r.withdrawn])).toEqual([
    ['2026-03-15', '李工', true],
    ['2026-03-15', '王工', false],
    ['2026-03-14', '李工', false],
  ]);
  expect(standing([record('2026-03-15', '李工'), record('2026-03-15', '李工', 'withdrawn'), record('2026-03-15', '李工')])[0]?.withdrawn).toBe(false);
});
