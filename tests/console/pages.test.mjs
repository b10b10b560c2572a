// Each page of the console on the running demo, in a real browser.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { barriers, browse, colours, Demo, opened, painted, root, until } from './stand.mjs';

const demo = new Demo('pages', 21580, '--lines', 60, '--speed', 2, '--seed', 10);
let browser;
before(async () => {
  await demo.start();
  browser = await browse();
});
after(async () => {
  await browser?.close();
  await demo.stop();
});

/** /readyz is 503 while the daemon is not ready, which the page says; a browser writes it down all the same. */
const serious = (wrong) => wrong.filter((w) => !w.includes('/readyz') && !w.includes('status of 503'));

/** Opens one page in a context of its own, which `before` prepares, looks at it, and asks that nothing was complained of. */
async function visit(path, look, options, before = () => undefined) {
  const { context, page, wrong } = await opened(browser, demo.url, options);
  try {
    await before(page);
    await page.goto(`${demo.url}/console/#${path}`);
    await look(page);
    assert.deepEqual(serious(wrong), []);
  } finally {
    await context.close();
  }
}
const card = (page, title) => page.locator('section.card', { has: page.getByRole('heading', { name: title }) });
const anOutage = async () => {
  const { lines } = await demo.get('/api/v1/lines?kind=line');
  const known = new Set(lines.map((l) => l.id).filter((id) => id !== 'archive' && !id.startsWith('t-')));
  return until(async () => (await demo.get('/api/v1/outages')).outages.find((o) => known.has(o.target)), 90, 'an outage of a line');
};

test('the console asks and reads what the daemon\'s own document says: its types are made from it, and everything is held to them', async () => {
  const folder = join(root, 'dashboards/console');
  const asked = join(demo.folder, 'openapi.json');
  writeFileSync(asked, await (await fetch(`${demo.url}/api/v1/openapi.json`)).text());
  const tool = (name, ...words) => {
    const done = spawnSync(join(folder, 'node_modules/.bin', name), words, { cwd: folder, encoding: 'utf8' });
    assert.equal(done.status, 0, done.stdout + done.stderr);
  };
  tool('openapi-typescript', asked, '-o', 'src/api/schema.d.ts');
  tool('vue-tsc', '--noEmit');
});

/** The path as it is written: fetch would take the dots out of it. */
const statusOf = (path) =>
  new Promise((done, failed) => {
    const { hostname, port } = new URL(demo.url);
    request({ hostname, port, path }, (answer) => done(answer.resume().statusCode)).on('error', failed).end();
  });

test('what is sent forbids inline scripts, is kept for a year where its name has a hash, and never leaves the folder', async () => {
  const page = await fetch(`${demo.url}/console/`);
  assert.match(page.headers.get('content-security-policy'), /default-src 'self'/);
  assert.doesNotMatch(page.headers.get('content-security-policy'), /unsafe/);
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  const html = await page.text();
  assert.doesNotMatch(html, /<script(?![^>]*src=)/, 'no inline script');
  assert.doesNotMatch(html, /style=|https?:\/\//);
  const [, script] = html.match(/src="(\/console\/assets\/[^"]+\.js)"/);
  const asset = await fetch(demo.url + script);
  assert.equal(asset.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(asset.headers.get('content-encoding'), 'gzip');
  const tag = asset.headers.get('etag');
  await asset.arrayBuffer();
  const again = await fetch(demo.url + script, { headers: { 'If-None-Match': tag } });
  assert.equal(again.status, 304);
  assert.equal((await again.arrayBuffer()).byteLength, 0);
  for (const path of ['/console/..%2f..%2fREADME.md', '/console/%2e%2e/changtong.yaml', '/console/.gitignore', '/console/nothing.js'])
    assert.ok([400, 404].includes(await statusOf(path)), path);
  assert.match(await (await fetch(`${demo.url}/status`)).text(), /href="\/console\/"/, 'the status page leads to it');
});

test('a link to an outage that names no instant says that there is none', async () => {
  await visit('/outages/foo', async (page) => page.getByText('foo').waitFor());
});

test('总览 shows every group, the figures and an outage as it begins, without being opened anew', async () => {
  await visit('/', async (page) => {
    await page.locator('.tile b').first().waitFor();
    assert.equal(await page.locator('.tile b').first().textContent(), '60');
    await card(page, '今日畅通率').locator('.large').waitFor();
    for (const name of ['按类别', '按乡镇', '按运营商', '监测自身', '近一小时的变化']) await card(page, name).waitFor();
    const seen = new Set();
    await page.evaluate(() => (window.stays = true));
    await until(async () => {
      for (const o of (await demo.get('/api/v1/summary')).outages) seen.add(o.name);
      const text = await card(page, '当前中断').innerText();
      return [...seen].some((name) => text.includes(name) && name !== '云泽区数字档案馆');
    }, 90, 'an outage shows on the open page');
    assert.equal(await page.evaluate(() => window.stays), true, 'the same page');
    await page.locator('canvas').first().waitFor();
    await until(async () => (await colours(page, 'canvas')) >= 3, 20, 'the chart of days shows bars');
  });
});

test('an outage of an uplink comes first, with those that it took along', async () => {
  await visit('/', async (page) => {
    const group = page.locator('article.group', { hasText: '连带' }).first();
    await group.waitFor({ timeout: 120_000 });
    assert.match(await group.locator('h3').innerText(), /连带 \d+ 条/);
    assert.ok((await group.locator('li').count()) > 0);
  });
});

test('大屏 draws every line with its uplink, stays on a wall of any size, and turns red with an outage', async () => {
  const { lines } = await demo.get('/api/v1/lines?kind=line');
  for (const viewport of [{ width: 1366, height: 768 }, { width: 3840, height: 2160 }, { width: 390, height: 844 }])
    await visit('/wall?view=tree', async (page) => {
      await page.locator('article.branch').first().waitFor();
      const roots = await page.locator('article.branch h2 a').count();
      assert.equal((await page.locator('.dot').count()) + roots, lines.length, 'each line once');
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)) <= 0, 'no wider than the wall');
      assert.equal(await page.locator('header.top').count(), 0);
    }, { viewport });
  await visit('/wall?view=tree', async (page) => {
    await until(async () => (await page.locator('article.branch.down').count()) > 0, 120, 'a branch with an outage');
    await page.locator('aside article.group').first().waitFor();
    await page.locator('a.dot.down, article.branch h2 .down').first().waitFor();
    await page.getByRole('link', { name: '退出大屏' }).click();
    await card(page, '当前中断').waitFor();
  });
});

