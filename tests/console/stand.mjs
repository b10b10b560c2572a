// The stand of the console's tests: the demo, a browser, and what it complains of.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';

export const root = resolve(new URL('.', import.meta.url).pathname, '../..');
const consoles = createRequire(join(root, 'dashboards/console/package.json'));
const axe = readFileSync(consoles.resolve('axe-core/axe.min.js'), 'utf8');
const { chromium } = consoles('playwright-core');

/** Waits until `what` gives something, or fails with `why`. */
export async function until(what, seconds, why) {
  for (const deadline = Date.now() + seconds * 1000; ; await rest(200)) {
    const found = await what();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${why}`);
  }
}

const answers = async (url) => {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
};

const program = process.env.CHANGTONG_BINARY ?? join(root, 'build/release/changtong');

async function ended(process) {
  if (!process || process.exitCode !== null) return;
  const exit = once(process, 'exit');
  process.kill('SIGINT');
  await Promise.race([exit, rest(20_000).then(() => process.kill('SIGKILL'))]);
}

export class Demo {
  constructor(name, port, ...words) {
    this.folder = join(process.env.CHANGTONG_KEEP ?? tmpdir(), name);
    this.url = `http://127.0.0.1:${port}`;
    this.words = words;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }
  async start() {
    const log = openSync(join(this.folder, 'demo.log'), 'w');
    const words = ['demo', '--listen', this.url.slice(7), '--dir', join(this.folder, 'demo'), ...this.words];
    this.process = spawn(program, words, { stdio: ['ignore', log, log] });
    closeSync(log);
    await until(() => answers(`${this.url}/api/v1/summary`), 30, `the demo answers; ${this.log()}`);
    this.token = readFileSync(join(this.folder, 'demo/li.token'), 'utf8').trim(); // 李工's
    this.colleague = readFileSync(join(this.folder, 'demo/wang.token'), 'utf8').trim(); // 王工's
  }
  log() {
    return readFileSync(join(this.folder, 'demo.log'), 'utf8');
  }
  async get(path) {
    return (await fetch(this.url + path)).json();
  }
  stop() {
    return ended(this.process);
  }
}

const deaf = 'L1,一号线,village,127.8.0.9,"tcp:port=7009,reset=bad"';
/** A daemon of its own with one line that nobody answers, or those given, and users: `people` are [name, roles, password]; `more` stands in its configuration. */
export class Served {
  constructor(name, port, people, more = '', lines = [deaf]) {
    this.folder = join(process.env.CHANGTONG_KEEP ?? tmpdir(), name);
    this.url = `http://127.0.0.1:${port}`;
    this.people = people;
    this.more = more;
    this.lines = lines;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }
  run(words, input) {
    const done = spawnSync(program, [...words, '--config', join(this.folder, 'changtong.yaml')], { input, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stdout + done.stderr);
    return done.stdout.trim();
  }
  async start() {
    writeFileSync(join(this.folder, 'changtong.yaml'), `listen: ${this.url.slice(7)}\nledger: ledger.db\ninventory: lines.csv\n${this.more}`);
    writeFileSync(join(this.folder, 'lines.csv'), ['id,name,category,address,checks', ...this.lines, ''].join('\n'));
    for (const [name, role, password] of this.people) this.run(['user', 'add', name, '--role', role], `${password}\n`);
    const log = openSync(join(this.folder, 'daemon.log'), 'w');
    this.process = spawn(program, ['serve', '--config', join(this.folder, 'changtong.yaml')], { stdio: ['ignore', log, log] });
    closeSync(log);
    await until(() => answers(`${this.url}/readyz`), 30, `the daemon is ready; ${readFileSync(join(this.folder, 'daemon.log'), 'utf8')}`);
  }
  stop() {
    return ended(this.process);
  }
}

export const browse = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

/** A page of `browser`; `wrong` holds errors, requests that fail, and any that would leave the server. */
export async function opened(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN', colorScheme: 'light', ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (m) => m.type() === 'error' && wrong.push(`console: ${m.text()}`));
  page.on('pageerror', (e) => wrong.push(`error: ${e.message}`));
  page.on('response', (r) => r.status() >= 400 && wrong.push(`${r.status()} ${r.url()}`));
  page.on('request', (r) => !r.url().startsWith(url) && !r.url().startsWith('data:') && !r.url().startsWith('blob:') && wrong.push(`leaves the server: ${r.url()}`));
  return { context, page, wrong };
}

/** Opens a page of `url` where somebody has signed in; nothing is complained of but the noes in `expected`. */
export const visitor = (browser, url) => async (path, who, look, expected = []) => {
  const { context, page, wrong } = await opened(browser(), url);
  try {
    await page.goto(`${url}/console/#${path}`);
    await page.fill('[data-test=name] input, input[data-test=name]', who[0]);
    await page.fill('[data-test=password] input, input[data-test=password]', who[2]);
    await page.getByRole('button', { name: '登录' }).click();
    await page.locator('[data-test=who]', { hasText: who[0] }).waitFor();
    await look(page);
    const serious = wrong.filter((w) => !w.startsWith('console: Failed to load resource') && !w.includes('/api/v1/session') && !expected.some((e) => w.startsWith(e)));
    assert.deepEqual(serious.filter((w) => !w.startsWith('401')), []);
  } finally {
    await context.close();
  }
};

/** How many different colours a chart's canvas shows: one that is empty has one or two. */
export const colours = (page, selector) =>
  page.locator(selector).first().evaluate((canvas) => {
    const { width, height } = canvas;
    const bytes = canvas.getContext('2d').getImageData(0, 0, width, height).data;
    const seen = new Map();
    for (let i = 0; i < bytes.length; i += 4) {
      const key = `${bytes[i] >> 4},${bytes[i + 1] >> 4},${bytes[i + 2] >> 4},${bytes[i + 3] >> 6}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    return [...seen.values()].filter((n) => n > 40).length;
  });

/** How many pixels of a chart's canvas have the colour of this name in style.css: 0 where nothing of it is drawn. */
export const painted = (page, selector, name) =>
  page.locator(selector).first().evaluate((canvas, colour) => {
    const hex = getComputedStyle(document.documentElement).getPropertyValue(colour).trim();
    const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    const bytes = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let count = 0;
    for (let i = 0; i < bytes.length; i += 4) if (bytes[i + 3] === 255 && wanted.every((c, k) => Math.abs(bytes[i + k] - c) < 6)) ++count;
    return count;
  }, name);

/** What axe finds on a page once nothing fades or moves there: half faded words have half their contrast. */
export async function barriers(page) {
  const still = () => document.getAnimations().every((a) => a.playState !== 'running' || a.effect?.getComputedTiming().endTime === Infinity);
  await until(() => page.evaluate(still), 20, 'nothing moves');
  await page.evaluate(axe);
  return page.evaluate(async () => (await window.axe.run()).violations.map((v) => `${v.id} (${v.impact}): ${v.nodes[0].html}`));
}
/** Nothing that keeps somebody out. */
export async function accessible(page) {
  const found = await barriers(page);
  assert.deepEqual(found.filter((v) => /\((serious|critical)\)/.test(v)), []);
}
