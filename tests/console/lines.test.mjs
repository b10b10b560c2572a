// Lines are added, changed, closed and imported in the browser; lines.csv on disk stays the truth.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, browse, Demo, opened, Served, until, visitor } from './stand.mjs';

const keeper = ['周工', 'administrator', 'battery staple zhou'];
const operator = ['李工', 'operator', 'battery staple li'];
const served = new Served('lines', 21586, [keeper, operator]);
const inventory = join(served.folder, 'lines.csv');
let browser;
before(async () => {
  await served.start();
  browser = await browse();
});
after(async () => {
  await browser?.close();
  await served.stop();
});

const visit = visitor(() => browser, served.url);
const field = (page, name) => page.getByRole('dialog').locator(`#line-${name}`);
const apply = (page) => page.getByRole('dialog').getByRole('button', { name: '写入并生效' });
const applied = (page) => page.locator('[data-test=applied]', { hasText: '已写入 lines.csv' }).waitFor({ timeout: 20_000 });
/** A button is enabled once the daemon has looked at what was typed. */
async function applies(page) {
  await until(() => apply(page).isEnabled(), 20, 'the preview holds');
  await apply(page).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden', timeout: 20_000 });  // the note of the change before may still be there
  await applied(page);
}

test('a line is added: what is wrong stands at its field while it is typed, and what is written is shown before', async () => {
  await visit('/lines', keeper, async (page) => {
    await page.getByRole('button', { name: '新增线路' }).click();
    await field(page, 'id').fill('L2');
    await field(page, 'name').fill('二号线');
    await field(page, 'address').fill('127.8.0.256');
    await field(page, 'category').selectOption({ label: '村/社区' });
    await page.locator('#wrong-address').waitFor({ timeout: 20_000 });
    assert.equal(await field(page, 'address').getAttribute('aria-invalid'), 'true');
    assert.equal(await apply(page).isDisabled(), true);
    await accessible(page);
    await field(page, 'address').fill('127.8.0.9');
    await page.locator('[data-test=warning]', { hasText: '地址 127.8.0.9 与第 2 行的 L1 相同' }).waitFor({ timeout: 20_000 });
    await field(page, 'address').fill('127.8.0.10');
    await field(page, 'parent').fill('L1');
    await field(page, 'checks').fill('tcp:port=7010,reset=bad');
    await page.locator('[data-test=change]', { hasText: '127.8.0.10' }).waitFor({ timeout: 20_000 });
    await applies(page);
    await page.getByText('二号线').first().waitFor({ timeout: 20_000 });
  }, ['400']);
  assert.match(readFileSync(inventory, 'utf8'), /L2,二号线,村\/社区,127\.8\.0\.10,"tcp:port=7010,reset=bad",L1/);
  assert.equal(readdirSync(served.folder).filter((f) => f.startsWith('lines.csv.')).length, 1, 'a copy of what it was');
});

test('a line is changed and closed on its page, by the keyboard too', async () => {
  await visit('/lines/L2', keeper, async (page) => {
    await page.getByRole('button', { name: '修改' }).focus();
    await page.keyboard.press('Enter');
    await until(async () => (await field(page, 'name').inputValue()) === '二号线', 10, 'the line as it is written');
    assert.equal(await field(page, 'id').isDisabled(), true);
    await field(page, 'carrier').fill('电信');
    await page.locator('[data-test=change]', { hasText: '电信' }).waitFor({ timeout: 20_000 });
    await until(() => apply(page).isEnabled(), 20, 'the preview holds');
    await field(page, 'carrier').press('Enter');
    await applied(page);
    await page.locator('dl.facts', { hasText: '电信' }).waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: '停用' }).click();
    await field(page, 'closed').fill('2099-12-31');
    await page.locator('[data-test=change]', { hasText: '2099-12-31' }).waitFor({ timeout: 20_000 });
    await applies(page);
    await until(async () => (await page.getByRole('button', { name: '停用' }).count()) === 0, 20, 'a closed line is not closed again');
  });
  assert.match(readFileSync(inventory, 'utf8'), /L2,二号线.*电信.*2099-12-31/);
});

test('what somebody changed by hand meanwhile is shown, and stays', async () => {
  await visit('/lines/L1', keeper, async (page) => {
    await page.getByRole('button', { name: '修改' }).click();
    await field(page, 'unit').fill('一号单位');
    await until(() => apply(page).isEnabled(), 20, 'the preview holds');
    writeFileSync(inventory, readFileSync(inventory, 'utf8').replace('二号线', '手改的二号线'));
    await apply(page).click();
    await page.locator('[data-test=meanwhile]', { hasText: '手改的二号线' }).waitFor({ timeout: 20_000 });
    assert.doesNotMatch(readFileSync(inventory, 'utf8'), /一号单位/);
    await accessible(page);
    await applies(page);
  }, ['409']);
  assert.match(readFileSync(inventory, 'utf8'), /一号单位/);
  assert.match(readFileSync(inventory, 'utf8'), /手改的二号线/);
});

