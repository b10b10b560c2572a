/** Checks json/ and ../rules: lint [--prometheus URL [--minutes N] [--at SECONDS,…]]. With a Prometheus every query is
 * asked too, over the minutes before now or before each of some instants (since 1970), and must have data at one. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { json } from './folders.js';
import { parseArgs } from 'node:util';
import { knownMetrics } from './known.js';
import { Asker, live } from './live.js';
import type { BoardJson } from './model.js';
import { still } from './still.js';

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { prometheus: { type: 'string' }, minutes: { type: 'string', default: '30' }, at: { type: 'string' } } });
  const folder = json;
  const boards = new Map(
    readdirSync(folder).map((f): [string, BoardJson] => [f, JSON.parse(readFileSync(join(folder, f), 'utf8')) as BoardJson]),
  );
  const complaints = still(boards, knownMetrics());
  let asked = 0;
  if (values.prometheus) {
    const ask = new Asker(values.prometheus);
    const moments = values.at ? values.at.split(',').map(Number) : [Math.floor(Date.now() / 1000)];
    const range = Number(values.minutes) * 60;
    const step = Math.max(5, Math.round(range / 200));
    complaints.push(...(await live(ask, boards, moments.map((to) => ({ from: to - range, to, step })))));
    asked = ask.asked;
  }
  complaints.forEach((c) => console.error(c));
  const targets = [...boards.values()].flatMap((b) => b.panels).flatMap((p) => p.targets ?? []).length;
  console.log(`${boards.size} 个面板文件，${targets} 个查询，向 Prometheus 提问 ${asked} 次，${complaints.length} 处问题`);
  return complaints.length === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (e: unknown) => {
    console.error(e);
    process.exit(1);
  },
);
