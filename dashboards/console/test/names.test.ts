/** What a field is called is decided once, by the daemon: forms, its sentences and the tables say the same. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Refusal } from '../src/api/client';
import { fieldOf } from '../src/logic/sending';
import { tables } from '../src/logic/inventory';
import { zh } from '../src/words/zh';

const source = (name: string): string => readFileSync(new URL(`../../../daemon/${name}`, import.meta.url), 'utf8');

test('fields of lines and sites are called as in lines.csv and sites.csv', () => {
  const said = { line: source('settings/line_columns.cpp'), site: source('settings/table_columns.cpp') };
  const labels = zh.inventory.field as Record<string, string>;
  for (const of of ['line', 'site'] as const) {
    const names = new Map([...said[of].matchAll(/\{"([a-z_]+)", "([^"]+)"(?:, true)?\}/g)].map((m) => [m[1], m[2]]));
    for (const f of tables[of].fields) expect(labels[f]?.replace('（Mbit/s）', ''), f).toBe(names.get(f));
  }
});

test('fields of what people enter are called as the daemon calls them in its refusals', () => {
  const called = (file: string, command: string, field: string): string | undefined => new RegExp(`&${command}::${field}, "${field}", "([^"]+)"`).exec(source(`core/${file}.h`))?.[1];
  for (const f of ['targets', 'from', 'to', 'text'] as const) expect(zh.windows[f], f).toBe(called('declared_window', 'window_command', f));
  for (const f of ['day', 'person', 'text'] as const) expect(zh.duty[f], f).toBe(called('declared_duty', 'duty_command', f));
});

test('a refusal leads back to its field', () => {
  const of = (en: string): string | null => fieldOf(new Refusal(400, 'bad_body', '', en));
  expect(of('the body cannot be read: from: is missing')).toBe('from');
  expect(of('day: no day')).toBe('day');
  expect(of('there is a window already')).toBeNull();
});
