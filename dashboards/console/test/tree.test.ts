import { expect, test } from 'vitest';
import { branches, worst, type Leaf } from '../src/logic/tree';

const line = (id: string, parent = '', town = '', state: Leaf['state'] = 'up'): Leaf => ({ id, name: id, parent, town, state, category_name: '区直' });
const drawn = (lines: Leaf[]) => branches(lines).map((b) => [b.name, b.root?.id ?? '', b.members.map((m) => m.id).join(' ')]);

test('lines hang on their uplink at every depth, in the order of the register', () => {
  expect(drawn([line('V2', 'T1'), line('T1'), line('V1', 'T1'), line('V3', 'V1'), line('T2'), line('V4', 'T2')])).toEqual([
    ['T1', 'T1', 'V2 V1 V3'],
    ['T2', 'T2', 'V4'],
  ]);
});

test('a line that hangs on nothing is with its town, or with its kind', () => {
  expect(drawn([line('T1', '', '龙河镇'), line('V1', 'T1', '龙河镇'), line('H1', '', '龙河镇'), line('X1', '', '青山镇'), line('X2', '', '青山镇'), line('Z')])).toEqual([
    ['T1', 'T1', 'V1 H1'],
    ['青山镇', '', 'X1 X2'],
    ['区直', '', 'Z'],
  ]);
});

test('a parent that is not there and a circle hang nothing up', () => {
  expect(drawn([line('A', 'gone', '镇')])).toEqual([['镇', '', 'A']]);
  expect(branches([line('A', 'B'), line('B', 'A')]).length).toBeGreaterThan(0);
});

test('the frame shows the worst', () => {
  const [b] = branches([line('T1'), line('V1', 'T1', '', 'unknown'), line('V2', 'T1', '', 'degraded')]);
  expect(b && worst(b)).toBe('degraded');
});
