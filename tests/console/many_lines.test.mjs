// 10,000 lines: a server that plays the API, since no demo of that size need run for a table to be scrolled.
import assert from 'node:assert/strict';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { browse, opened, root } from './stand.mjs';

const lines = Array.from({ length: 10_000 }, (_, i) => ({
  id: `V${String(i).padStart(5, '0')}`, kind: 'line', name: `第${i}号专线`, category: 'village', category_name: '村/社区', town: `乡镇${i % 300}`, carrier: ['电信', '移动', '联通'][i % 3],
  unit: `单位${i}`, circuit: `CT-${100_000 + i}`, addresses: [`10.${i >> 8}.${i & 255}.1`], state: i % 997 ? 'up' : 'down', since: '2026-03-14T09:00:00.000+08:00', cause: i % 997 ? 'none' : 'timeout',
  cause_text: '', outage_open: false, degraded: false, flapping: false, unrecorded: false, rtt_s: 0.002, loss_ratio: 0, last_sample: null, today: { availability: 1, lower: 1, coverage: 1 },
}));
const summary = { now: '2026-03-14T10:00:00.000+08:00', heartbeat_age_s: 0.1, outages: [], outages_open: 0, categories: [], towns: [], carriers: [], ledger_remarks: [], total: { lines: 10_000, up: 9_989, down: 11, degraded: 0, unknown: 0 } };
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

const server = createServer((request, answer) => {
  const { pathname, searchParams } = new URL(request.url, 'http://here');
  if (pathname.startsWith('/api/')) {
    const [offset, limit] = [Number(searchParams.get('offset') ?? 0), Number(searchParams.get('limit'))];
    answer.setHeader('Content-Type', 'application/json');
    return answer.end(JSON.stringify(pathname === '/api/v1/lines' ? { total: lines.length, offset, limit, lines: lines.slice(offset, offset + limit) } : summary));
  }
  const file = join(root, 'dashboards/console/dist', pathname === '/console/' ? 'index.html' : pathname.slice('/console/'.length));
  if (!existsSync(file)) return answer.writeHead(404).end();
  answer.setHeader('Content-Type', types[extname(file)] ?? 'text/plain');
  return createReadStream(file).pipe(answer);
});

let browser;
let url;
before(async () => {
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${server.address().port}`;
  browser = await browse();
});
after(async () => {
  await browser?.close();
  server.closeAllConnections?.();
  server.close();
});

test('10,000 lines are one table of which only what is seen is drawn, to its last row', async () => {
  const { page, wrong } = await opened(browser, url);
  await page.goto(`${url}/console/#/lines`);
  await page.getByText('10000 / 10000').waitFor({ timeout: 30_000 });
  const rows = page.locator('.el-table-v2__main .el-table-v2__row');
  await rows.first().waitFor();
  const drawn = await rows.count();
  assert.ok(drawn > 5 && drawn < 60, `${drawn} rows are in the document`);
  const body = page.locator('.el-table-v2__main .el-table-v2__body > div').first();
  for (let i = 0; i < 20; ++i) {
    await body.evaluate((box, part) => (box.scrollTop = box.scrollHeight * part), (i + 1) / 20);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.ok((await rows.count()) > 5, `rows are drawn at ${i}/20`);
  }
  await page.locator('.el-table-v2__main .el-table-v2__row', { hasText: 'V09999' }).waitFor();
  assert.deepEqual(wrong, []);
});

test('the search over 10,000 lines answers, and those that are down come first', async () => {
  const { page } = await opened(browser, url);
  await page.goto(`${url}/console/#/lines?state=down`);
  await page.getByText('11 / 10000').waitFor({ timeout: 30_000 });
  await page.getByLabel('搜索').fill('10.39.15.1');
  await page.getByText('0 / 10000').waitFor();
  await page.getByLabel('搜索').fill('10.3.229.1');
  await page.getByText('1 / 10000').waitFor();
  await page.getByRole('button', { name: '清除' }).click();
  await page.getByText('10000 / 10000').waitFor();
  assert.match(await page.locator('.el-table-v2__main .el-table-v2__row').first().innerText(), /断/);
  await page.getByLabel('搜索').fill('第9999号');
  await page.getByText('1 / 10000').waitFor();
});
