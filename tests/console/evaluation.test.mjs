// 考核 of a plan without points: the tree, values, coverage, evidence, what is missing; and no points anywhere.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, browse, opened, Served, until } from './stand.mjs';

const year = new Intl.DateTimeFormat('en', { timeZone: 'Asia/Shanghai', year: 'numeric' }).format(new Date());
const served = new Served('evaluation', 21596, [], 'evaluation: { plan: plan.yaml, every: 1m }\n');
const plan = `year: ${year}
project: 边远乡镇网络补助
layout: transfer
scored: no
score_by: A_low
group_formula: R1
coverage_floor: 95%
execution: { rows: [ { name: 年度资金总额, full_year: 300, executed: 150 } ] }
levels:
  - name: 产出指标
    groups:
      - name: 数量指标
        indicators:
          - { id: villages, name: 接入行政村, target: ≥120个, source: { kind: stated, value: 118, origin: 表 } }
          - { id: towns, name: 接入乡镇, target: ≥9个, reason: 一镇撤并, source: { kind: stated, value: 8, origin: 表 } }
      - name: 质量指标
        indicators:
          - { id: lines, name: 专线畅通率, target: ≥99.9%, source: { kind: measured, figure: availability } }
  - name: 效益指标
    groups:
      - name: 社会效益指标
        indicators:
          - { id: cover, name: 网络覆盖, target: 提高, source: { kind: stated, origin: 表, verdict: { text: 新增四个村接入 } } }
          - { id: trust, name: 公众信任, target: 增强, source: { kind: document, files: [没有的文件.pdf] } }
`;
let browser;
before(async () => {
  writeFileSync(join(served.folder, 'plan.yaml'), plan);
  await served.start();
  browser = await browse();
});
after(async () => {
  await browser?.close();
  await served.stop();
});

for (const options of [{}, { colorScheme: 'dark', viewport: { width: 390, height: 844 } }])
  test(`a plan without points shows targets, values and what is missing, and no points, ${options.viewport ? 'on a phone' : 'on a desk'}`, async () => {
    await until(async () => (await fetch(`${served.url}/api/v1/evaluation`)).ok, 60, 'the plan is evaluated');
    const { context, page, wrong } = await opened(browser, served.url, options);
    try {
      await page.goto(`${served.url}/console/#/evaluation`);
      await page.getByText('本方案不计分').waitFor();
      const text = await page.locator('main').innerText();
      for (const group of ['产出指标 · 数量指标', '产出指标 · 质量指标', '效益指标 · 社会效益指标']) assert.ok(text.includes(group), `${group} in ${text}`);
      for (const points of ['得分', '分值', '总分', '满分']) assert.ok(!text.includes(points), `no ${points} in ${text}`);
      assert.ok(!/(^|\s)0 ?分/.test(text), text);
      const row = (name) => page.locator('main tr', { hasText: name });
      assert.match(await row('接入行政村').innerText(), /≥120个[\s\S]*118个[\s\S]*还没有写偏差原因/);
      assert.match(await row('接入乡镇').innerText(), /8个[\s\S]*偏差原因 一镇撤并/);
      assert.match(await row('网络覆盖').innerText(), /提高[\s\S]*新增四个村接入/);
      assert.match(await row('公众信任').innerText(), /没有的文件\.pdf/);
      assert.match(await row('专线畅通率').innerText(), /证据不足[\s\S]*没有任何观测[\s\S]*0\.000 %[\s\S]*账本/);
      assert.match(text, /50\.00%/);
      assert.ok((await page.locator('main').innerText()).includes('阻碍定稿'));
      await accessible(page);
      assert.deepEqual(wrong, []);
    } finally {
      await context.close();
    }
  });
