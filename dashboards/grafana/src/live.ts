/** What a running Prometheus says of the boards: every variable, panel query and annotation is asked as Grafana would. */
import { queryOf, substitute, type BoardJson, type PanelJson, type Target, type VariableJson } from './model.js';

export interface When {
  from: number;
  to: number;
  step: number;
}

interface Series {
  metric: Record<string, string>;
}

export class Asker {
  asked = 0;
  private readonly url: string;
  private readonly headers: Record<string, string> = {};
  /** `http://NAME:PASSWORD@…` where it wants one; fetch takes no such address. */
  constructor(url: string) {
    const whole = new URL(url);
    const [name, password] = [whole.username, whole.password].map(decodeURIComponent);
    if (name) this.headers = { Authorization: `Basic ${Buffer.from(`${name}:${password ?? ''}`).toString('base64')}` };
    this.url = whole.origin;
  }

  private async get<T>(path: string, parameters: Record<string, string>): Promise<T> {
    this.asked++;
    const answer = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters)}`, { headers: this.headers });
    const body = (await answer.json()) as { status: string; data: T; error?: string; warnings?: string[] };
    if (body.status !== 'success') throw new Error(body.error ?? `HTTP ${answer.status}`);
    return body.data;
  }
  async instant(query: string, time: number): Promise<Series[]> {
    return (await this.get<{ result: Series[] }>('query', { query, time: `${time}` })).result;
  }
  async range(query: string, when: When): Promise<Series[]> {
    const { from, to, step } = when;
    return (await this.get<{ result: Series[] }>('query_range', { query, start: `${from}`, end: `${to}`, step: `${step}` })).result;
  }
  async labelValues(label: string, match: string, when: When): Promise<string[]> {
    return await this.get<string[]>(`label/${label}/values`, { 'match[]': match, start: `${when.from}`, end: `${when.to}` });
  }
}

/** As Grafana prints a series for query_result: labels in order of their names. */
const printed = (s: Series): string => {
  const { __name__, ...labels } = s.metric;
  const inner = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => `${k}="${v}"`);
  return `${__name__ ?? ''}{${inner.join(',')}}`;
};

async function valuesOf(ask: Asker, v: VariableJson, chosen: Map<string, string>, when: When): Promise<string[]> {
  const query = substitute(queryOf(v), chosen, { range: when.to - when.from, step: when.step });
  const labels = /^label_values\((.*), *(\w+)\)$/s.exec(query);
  if (labels) return await ask.labelValues(labels[2] ?? '', labels[1] ?? '', when);
  const result = /^query_result\((.*)\)$/s.exec(query);
  if (!result) throw new Error(`not understood: ${query}`);
  const pattern = new RegExp((v.regex ?? '/(.*)/').slice(1, -1));
  const found = (await ask.instant(result[1] ?? '', when.to)).map((s) => pattern.exec(printed(s)));
  const bad = found.filter((m) => !m?.groups?.['value'] || !m.groups['text']).length;
  if (bad > 0) throw new Error(`the regex does not fit ${bad} of ${found.length} results`);
  return found.map((m) => m?.groups?.['value'] ?? '');
}

const labelsIn = (format: string): string[] => [...format.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((m) => m[1] ?? '');

/** A label that is empty on the line that was asked for (it has no parent) is not there at all, but is on others. */
const anywhere = async (ask: Asker, label: string, when: When): Promise<boolean> =>
  (await ask.instant(`count(changtong_line_info{${label}!=""})`, when.to)).length > 0;

async function askTarget(ask: Asker, panel: PanelJson, target: Target, values: Map<string, string>, when: When): Promise<string[]> {
  const expr = substitute(target.expr, values, { range: when.to - when.from, step: when.step });
  let series: Series[];
  try {
    series = target.range ? await ask.range(expr, when) : await ask.instant(expr, when.to);
  } catch (e) {
    return [`${panel.title} ${target.refId}: ${(e as Error).message}`];
  }
  if (series.length === 0) return [`${panel.title} ${target.refId}: no data for ${expr}`];
  const out: string[] = [];
  for (const label of labelsIn(target.legendFormat ?? ''))
    if (!series.every((s) => label in s.metric)) out.push(`${panel.title} ${target.refId}: its results have no label ${label}`);
  if (panel.type === 'table') {
    const include = panel.transformations?.find((t) => t.id === 'organize')?.options.includeByName ?? {};
    for (const column of Object.keys(include).filter((c) => !c.startsWith('Value')))
      if (!series.some((s) => column in s.metric) && !(await anywhere(ask, column, when))) out.push(`${panel.title} ${target.refId}: its results have no label ${column}`);
  }
  return out;
}

async function askBoard(ask: Asker, board: BoardJson, when: When, everything: boolean): Promise<string[]> {
  const out: string[] = [];
  const values = new Map<string, string>([['ds', 'x']]);
  for (const v of board.templating.list.filter((one) => one.type === 'query')) {
    try {
      const found = await valuesOf(ask, v, values, when);
      const empty = found.length === 0;
      if (empty && v.name !== 'node') out.push(`variable ${v.name}: no values`);  // an office's own Prometheus has no nodes
      values.set(v.name, (everything || empty) && v.includeAll ? (v.allValue ?? '.*') : (found[0] ?? ''));
    } catch (e) {
      out.push(`variable ${v.name}: ${(e as Error).message}`);
    }
  }
  for (const panel of board.panels)
    for (const target of panel.targets ?? []) {
      const said = await askTarget(ask, panel, target, values, when);
      // One category, town or carrier may well have nothing down; everything together must show something.
      out.push(...said.filter((text) => everything || !text.includes(': no data for')));
    }
  for (const a of board.annotations?.list ?? []) {
    const expr = substitute(a.expr, values, { range: when.to - when.from, step: when.step });
    try {
      const series = await ask.range(expr, when);
      for (const label of labelsIn(`${a.titleFormat ?? ''}${a.textFormat ?? ''}`))
        if (!series.every((s) => label in s.metric || label === 'carrier')) out.push(`annotation ${a.name}: no label ${label}`);
    } catch (e) {
      out.push(`annotation ${a.name}: ${(e as Error).message}`);
    }
  }
  return out;
}

/** Complaints of all boards, with everything chosen and with the first value of each variable. */
async function liveAt(ask: Asker, boards: Map<string, BoardJson>, when: When): Promise<string[]> {
  const out: string[] = [];
  for (const [file, board] of boards)
    for (const everything of [true, false])
      for (const text of await askBoard(ask, board, when, everything)) out.push(`${file} (${everything ? '全部' : '首项'}): ${text}`);
  return out;
}

const isMissing = (complaint: string): boolean => /: no data for|: no values$/.test(complaint);

/** The same of several moments: what has no answer must lack one at each of them (a line and a website need not be down
 * at once), everything else must be right at all of them. */
export async function live(ask: Asker, boards: Map<string, BoardJson>, moments: When[]): Promise<string[]> {
  const said: string[][] = [];
  for (const when of moments) said.push(await liveAt(ask, boards, when));
  return [...new Set(said.flat())].filter((c) => !isMissing(c) || said.every((one) => one.includes(c)));
}