test('大屏 draws the office’s map, each town as its worst line, and leads to its lines', async () => {
  const [{ lines }, { features }] = await Promise.all([demo.get('/api/v1/lines?kind=line'), demo.get('/api/v1/map')]);
  for (const viewport of [{ width: 1366, height: 768 }, { width: 3840, height: 2160 }, { width: 390, height: 844 }])
    await visit('/wall', async (page) => {
      await page.locator('svg.towns .count').first().waitFor();
      assert.equal(await page.locator('svg.towns path').count(), features.length);
      const counted = (await page.locator('svg.towns .count').allTextContents()).map((text) => Number(text.split('/')[1]));
      assert.equal(counted.reduce((a, b) => a + b, 0) + (await page.locator('.dot').count()), lines.length, 'each line once, on the map or beside it');
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)) <= 0, 'no wider than the wall');
    }, { viewport });
  await visit('/wall', async (page) => {
    await until(async () => (await page.locator('svg.towns a.down').count()) > 0, 120, 'a town with an outage');
    const town = page.locator('svg.towns a.down').first();
    const name = (await town.getAttribute('aria-label')).split('：')[0];
    if (process.env.CHANGTONG_KEEP) await page.screenshot({ path: `${process.env.CHANGTONG_KEEP}/map.png` });
    await town.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/lines\?town=/);
    await page.locator('.el-table-v2__row', { hasText: name.replace(/(街道|镇|乡)$/, '') }).first().waitFor();
    await page.goBack();
    await page.getByRole('link', { name: '按上级排列' }).click();
    await page.locator('article.branch').first().waitFor();
    assert.match(page.url(), /view=tree/);
  });
});

test('线路 finds by name, unit, circuit and address, keeps the filter in the address, and exports what it shows', async () => {
  const { lines } = await demo.get('/api/v1/lines?kind=line&category=village&limit=3');
  const [wanted] = lines;
  await visit('/lines', async (page) => {
    const rows = page.locator('.el-table-v2__row');
    await rows.first().waitFor();
    for (const text of [wanted.id, wanted.name, wanted.unit, wanted.circuit, wanted.addresses[0]]) {
      await page.getByLabel('搜索').fill(text);
      await page.locator('.el-table-v2__row', { hasText: wanted.id }).first().waitFor();
    }
    await page.getByLabel('搜索').fill(wanted.circuit);
    await until(async () => (await page.getByRole('search').innerText()).includes('1 / 60'), 5, 'one of sixty');
    assert.match(page.url(), /q=/);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: '导出所见' }).click();
    const file = await (await saved).createReadStream();
    const text = Buffer.concat(await file.toArray()).toString('utf8');
    assert.match(text, /^\ufeff状态,名称,编号/);
    assert.equal(text.trim().split('\r\n').length, 2);
    assert.ok(text.includes(wanted.circuit));
    await page.getByLabel('搜索').fill('没有这样的线路');
    await page.getByText('没有符合的线路').waitFor();
  });
});

