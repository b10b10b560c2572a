/** Writes json/; with --check only says which files are not what the source makes (exit code 1). */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { json } from './folders.js';
import { boards } from './all.js';

const folder = json;
const check = process.argv.includes('--check');
const stale: string[] = [];

const wanted = new Map(boards().map(([file, board]) => [file, JSON.stringify(board, null, 1) + '\n']));
mkdirSync(folder, { recursive: true });
for (const [file, text] of wanted) {
  const path = join(folder, file);
  if (!check) {
    writeFileSync(path, text);
    continue;
  }
  let there = '';
  try {
    there = readFileSync(path, 'utf8');
  } catch {
    // missing is stale too
  }
  if (there !== text) stale.push(file);
}
for (const file of readdirSync(folder)) if (!wanted.has(file)) stale.push(`${file} (no source makes it)`);
if (stale.length > 0) {
  console.error(`json/ 与源码不符，请运行 npm run build: ${stale.join(', ')}`);
  process.exit(1);
}
console.log(check ? `${wanted.size} 个面板文件与源码一致` : `写出 ${wanted.size} 个面板文件`);
