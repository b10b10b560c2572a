/** node pictures.mjs --prometheus URL [--minutes N] [--out DIR]: a picture of every board, on a wall and on a laptop.
 * Exit code 1 if a panel shows an error, or nothing at all where `--strict` is given. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const { values: o } = parseArgs({
  options: {
    prometheus: { type: 'string', default: 'http://127.0.0.1:9090' },
    minutes: { type: 'string', default: '30' },
    out: { type: 'string', default: '../pictures' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    board: { type: 'string', multiple: true },
    line: { type: 'string' },
    strict: { type: 'boolean', default: false },
  },
});

const shots = [
  ['overview', 1920, 'dark'], ['overview-laptop', 1366, 'light'], ['line', 1366, 'dark'], ['carriers', 1600, 'dark'],
  ['sites', 1366, 'dark'], ['indicators', 1366, 'dark'], ['self', 1366, 'dark'],
].filter(([name]) => !o.board || o.board.includes(name));

mkdirSync(o.out, { recursive: true });
const server = await preview({ preview: { port: 0, host: '127.0.0.1' }, logLevel: 'warn' });
const browser = await chromium.launch({ executablePath: o.chromium, args: ['--no-sandbox', '--disable-gpu', '--disable-web-security'] });
let bad = 0;
for (const [name, width, theme] of shots) {
  const page = await browser.newPage({ viewport: { width, height: 1000 } });
  page.on('pageerror', (e) => console.error(`${name}: ${e.message}`));
  const ask = new URLSearchParams({ board: name.split('-')[0], prometheus: o.prometheus, width, minutes: o.minutes, theme });
  if (o.line) ask.set('var-line', o.line);
  await page.goto(`${server.resolvedUrls.local[0]}?${ask}`);
  await page.waitForSelector('#board', { timeout: 30_000 });
  const box = await (await page.$('#board')).boundingBox();
  await page.setViewportSize({ width, height: Math.ceil(box.height) }); // tables draw only rows that can be seen
  await page.waitForFunction(() => document.querySelectorAll('.waiting').length === 0, null, { timeout: 60_000 });
  await page.waitForTimeout(1500);
  const errors = await page.$$eval('.done pre', (all) => all.map((e) => e.textContent.slice(0, 300)));
  const empty = await page.$$eval('[data-empty="true"]', (all) => all.map((e) => e.dataset.title));
  await (await page.$('#board')).screenshot({ path: `${o.out}/${name}.png` });
  try {
    execFileSync('pngquant', ['--force', '--ext', '.png', '--speed', '1', '128', `${o.out}/${name}.png`]);
  } catch {
    console.error(`${name}: 没有 pngquant，图片未压缩`);
  }
  console.log(`${name}: ${errors.length} 个错误${empty.length ? `，无数据：${empty.join('、')}` : ''}`);
  errors.forEach((e) => console.error(e));
  bad += errors.length + (o.strict ? empty.length : 0);
  await page.close();
}
await browser.close();
await server.close();
process.exit(bad > 0 ? 1 : 0);