test('a sheet is imported: its problems first, then its categories, then the lines', async () => {
  const sheet = (day) => ({ name: '台账.csv', mimeType: 'text/csv', buffer: Buffer.from(`专线台账\n编号,名称,类别,IP地址,开通日期\nL1,一号线,村,127.8.0.9,\nL3,三号线,行政村,127.8.0.11,2024年3月1日\nL4,四号线,行政村,127.8.0.12,${day}\n`) });
  await visit('/lines', keeper, async (page) => {
    await page.getByRole('button', { name: '导入表格' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles(sheet('24/3/1'));
    await dialog.locator('[data-test=sheet-problem]', { hasText: '第5行 开通日期' }).waitFor({ timeout: 20_000 });
    assert.equal(await apply(page).isDisabled(), true);
    await accessible(page);
    await dialog.locator('input[type=file]').setInputFiles(sheet('2024.3.1'));
    await dialog.locator('[data-test=counts]', { hasText: '新增 2' }).waitFor({ timeout: 20_000 });
    assert.match(await dialog.locator('[data-test=counts]').innerText(), /不变 1[^]*表里没有 0|不变 1[^]*问题 0/);
    assert.equal(await apply(page).isDisabled(), true, 'the categories wait');
    await dialog.getByText('都对，以后不再问').click();
    await applies(page);
    await page.getByText('四号线').first().waitFor({ timeout: 20_000 });
  });
  assert.match(readFileSync(inventory, 'utf8'), /L4,四号线,村\/社区,127\.8\.0\.12/);
  assert.match(readFileSync(join(served.folder, 'import-words.yaml'), 'utf8'), /行政村/);
});

test('a line that is down is closed: its outage leaves the pages, and its page is history', async () => {
  const open = async () => (await (await fetch(`${served.url}/metrics`)).text()).match(/changtong_line_outage_open\{line="L1"[^\n]* (\d)/)?.[1];
  await until(async () => (await open()) === '1', 30, 'the line is down');
  await visit('/outages?open=1', keeper, async (page) => {
    await page.getByRole('link', { name: '一号线' }).waitFor({ timeout: 20_000 });
    await page.goto(`${served.url}/console/#/lines/L1`);
    await page.getByRole('button', { name: '停用' }).click();
    await field(page, 'closed').fill(new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10));
    await applies(page);
    await page.locator('.state.closed', { hasText: '已停用' }).waitFor({ timeout: 20_000 });
    await page.locator('[data-test=history]').waitFor();
    assert.equal(await page.getByRole('button', { name: '停用' }).count(), 0);
    assert.equal(await page.getByRole('link', { name: '申请停机窗口' }).count(), 0);
    assert.equal(await page.getByText('中断中，自').count(), 0);
    await page.locator('td', { hasText: '停用' }).first().waitFor();
    await accessible(page);
    await page.goto(`${served.url}/console/#/outages?open=1`);
    await page.getByRole('link', { name: /二号线/ }).first().waitFor({ timeout: 20_000 });
    assert.equal(await page.getByRole('link', { name: '一号线' }).count(), 0);
    await page.goto(`${served.url}/console/#/lines`);
    await page.getByText('四号线').first().waitFor({ timeout: 20_000 });
    assert.equal(await page.getByText('一号线').count(), 0, 'hidden until somebody asks');
    await page.locator('[data-test=closed]').click();
    await page.getByText('一号线').first().waitFor({ timeout: 20_000 });
    await page.goto(`${served.url}/console/#/lines?q=${encodeURIComponent('一号')}`);
    await page.getByText('一号线').first().waitFor({ timeout: 20_000 });
  });
  assert.equal(await open(), undefined, 'no sample of a closed line');
});

test('who may not change the inventory sees no button, and the log says who did', async () => {
  await visit('/lines/L1', operator, async (page) => {
    await page.getByRole('heading', { name: '一号线' }).waitFor();
    assert.equal(await page.getByRole('button', { name: '修改' }).count(), 0);
  });
  const trail = readdirSync(served.folder).filter((f) => f.includes('audit')).map((f) => readFileSync(join(served.folder, f), 'utf8')).join('');
  assert.match(trail, /inventory\/changes/);
  assert.doesNotMatch(trail, /preview/, 'looking is no change');
});

test('the demo has lines to change: by a person\'s token, and in English', async () => {
  const demo = new Demo('lines-demo', 21587, '--lines', 20);
  await demo.start();
  const { context, page, wrong } = await opened(browser, demo.url);
  try {
    const { lines } = await demo.get('/api/v1/lines?kind=line&limit=2');
    await page.goto(`${demo.url}/console/#/lines/${lines[1].id}`);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await until(async () => (await field(page, 'id').inputValue()) === lines[1].id, 10, 'the line as it is written');
    await field(page, 'unit').fill('A unit of its own');
    assert.equal(await dialog.getByRole('button', { name: 'Write and load' }).isDisabled(), true, 'nobody has said who they are');
    await dialog.locator('input[type=password]').fill(demo.colleague);
    await until(() => dialog.getByRole('button', { name: 'Write and load' }).isEnabled(), 20, 'the preview holds');
    await dialog.getByRole('button', { name: 'Write and load' }).click();
    await page.locator('dl.facts', { hasText: 'A unit of its own' }).waitFor({ timeout: 20_000 });
    assert.deepEqual(wrong.filter((w) => !w.includes('/readyz') && !w.includes('status of 503')), []);
  } finally {
    await context.close();
    await demo.stop();
  }
});
