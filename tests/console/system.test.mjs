// 系统 and 报表: what each role sees and may do, the one-time link, a channel tried, a report downloaded, news as it comes.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createLine } from 'node:net';
import { after, before, test } from 'node:test';
import { accessible, browse, opened, Served, until } from './stand.mjs';

const admin = ['赵主任', 'administrator', 'battery staple zhao'];
const auditor = ['钱工', 'auditor', 'battery staple qian'];
const operator = ['李工', 'operator', 'battery staple li'];
const viewer = ['孙工', 'viewer', 'battery staple sun'];
const messages = [];
const gateway = createServer((request, answer) => {
  let body = '';
  request.on('data', (piece) => (body += piece));
  request.on('end', () => {
    messages.push(JSON.parse(body));
    answer.end('taken');
  });
});
const line = createLine((socket) => socket.on('error', () => undefined).end());  // who probes it may go without a word
const served = new Served('system', 21586, [admin, auditor, operator, viewer], 'alerts:\n  channels:\n    hook: { kind: webhook, url: "http://127.0.0.1:21587/hook" }\n  rules:\n    - steps: [{ by: [hook] }]\n');
let browser;
before(async () => {
  await new Promise((listens) => gateway.listen(21587, '127.0.0.1', listens));
  await served.start();
  browser = await browse();
});
after(async () => {
  await browser?.close();
  await served.stop();
  gateway.close();
  line.close();
});

/** A page of a browser in which `who` has logged in; at its end nothing was complained of but the noes in `expected`. */
async function visit(path, who, look, expected = [], options = {}) {
  const { context, page, wrong } = await opened(browser, served.url, options);
  try {
    await page.goto(`${served.url}/console/#${path}`);
    await page.fill('[data-test=name] input, input[data-test=name]', who[0]);
    await page.fill('[data-test=password] input, input[data-test=password]', who[2]);
    await page.getByRole('button', { name: '登录' }).click();
    await page.locator('[data-test=who]', { hasText: who[0] }).waitFor();
    await look(page, context);
    const serious = wrong.filter((w) => !w.startsWith('console: Failed to load resource') && !['401', ...expected].some((e) => w.startsWith(e)));
    assert.deepEqual(serious, []);
  } finally {
    await context.close();
  }
}
const cardOf = (page, name) => page.locator(`[data-test=${name}]`);

test('a viewer sees the settings, verification and channels, and neither users, audit log nor a button', async () => {
  for (const options of [{}, { colorScheme: 'dark', viewport: { width: 390, height: 844 } }])
    await visit('/system', viewer, async (page) => {
      await page.getByRole('heading', { name: '生效的设置' }).waitFor();
      await page.getByText('127.0.0.1:21586 · 未用 TLS').waitFor();
      await page.getByText(/第 1 版，自/).waitFor();
      await cardOf(page, 'verification').getByText('完整').waitFor({ timeout: 60_000 });
      await cardOf(page, 'channels').getByText('hook').waitFor();
      for (const name of ['users', 'audit']) assert.equal(await cardOf(page, name).count(), 0, name);
      assert.equal(await page.getByRole('button', { name: '试发' }).count(), 0);
      assert.equal(await page.evaluate(async () => (await fetch('/api/v1/audit')).status), 403);
      assert.equal((await page.content()).includes('21587/hook'), false, 'a channel\'s address may hold a key');
      await accessible(page);
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByRole('heading', { name: 'Settings in force' }).waitFor();
    }, ['403'], options);
});

test('an operator tries a channel and sees its answer; a second time within ten seconds is refused with a sentence', async () => {
  await visit('/system', operator, async (page) => {
    const tried = async () => {
      await page.getByRole('button', { name: '试发 hook' }).click();
      await page.getByRole('dialog').getByRole('button', { name: '试发' }).click();
    };
    await tried();
    await cardOf(page, 'channels').getByText('已送达', { exact: false }).last().waitFor();
    await cardOf(page, 'trial').getByText('HTTP 200').waitFor();
    const trial = messages.find((m) => JSON.stringify(m).includes('测试消息'));
    assert.match(JSON.stringify(trial), /由 李工 在控制台发出/);
    await tried();
    await page.getByText('同一渠道十秒内只试一次').waitFor();
  }, ['429']);
});

