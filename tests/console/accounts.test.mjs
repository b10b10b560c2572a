// Logging in and out of the console with two roles, the one-time link, a password that has to be changed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, browse, opened, Served, until } from './stand.mjs';

const operator = ['李工', 'operator', 'battery staple li'];
const viewer = ['赵工', 'viewer', 'battery staple zhao'];
const served = new Served('accounts', 21584, [operator, viewer]);
let browser, outage;
before(async () => {
  await served.start();
  browser = await browse();
});
after(async () => {
  await browser?.close();
  await served.stop();
});

/** A page of a browser that has no cookie yet; at its end nothing was complained of but the noes in `expected`. */
async function visit(path, look, expected = []) {
  const { context, page, wrong } = await opened(browser, served.url);
  try {
    await page.goto(`${served.url}/console/#${path}`);
    await look(page);
    const serious = wrong.filter((w) => !w.startsWith('console: Failed to load resource') && !expected.some((e) => w.startsWith(e)));
    assert.deepEqual(serious, []);
  } finally {
    await context.close();
  }
}

async function login(page, [name, , password]) {
  await page.fill('[data-test=name] input, input[data-test=name]', name);
  await page.fill('[data-test=password] input, input[data-test=password]', password);
  await page.getByRole('button', { name: '登录' }).click();
}

test('nothing is shown before somebody logs in, and a wrong password says so', async () => {
  await visit('/lines', async (page) => {
    await page.getByRole('heading', { name: '登录' }).waitFor();
    assert.equal(await page.getByText('一号线').count(), 0);
    assert.equal(await page.getByRole('navigation').count(), 0);
    await accessible(page);
    await login(page, [operator[0], '', 'wrong']);
    await page.getByText('用户名或密码不对').waitFor();
  }, ['401']);
});

test('an operator logs in, sees who they are, takes care of an outage, and logs out', async () => {
  await visit('/', async (page) => {
    await login(page, operator);
    await page.locator('[data-test=who]', { hasText: '李工' }).waitFor();
    outage = await until(() => page.evaluate(async () => (await (await fetch('/api/v1/outages')).json()).outages[0]?.id), 60, 'an outage of the line');
    await page.goto(`${served.url}/console/#/outages/${encodeURIComponent(outage)}`);
    await page.getByRole('button', { name: '接手' }).first().click();
    assert.equal(await page.locator('[data-test=token]').count(), 0, 'who logged in needs no token');
    await page.getByRole('dialog').getByRole('button', { name: /签名|提交|接手|登记/ }).last().click();
    await page.locator('.timeline', { hasText: '李工' }).first().waitFor();
    await page.locator('[data-test=leave]').click();
    await page.getByRole('heading', { name: '登录' }).waitFor();
    assert.equal(await page.evaluate(async () => (await fetch('/api/v1/lines')).status), 401);
  }, ['401']);
});

test('a viewer sees the same outage and no button', async () => {
  await visit(`/outages/${encodeURIComponent(outage)}`, async (page) => {
    await login(page, viewer);
    await page.getByRole('heading', { name: '一号线' }).waitFor();
    assert.equal(await page.getByRole('button', { name: '接手' }).count(), 0);
    assert.equal(await page.evaluate(() => document.cookie), '', 'no script reads the cookie');
  });
});

test('a one-time link sets a password, leaves the address, and serves once', async () => {
  const link = served.run(['user', 'invite', '王工', '--role', 'approver']);
  const hash = link.slice(link.indexOf('#') + 1);
  await visit(hash, async (page) => {
    await page.getByRole('heading', { name: '设置密码' }).waitFor();
    await until(() => !page.url().includes('key='), 5, 'the key leaves the address');
    for (const box of ['fresh', 'again']) await page.fill(`[data-test=${box}] input, input[data-test=${box}]`, 'battery staple wang');
    await page.getByRole('button', { name: '保存并登录' }).click();
    await page.locator('[data-test=who]', { hasText: '王工' }).waitFor();
  });
  await visit(hash, async (page) => {
    await page.getByRole('heading', { name: '设置密码' }).waitFor();
    for (const box of ['fresh', 'again']) await page.fill(`[data-test=${box}] input, input[data-test=${box}]`, 'battery staple else');
    await page.getByRole('button', { name: '保存并登录' }).click();
    await page.getByText('链接无效').waitFor();
  }, ['401']);
});

test('who is disabled on the machine is out at the next question', async () => {
  await visit('/lines', async (page) => {
    await login(page, viewer);
    await page.getByText('一号线').first().waitFor();
    served.run(['user', 'disable', '赵工']);
    await page.getByRole('heading', { name: '登录' }).waitFor();
  }, ['401']);
});
