// The samples around an outage, on its page. A clean stop enters what was seen so far, so the demo is started twice: ten minutes are too long.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, colours, Demo, opened, until } from './stand.mjs';

const demo = new Demo('samples', 21588, '--lines', 40, '--speed', 3, '--seed', 7);
let browser;
let outage;
before(async () => {
  await demo.start();
  browser = await browse();
  outage = await until(async () => (await demo.get('/api/v1/outages')).outages.find((o) => o.ended), 120, 'an outage that is over');
});
after(async () => {
  await browser?.close();
  await demo.stop();
});

const card = (page) => page.locator('section.card', { has: page.getByRole('heading', { name: '中断前后的样本' }) });
async function visit(look, options) {
  const { context, page, wrong } = await opened(browser, demo.url, options);
  try {
    await page.goto(`${demo.url}/console/#/outages/${encodeURIComponent(outage.id)}`);
    await look(page);
    assert.deepEqual(wrong.filter((w) => !w.includes('/readyz') && !w.includes('status of 503')), []);
  } finally {
    await context.close();
  }
}

test('before its entry is there the page says when it comes', async () => {
  await visit((page) => card(page).getByText('届时显示在这里').waitFor());
});

test('then it draws every sample and lists those that decided, from the first bad one on', async () => {
  await demo.stop();
  await demo.start();
  const found = await demo.get(`/api/v1/outages/${encodeURIComponent(outage.id)}`);
  assert.ok(found.samples.length > 0, 'the journal has them');
  for (const colorScheme of ['light', 'dark'])
    await visit(async (page) => {
      await card(page).locator('canvas').first().waitFor();
      await until(async () => (await colours(page, 'section.card .samples canvas')) >= 3, 20, 'the chart is not empty');
      const rows = await card(page).locator('tbody tr').allInnerTexts();
      const began = rows.findIndex((r) => r.includes(outage.began.slice(0, 23).replace('T', ' ')));
      assert.ok(began >= 0, `the first bad sample is listed: ${rows.slice(0, 5)}`);
      assert.match(rows[began], /坏/);
      if (began > 0) assert.match(rows[began - 1], /好/);
      assert.match(rows.at(-1), /好/, 'the one that ended it');
      await card(page).getByText('账本留有').first().waitFor();
    }, { colorScheme });
});