test('a filter is kept under a name, over a reload of the page, until it is deleted', async () => {
  await visit('/lines', async (page) => {
    await page.locator('.el-table-v2__row').first().waitFor();
    assert.equal(await page.getByRole('button', { name: '存为…' }).isDisabled(), true, 'there is no filter yet');
    await page.getByLabel('搜索').fill('村');
    await page.getByRole('button', { name: '存为…' }).click();
    await page.getByLabel('筛选的名称').fill('各村');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByRole('button', { name: '删除此筛选' }).waitFor();
    await page.getByRole('button', { name: '清除' }).click();
    await page.reload();
    await page.locator('.el-table-v2__row').first().waitFor();
    await page.getByRole('search').locator('.el-select', { hasText: '已存的筛选' }).click();
    await page.getByRole('option', { name: '各村' }).click();
    await until(async () => (await page.getByLabel('搜索').inputValue()) === '村', 5, 'it is the filter again');
    await page.getByRole('button', { name: '删除此筛选' }).click();
    await page.getByRole('button', { name: '存为…' }).waitFor();
  });
});

test('a line has its page: state, thirty days, outages, facts and a chart that is not empty', async () => {
  const outage = await anOutage();
  await visit(`/lines/${outage.target}`, async (page) => {
    await page.getByRole('heading', { level: 1, name: outage.name }).waitFor();
    assert.equal(await page.locator('.bars .bar').count(), 30);
    await card(page, '登记与实测').getByText(outage.target, { exact: true }).waitFor();
    await card(page, '中断').locator('tbody tr').first().waitFor();
    await until(async () => (await colours(page, '[data-test=days] canvas')) >= 3, 20, 'the chart of days shows a bar');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, 'nothing is wider than the screen');
    await page.locator('.bars .bar').last().click();
    await page.locator('tbody', { hasText: outage.name }).waitFor();
  });
  await visit('/lines/none-such', async (page) => page.getByRole('alert').waitFor()).catch((e) => assert.match(e.message, /404/));
});

for (const colorScheme of ['light', 'dark'])
  test(`a line has charts of the last day that are not empty, ${colorScheme}: delay and what was lost, traffic, optical power`, async () => {
    const outage = await anOutage();
    const { interfaces } = await until(async () => {
      const kept = await demo.get(`/api/v1/lines/${outage.target}/recent`);
      return kept.interfaces.some((i) => i.traffic?.in_bps.some((v) => v !== null)) && kept;
    }, 60, 'traffic of the line');
    await visit(`/lines/${outage.target}`, async (page) => {
      const shows = (chart, colour) => until(async () => (await painted(page, `[data-test=${chart}] canvas`, colour)) > 20, 20, `${colour} on the chart of ${chart}`);
      await shows('delay', '--line-one');
      await shows('delay', '--down-fill');
      await shows('traffic', '--line-one');
      if (interfaces[0].optics?.receive_dbm.some((v) => v !== null)) await shows('optics', '--line-one');
      const table = page.locator('[data-test=delay] details');
      await table.locator('summary').click();
      await table.locator('tbody tr').first().waitFor();
      assert.match(await table.locator('tbody').innerText(), /平均 [\d.]+ ms；最小至最大 .* ms；丢包 [\d.]+ %；\d+ 个样本/);
      assert.match(await table.locator('tbody tr').last().innerText(), /没有观测/, 'before the start nobody looked');
      assert.deepEqual(await barriers(page), []);
    }, { colorScheme });
  });

test('the websites have a chart of the time they took to open, one at a time', async () => {
  const { lines } = await demo.get('/api/v1/lines?kind=site');
  await visit('/sites', async (page) => {
    await until(async () => (await painted(page, '[data-test=delay] canvas', '--line-one')) > 20, 20, 'the time to open');
    await page.getByRole('combobox', { name: '哪个网站的打开时间' }).click();
    const asked = page.waitForResponse((r) => r.url().endsWith(`/api/v1/sites/${lines[1].id}/recent`));
    await page.getByRole('option', { name: lines[1].name }).click();
    assert.equal((await asked).status(), 200);
    await page.locator('[data-test=delay] canvas').waitFor();
  });
});

