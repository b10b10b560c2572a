/** Which metrics exist: the daemon's list, our recording rules, and what Prometheus makes itself. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { project } from './folders.js';

const root = project;

export type Kind = 'gauge' | 'counter' | 'histogram' | 'recorded' | 'own';

export function knownMetrics(): Map<string, Kind> {
  const out = new Map<string, Kind>();
  const headers = ['centre_names.h', 'fact_names.h', 'indicator_names.h', 'outage_names.h', 'names.h', 'process_names.h'].map((name) => readFileSync(join(root, 'daemon/publish/metrics', name), 'utf8'));
  let prefix = 'changtong_';
  for (const line of headers.join('\n').split('\n')) {
    if (line.includes('#define CHANGTONG_PROCESS_METRICS')) prefix = 'process_';
    const row = /^ {2}X\((\w+), (gauge|counter|histogram),/.exec(line);
    if (!row?.[1]) continue;
    const name = prefix + row[1];
    const kind = row[2] as Kind;
    if (kind === 'histogram') for (const end of ['_bucket', '_sum', '_count']) out.set(name + end, kind);
    else out.set(name, kind);
  }
  const rules = join(root, 'dashboards/rules');
  for (const file of readdirSync(rules).filter((f) => f.endsWith('.rules.yml')))
    for (const found of readFileSync(join(rules, file), 'utf8').matchAll(/- record: (\S+)/g)) out.set(found[1] ?? '', 'recorded');
  for (const name of ['up', 'ALERTS', 'scrape_duration_seconds']) out.set(name, 'own');
  return out;
}

export const alertNames = (): Set<string> => {
  const rules = join(root, 'dashboards/rules');
  return new Set(
    readdirSync(rules)
      .filter((f) => f.endsWith('.rules.yml'))
      .flatMap((f) => [...readFileSync(join(rules, f), 'utf8').matchAll(/- alert: (\S+)/g)].map((m) => m[1] ?? '')),
  );
};

/** [file, metric names in it] of every rule file and its tests, comments left out. */
export function namesInRules(): [string, string[]][] {
  const rules = join(root, 'dashboards/rules');
  return readdirSync(rules)
    .filter((f) => f.endsWith('.yml'))
    .map((f) => {
      const text = readFileSync(join(rules, f), 'utf8').replace(/^\s*#.*$/gm, '');
      return [f, [...text.matchAll(/\b(?:changtong[_:][\w:]+|process_\w+)/g)].map((m) => m[0])];
    });
}