test('an administrator invites by a link that is shown once, is refused two powers, disables and enables', async () => {
  let link = '';
  await visit('/system', admin, async (page, context) => {
    const users = cardOf(page, 'users');
    await users.getByText('孙工').waitFor();
    assert.equal(await users.getByRole('button', { name: '停用 赵主任' }).count(), 0, 'not oneself');
    await users.getByRole('button', { name: '邀请', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[data-test=name], [data-test=name] input').fill('周工');
    await dialog.getByText('管理员', { exact: true }).click();
    await dialog.getByText('审计员', { exact: true }).click();
    await accessible(page);
    await dialog.getByRole('button', { name: '邀请' }).click();
    await page.getByText(/三权分立\）/).waitFor();
    await dialog.getByText('管理员', { exact: true }).click();
    await dialog.getByRole('button', { name: '邀请' }).click();
    link = await cardOf(page, 'link').innerText();
    assert.match(link, /\/console\/#\/welcome\?key=/);
    await page.getByRole('dialog', { name: '一次性链接' }).getByRole('button', { name: '关闭' }).last().click();
    await users.getByText('已邀请').waitFor();
    await users.getByRole('button', { name: '停用 孙工' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '停用' }).click();
    await users.getByText('已停用').waitFor();
    await users.getByRole('button', { name: '恢复 孙工' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '恢复' }).click();
    await until(async () => (await users.getByText('已停用').count()) === 0, 10, 'enabled again');
    assert.equal(await cardOf(page, 'audit').count(), 0);
    const guest = await context.browser().newContext();
    const welcome = await guest.newPage();
    await welcome.goto(link);
    for (const box of ['fresh', 'again']) await welcome.fill(`[data-test=${box}] input, input[data-test=${box}]`, 'battery staple zhou');
    await welcome.getByRole('button', { name: '保存并登录' }).click();
    await welcome.locator('[data-test=who]', { hasText: '周工' }).waitFor();
    await guest.close();
  }, ['400']);
});

test('a report shows what is in it, downloads, and says why it cannot be made', async () => {
  await visit('/reports', operator, async (page) => {
    await page.getByRole('heading', { name: '报表' }).waitFor();
    const month = await page.evaluate(async () => (await (await fetch('/api/v1/summary')).json()).now.slice(0, 7));
    await page.locator('input[data-test=month], [data-test=month] input').fill(month);
    await cardOf(page, 'books').locator('tbody th').first().waitFor();
    await accessible(page);
    for (const [button, end, begin] of [['报表 XLSX', 'xlsx', 'PK'], ['报表 HTML', 'html', '<'], ['各线路畅通率 CSV', 'availability.csv', '\ufeff'], ['中断清单 CSV', 'outages.csv', '\ufeff']]) {
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: button }).click();
      const file = await saved;
      assert.equal(file.suggestedFilename(), `changtong-${month}.${end}`);
      const text = Buffer.concat(await (await file.createReadStream()).toArray()).toString('utf8');
      assert.ok(text.startsWith(begin), text.slice(0, 40));
      await page.getByText(`已下载 ${month}.${end}`).waitFor();
    }
    await page.getByText('自定').click();
    await page.locator('input[data-test=from], [data-test=from] input').fill(`${month}-01`);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: '报表 XLSX' }).click();
    assert.match((await saved).suggestedFilename(), /^changtong-\d{4}-\d{2}-01\.\.\d{4}-\d{2}-\d{2}\.xlsx$/);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Reports' }).waitFor();
    assert.equal(await page.evaluate(async () => (await fetch('/api/v1/reports/2026-13.xlsx')).status), 400);
    assert.equal(await page.evaluate(async () => (await fetch('/api/v1/reports/..%2fledger.db')).status), 400);
  }, ['400']);
});

test('an auditor finds all of it, by person and by word, and that the chain holds', async () => {
  await visit('/system', auditor, async (page) => {
    const audit = cardOf(page, 'audit');
    await audit.getByText(/链条完整：第 1 至/).waitFor();
    assert.equal(await cardOf(page, 'users').count(), 0);
    const find = async (who, word) => {
      await page.locator('input[data-test=who-box], [data-test=who-box] input').fill(who);
      await page.locator('input[data-test=word-box], [data-test=word-box] input').fill(word);
      await audit.getByRole('button', { name: '查找' }).click();
    };
    await find('李工', 'xlsx');
    await audit.getByText(/\/api\/v1\/reports\/\d{4}-\d{2}\.xlsx/).waitFor();
    await find('赵主任', 'disable');
    await audit.getByText('disable 孙工').waitFor();
    await find('', '/api/v1/channels/hook');
    await audit.getByText('✓').last().waitFor();
    await find('没有此人', '');
    await audit.getByText('没有符合的记录').waitFor();
    await accessible(page);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
  });
});

test('an open page is told when a line comes back, and shows it', async () => {
  await visit('/', viewer, async (page) => {
    await page.locator('html[data-live]').waitFor({ state: 'attached' });
    const told = page.evaluate(async () => {
      const reader = (await fetch('/api/v1/events')).body.pipeThrough(new TextDecoderStream()).getReader();
      for (let all = ''; !all.includes('event: change'); all += (await reader.read()).value);
      return true;
    });
    await until(() => page.evaluate(async () => (await (await fetch('/api/v1/summary')).json()).outages_open === 1), 60, 'the line is down');
    line.listen(7009, '127.8.0.9');
    assert.equal(await told, true);
    await until(() => page.evaluate(async () => (await (await fetch('/api/v1/summary')).json()).outages_open === 0), 60, 'the line is up');
    await page.getByText('当前没有中断').waitFor();
  });
});
