// Sites are added, changed and closed in the browser; sites.csv on disk stays the truth.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, browse, Served, until, visitor } from './stand.mjs';

const keeper = ['周工', 'administrator', 'battery staple zhou'];
const operator = ['李工', 'operator', 'battery staple li'];
const served = new Served('sites', 21590, [keeper, operator], 'sites: sites.csv\n');
const table = join(served.folder, 'sites.csv');
const written = () => readFileSync(table, 'utf8');
let browser;
before(async () => {
  writeFileSync(table, '编号,名称,网址\nportal,门户网站,http://127.8.0.9:7009/\n');
  await served.start();
  browser = await browse();
});
after(async () => {
  await browser?.close();
  await served.stop();
});

const visit = visitor(() => browser, served.url);
const field = (page, name) => page.getByRole('dialog').locator(`#site-${name}`);
const apply = (page) => page.getByRole('dialog').getByRole('button', { name: '写入并生效' });
/** A button is enabled once the daemon has looked at what was typed. */
async function applies(page) {
  await until(() => apply(page).isEnabled(), 20, 'the preview holds');
  await apply(page).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden', timeout: 20_000 });  // the note of the change before may still be there
  await page.locator('[data-test=applied]', { hasText: '已写入 sites.csv' }).waitFor({ timeout: 20_000 });
}

test('a site is added, changed and closed: what is wrong stands at its field, what is written is shown before', async () => {
  await visit('/sites', keeper, async (page) => {
    await page.getByRole('button', { name: '新增网站' }).click();
    await field(page, 'id').fill('edu');
    await field(page, 'name').fill('教育局');
    await field(page, 'url').fill('edu.example.gov.cn');
    await page.locator('#wrong-url').waitFor({ timeout: 20_000 });
    assert.match(await page.locator('#wrong-url').innerText(), /^✕ 网址 'edu\.example\.gov\.cn' 不是网页地址/, 'by the label of the form');
    assert.equal(await apply(page).isDisabled(), true);
    await accessible(page);
    await field(page, 'url').fill('http://127.8.0.9:7010/');
    await field(page, 'contains').fill('通知公告\n政务公开');
    await page.getByText('少用的设置').click();
    await field(page, 'resolve').selectOption('v4');
    await page.locator('[data-test=change]', { hasText: '通知公告' }).waitFor({ timeout: 20_000 });
    await applies(page);
    await page.getByRole('link', { name: '教育局' }).waitFor({ timeout: 20_000 });
    assert.match(written(), /edu,教育局,http:\/\/127\.8\.0\.9:7010\/,"通知公告\n政务公开",v4/);
    assert.equal(readdirSync(served.folder).filter((f) => f.startsWith('sites.csv.')).length, 1, 'a copy of what it was');

    await page.getByRole('button', { name: '修改 教育局' }).click();
    await until(async () => (await field(page, 'name').inputValue()) === '教育局', 10, 'the site as it is written');
    assert.equal(await field(page, 'id').isDisabled(), true);
    await field(page, 'name').fill('区教育局');
    await applies(page);
    await page.getByRole('button', { name: '停用 区教育局' }).click();
    await field(page, 'closed').fill('2099-12-31');
    await page.locator('[data-test=change]', { hasText: '2099-12-31' }).waitFor({ timeout: 20_000 });
    await applies(page);
  });
  assert.match(written(), /edu,区教育局.*"通知公告\n政务公开",v4,2099-12-31/s);
});

test('what somebody changed by hand meanwhile is shown, and stays', async () => {
  await visit('/sites', keeper, async (page) => {
    await page.getByRole('button', { name: '修改 门户网站' }).click();
    await field(page, 'unit').fill('区政府办公室');
    await until(() => apply(page).isEnabled(), 20, 'the preview holds');
    writeFileSync(table, written().replace('区教育局', '手改的教育局'));
    await apply(page).click();
    await page.locator('[data-test=meanwhile]', { hasText: '手改的教育局' }).waitFor({ timeout: 20_000 });
    assert.doesNotMatch(written(), /区政府办公室/);
    await applies(page);
  }, ['409']);
  assert.match(written(), /区政府办公室/);
  assert.match(written(), /手改的教育局/);
});

test('who may not change sites sees no button, and a listed site is read only with the way out', async () => {
  await visit('/sites', operator, async (page) => {
    await page.getByRole('link', { name: '门户网站' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /新增网站|修改|停用/ }).count(), 0);
  });
  const trail = readdirSync(served.folder).filter((f) => f.includes('audit')).map((f) => readFileSync(join(served.folder, f), 'utf8')).join('');
  assert.match(trail, /inventory\/sites\/changes/);
  assert.doesNotMatch(trail, /preview/, 'looking is no change');
  const config = join(served.folder, 'changtong.yaml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('sites: sites.csv', 'sites: [ { id: portal, name: 门户网站, url: "http://127.8.0.9:7009/" } ]'));
  await visit('/sites', keeper, async (page) => {
    await page.locator('[data-test=fixed]', { hasText: 'changtong export sites' }).waitFor({ timeout: 20_000 });
    assert.equal(await page.getByRole('button', { name: '新增网站' }).count(), 0);
    await accessible(page);
  }, ['409']);
});
