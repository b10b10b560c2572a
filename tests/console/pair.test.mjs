// The console of a pair: figures of both machines together, and where they differ.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { accessible, browse, opened, Served, until } from './stand.mjs';

const token = '5d41402abc4b2a76b9719d911017c592';
const ports = [21590, 21591];
/** Both machines miss L1. L2 answers the first one alone: the second asks a port at which nobody is. */
const node = (k) =>
  new Served(`pair-${k}`, ports[k], [], `node: ${'甲乙'[k]}机\npeer: { url: "http://127.0.0.1:${ports[1 - k]}", token: ${token}, rank: ${['first', 'second'][k]} }\n` +
    'defaults: { interval: 500ms, timeout: 400ms, fast_interval: 100ms, down_after: 2 }\n',
    ['L1,一号线,village,127.8.0.9,"tcp:port=7009,reset=bad"', `L2,二号线,village,127.8.0.9,"tcp:port=${7010 + k},reset=bad"`]);
const nodes = [node(0), node(1)];
const alone = new Served('pair-alone', 21592, []);
const line = createServer((socket) => socket.destroy());
let browser;
before(async () => {
  line.listen(7010, '127.8.0.9');
  await once(line, 'listening');
  await Promise.all([nodes[0], alone].map((n) => n.start()));
  // No second of L2 passes unseen by the first once the second looks.
  await until(async () => (await ask(0, '/api/v1/lines/L2')).state === 'up', 30, 'L2 answers the first one');
  await nodes[1].start();
  browser = await browse();
});
after(async () => {
  await browser?.close();
  await Promise.all([...nodes, alone].map((n) => n.stop()));
  line.close();
});

const ask = async (k, path) => (await fetch(nodes[k].url + path)).json();
/** There is no map here, and a daemon that begins is not ready yet: a browser writes both down. */
const serious = (wrong) => wrong.filter((w) => !w.includes('/readyz') && !w.includes('/api/v1/map') && !/status of (404|503)/.test(w));
async function visit(of, path, look) {
  const { context, page, wrong } = await opened(browser, of.url);
  try {
    await page.goto(`${of.url}/console/#${path}`);
    await look(page);
    assert.deepEqual(serious(wrong), []);
  } finally {
    await context.close();
  }
}
const bar = (page) => page.locator('[data-test=pair]');

test('either console says that figures are of both, and how the two stand to each other', async () => {
  for (const k of [0, 1]) {
    await until(async () => (await ask(k, '/api/v1/summary')).pair?.view === 'merged', 60, 'both are laid together');
    await visit(nodes[k], '/', async (page) => {
      await bar(page).getByText('两台合并：甲机、乙机').waitFor();
      assert.match(await bar(page).innerText(), /另一台已有本机账本（\d+ 秒前，尚欠 \d+ 条）[^]*另一台时钟差 [+-]?0\.\d+ s/);
      await accessible(page);
    });
    await visit(nodes[k], '/wall', async (page) => bar(page).getByText('两台合并：甲机、乙机').waitFor());
  }
});

test('a line that one of them sees up is no outage of both; who wants it sees this machine’s own, and the browser remembers it', async () => {
  await until(async () => (await ask(1, '/api/v1/outages?view=own')).outages.length === 2, 60, 'the second one misses both lines');
  await visit(nodes[1], '/outages', async (page) => {
    const rows = page.locator('table.list tbody tr');
    await rows.filter({ hasText: '一号线' }).waitFor();
    assert.equal(await rows.filter({ hasText: '二号线' }).count(), 0);
    await page.locator('[data-test=view-own]').click();
    await rows.filter({ hasText: '二号线' }).waitFor();
    await bar(page).getByText('本机所见', { exact: true }).waitFor();
    await page.reload();
    await rows.filter({ hasText: '二号线' }).waitFor();
    await page.locator('[data-test=view-merged]').click();
    await rows.filter({ hasText: '二号线' }).waitFor({ state: 'detached' });
    await rows.filter({ hasText: '一号线' }).getByRole('link').nth(1).click();
    await page.getByRole('heading', { level: 1, name: '一号线' }).waitFor();
    assert.equal(await page.locator('[data-test=elsewhere]').count(), 0, 'this machine saw it too');
  });
});

test('an outage that began a little earlier there is the same one under the id of here', async () => {
  const [both] = (await ask(0, '/api/v1/outages?line=L1')).outages;
  const [own] = (await ask(0, '/api/v1/outages?line=L1&view=own')).outages;
  assert.deepEqual(both.own, [own.id]);
  await visit(nodes[0], `/outages/${encodeURIComponent(own.id)}`, async (page) => page.getByRole('heading', { level: 1, name: '一号线' }).waitFor());
});

test('where they differ for half a minute is listed with what each saw, on the overview and the line’s page', async () => {
  await until(async () => (await ask(0, '/api/v1/differences')).count > 0, 90, 'longer than thirty seconds');
  for (const path of ['/', '/lines/L2'])
    await visit(nodes[0], path, async (page) => {
      const list = page.locator('[data-test=differences]');
      await list.getByText(/✓ 甲机 通/).waitFor();
      assert.match(await list.innerText(), /✕ 乙机 .*断/);
    });
});

test('报表 says that its files are of this machine’s ledger alone, and why', async () => {
  await visit(nodes[0], '/reports', async (page) => assert.match(await page.locator('[data-test=proven]').innerText(), /只按本机账本/));
});

test('a copy that cannot be read leaves this machine’s own, and the page says why', async () => {
  await nodes[1].stop();
  await nodes[0].stop();
  const { writeFileSync, rmSync } = await import('node:fs');
  for (const end of ['-wal', '-shm']) rmSync(`${nodes[0].folder}/ledger.db.peer${end}`, { force: true });
  writeFileSync(`${nodes[0].folder}/ledger.db.peer`, 'no ledger any more');
  await nodes[0].start();
  const said = await until(async () => (await ask(0, '/api/v1/summary')).pair?.view_problem?.text, 30, 'the reason');
  assert.ok(said);
  await visit(nodes[0], '/', async (page) => bar(page).getByText('暂不能合并，以下是本机所见').waitFor());
});

test('where a machine is alone nothing of a pair shows', async () => {
  for (const path of ['/', '/outages', '/wall', '/reports', '/lines/L1'])
    await visit(alone, path, async (page) => {
      await page.locator('section, header.card').first().waitFor();
      await page.waitForFunction(() => document.body.innerText.length > 100);
      assert.equal(await page.locator('[data-test=pair], [data-test=differences], [data-test=proven]').count(), 0, path);
    });
  assert.equal('pair' in (await (await fetch(`${alone.url}/api/v1/summary`)).json()), false);
});