test('a chart without figures says why, and a short memory says how short', async () => {
  const { lines } = await demo.get('/api/v1/lines?kind=line&limit=1');
  const kept = await demo.get(`/api/v1/lines/${lines[0].id}/recent`);
  const shown = (change, text) =>
    visit(`/lines/${lines[0].id}`, (page) => page.getByText(text).first().waitFor(), undefined, (page) => page.route('**/recent', (route) => route.fulfill({ json: { ...kept, ...change } })));
  await shown({ since: null }, '还没有样本');
  await shown({ span_s: 0, measured: [], bad: [] }, '没有保留：内存预算太小');
  await shown({ span_s: 17_100 }, '内存只够保留 4 小时 45 分，本应 24 小时');
});

test('故障 lists outages; one has its page, and is taken care of with a token', async () => {
  const outage = await anOutage();
  await visit('/outages', async (page) => {
    await page.locator('tbody tr').first().waitFor();
    await page.locator(`tbody a[href*="${encodeURIComponent(outage.began).replaceAll('%3A', ':').slice(0, 10)}"]`).first().waitFor();
  });
  await visit(`/outages/${encodeURIComponent(outage.id)}`, async (page) => {
    await page.getByRole('heading', { level: 1, name: outage.name }).waitFor();
    await card(page, '起止与误差范围').waitFor();
    await card(page, '原因与观测').waitFor();
    await page.getByRole('button', { name: '接手' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=password]').fill(demo.token);
    await dialog.locator('textarea').fill('已联系运营商');
    await dialog.getByRole('button', { name: '接手' }).click();
    await card(page, '接手').getByText('李工').waitFor({ timeout: 15_000 });
    await card(page, '接手').getByText('已联系运营商').waitFor();
  });
  const { acknowledgements } = await demo.get('/api/v1/acknowledgements');
  assert.equal(acknowledgements[0].line, outage.target);
  assert.equal(acknowledgements[0].author, '李工');
});

test('a wrong token is refused with the reason, and nothing is written', async () => {
  const outage = await anOutage();
  const before = (await demo.get('/api/v1/acknowledgements')).acknowledgements.length;
  const { context, page } = await opened(browser, demo.url);
  await page.goto(`${demo.url}/console/#/outages/${encodeURIComponent(outage.id)}`);
  await page.getByRole('button', { name: '接手' }).click();
  await page.getByRole('dialog').locator('input[type=password]').fill('wrong');
  await page.getByRole('dialog').getByRole('button', { name: '接手' }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await context.close();
  assert.equal((await demo.get('/api/v1/acknowledgements')).acknowledgements.length, before);
});

for (const [path, sign] of [
  ['/windows', '今年没有停机窗口'],
  ['/duty', '值班'],
  ['/sites', '云泽区人民政府门户网站'],
  ['/evaluation', '目前得分'],
])
  test(`${path} opens`, () => visit(path, (page) => page.locator('main').getByText(sign).first().waitFor({ timeout: 20_000 })));

test('a window is asked for on a line\'s page, approved by a second person and cancelled, all in the browser', async () => {
  const { lines } = await demo.get('/api/v1/lines?kind=line&limit=2');
  const line = lines[1].id;
  const { now } = await demo.get('/api/v1/summary');
  const year = Number(now.slice(0, 4)) + (now.slice(5, 7) > '10' ? 1 : 0);  // the list reaches two months beyond the year
  const day = now.slice(5, 7) > '10' ? `${year}-01-15` : `${year}-12-15`;
  const { context, page } = await opened(browser, demo.url);
  try {
    await page.goto(`${demo.url}/console/#/lines/${line}`);
    const dialog = page.getByRole('dialog');
    const send = async (button, who) => {
      await dialog.locator('input[type=password]').fill(who);
      await dialog.getByRole('button', { name: button, exact: true }).click();
    };
    await page.getByRole('link', { name: '申请停机窗口' }).click();
    assert.equal(await dialog.locator('[data-test=targets] input, input[data-test=targets]').first().inputValue(), line);
    assert.equal(await dialog.getByRole('button', { name: '申请', exact: true }).isDisabled(), true, 'not without its times');
    await dialog.locator('input[type=datetime-local]').nth(0).fill(`${day}T22:00`);
    await dialog.locator('input[type=datetime-local]').nth(1).fill(`${day}T23:30`);
    await dialog.locator('textarea').fill('光缆改迁');
    await send('申请', demo.token);
    const row = page.locator('tbody tr', { hasText: '光缆改迁' });
    await row.getByText('待批准').waitFor({ timeout: 15_000 });
    assert.match(await row.innerText(), new RegExp(`${day} 22:00:00`));
    await row.getByRole('button', { name: /^批准/ }).click();
    await send('批准', demo.token);
    await dialog.getByRole('alert').waitFor();  // not by who asked
    await send('批准', demo.colleague);
    await row.getByText('已批准').waitFor({ timeout: 15_000 });
    await row.getByRole('button', { name: /^取消窗口/ }).click();
    await send('取消窗口', demo.token);
    await row.getByText('已取消').waitFor({ timeout: 15_000 });
  } finally {
    await context.close();
  }
  const told = (await demo.get('/api/v1/windows')).windows.find((w) => w.text === '光缆改迁');
  assert.deepEqual([told.state, told.requested_by, told.approved_by, told.targets], ['cancelled', '李工', '王工', [line]]);
});

test('a day to come is given to somebody and taken back', async () => {
  const { now } = await demo.get('/api/v1/summary');
  const next = new Date(Date.parse(`${now.slice(0, 10)}T00:00:00Z`) + 9 * 86_400_000).toISOString().slice(0, 10);
  await visit('/duty', async (page) => {
    await page.getByRole('button', { name: '登记', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=date]').fill(next);
    await dialog.locator('[data-test=person] input, input[data-test=person]').first().fill('赵六');
    await dialog.locator('input[type=password]').fill(demo.token);
    await dialog.getByRole('button', { name: '登记', exact: true }).click();
    const row = page.locator('tbody tr', { hasText: next }).filter({ hasText: '赵六' });
    await row.first().waitFor({ timeout: 15_000 });
    await row.getByRole('button', { name: /撤回/ }).click();
    await dialog.getByRole('button', { name: '撤回', exact: true }).click();
    await row.getByText('已撤回').waitFor({ timeout: 15_000 });
  });
});

test('windows and duty show what people entered', async () => {
  const post = (path, body) => fetch(demo.url + path, { method: 'POST', headers: { Authorization: `Bearer ${demo.token}` }, body: JSON.stringify(body) });
  const { now } = await demo.get('/api/v1/summary');
  const at = (hours) => new Date(Date.parse(now) + hours * 3_600_000).toISOString();
  const { lines } = await demo.get('/api/v1/lines?kind=line&limit=1');
  assert.equal((await post('/api/v1/windows', { targets: [lines[0].id], from: at(2), to: at(3), text: '割接' })).status, 200);
  assert.equal((await post('/api/v1/duty', { day: now.slice(0, 10), person: '王五' })).status, 200);
  await visit('/windows', async (page) => {
    const row = page.locator('tbody tr', { hasText: '割接' });
    await row.waitFor();
    assert.match(await row.innerText(), /待批准/);
    assert.match(await row.innerText(), /李工/);
  });
  await visit('/duty', (page) => page.locator('tbody tr', { hasText: '王五' }).getByText('今日').waitFor());
});

test('English, dark, a phone and the keyboard', async () => {
  await visit('/', async (page) => {
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Outages now' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    await page.getByRole('button', { name: 'Light' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Outages now' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.classList.contains('dark')), false, 'what was chosen is remembered');
  }, { colorScheme: 'dark' });
  for (const path of ['/', '/lines', '/outages', '/sites', '/evaluation'])
    await visit(path, async (page) => {
      await page.locator('.card').first().waitFor();
      await page.waitForTimeout(800);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${path} is ${wide} px wider than a phone`);
    }, { viewport: { width: 390, height: 844 } });
  await visit('/', async (page) => {
    await page.locator('.tile').first().waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    for (let i = 0; i < 3; ++i) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/outages|#\/lines/);
  });
});

test('axe finds nothing on any page, light or dark', async () => {
  const outage = await anOutage();
  const paths = ['/', '/wall', '/lines', `/lines/${outage.target}`, '/outages', `/outages/${encodeURIComponent(outage.id)}`, '/windows', '/duty', '/sites', '/evaluation'];
  for (const colorScheme of ['light', 'dark'])
    for (const path of paths)
      await visit(path, async (page) => {
        await page.locator('main h1').first().waitFor({ state: 'attached' });
        await page.waitForTimeout(700);
        assert.deepEqual(await barriers(page), [], `${path}, ${colorScheme}`);
      }, { colorScheme });
});

test('a daemon that is gone is said to be, and what was shown fades but can be read', async () => {
  const { context, page } = await opened(browser, demo.url);
  await page.goto(`${demo.url}/console/#/`);
  await page.locator('.tile b').first().waitFor();
  await demo.stop();
  const banner = page.locator('.banner');
  await banner.waitFor({ timeout: 20_000 });
  assert.match(await banner.innerText(), /没有应答/);
  assert.ok(await page.locator('main.old').count());
  assert.deepEqual(await barriers(page), []);
  await context.close();
});
