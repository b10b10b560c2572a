// NAME.gz beside every built file that it makes smaller: the daemon sends it to whoever takes gzip.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const below = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? below(join(folder, entry.name)) : [join(folder, entry.name)]));

let plain = 0;
let packed = 0;
for (const name of below('dist').filter((n) => /\.(html|js|css|svg)$/.test(n))) {
  const bytes = readFileSync(name);
  const small = gzipSync(bytes, { level: 9 });
  plain += bytes.length;
  packed += small.length;
  writeFileSync(`${name}.gz`, small);
}
console.log(`dist: ${Math.ceil(plain / 1024)} KiB, ${Math.ceil(packed / 1024)} KiB by gzip`);
