/** What can be said of the boards without a Prometheus. */
import { parser } from '@prometheus-io/lezer-promql';
import { alertNames, namesInRules, type Kind } from './known.js';
import { builtIn, queryOf, substitute, variablesIn, type BoardJson, type PanelJson } from './model.js';

/** Kinds that Grafana's component library draws outside Grafana too. */
const kinds = new Set(['stat', 'bargauge', 'timeseries', 'table', 'row']);

/** Metric names of an expression, and where it does not parse. */
export function look(expr: string): { names: string[]; selectors: string[]; wrong: string | undefined } {
  const names: string[] = [];
  const selectors: string[] = [];
  let wrong: string | undefined;
  parser.parse(expr).iterate({
    enter(node) {
      const text = expr.slice(node.from, node.to);
      if (node.type.isError) wrong ??= `does not parse at ${node.from}: …${expr.slice(Math.max(0, node.from - 20), node.from + 20)}…`;
      if (node.name === 'VectorSelector') selectors.push(text);
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector') names.push(text);
    },
  });
  return { names, selectors, wrong };
}

const overlap = (a: PanelJson['gridPos'], b: PanelJson['gridPos']): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

function layout(board: BoardJson): string[] {
  const out: string[] = [];
  board.panels.forEach((p, i) => {
    const g = p.gridPos;
    if (g.x < 0 || g.x + g.w > 24 || g.w < 1 || g.h < 1) out.push(`${p.title}: outside the board`);
    for (const q of board.panels.slice(i + 1)) {
      if (overlap(g, q.gridPos)) out.push(`${p.title} overlaps ${q.title}`);
      if (p.id === q.id) out.push(`${p.title} and ${q.title} have one id`);
      if (p.title === q.title) out.push(`two panels are called ${p.title}`);
    }
    if (!kinds.has(p.type)) out.push(`${p.title}: kind ${p.type} cannot be drawn outside Grafana`);
    if (p.type !== 'row' && p.datasource?.uid !== '${ds}') out.push(`${p.title}: its data source is not the variable`);
    const ids = (p.targets ?? []).map((t) => t.refId);
    if (new Set(ids).size !== ids.length) out.push(`${p.title}: a refId stands twice`);
  });
  return out;
}

function expressions(board: BoardJson): [where: string, expr: string][] {
  const inner = (query: string): string => /^(?:query_result|label_values)\((.*?)(?:, *\w+)?\)$/s.exec(query)?.[1] ?? query;
  return [
    ...board.panels.flatMap((p) => (p.targets ?? []).map((t): [string, string] => [`${p.title} ${t.refId}`, t.expr])),
    ...(board.annotations?.list ?? []).map((a): [string, string] => [`annotation ${a.name}`, a.expr]),
    ...board.templating.list.filter((v) => v.type === 'query').map((v): [string, string] => [`variable ${v.name}`, inner(queryOf(v))]),
  ];
}

function names(board: BoardJson, known: Map<string, Kind>): string[] {
  const out: string[] = [];
  const alerts = alertNames();
  const sample = new Map(board.templating.list.map((v) => [v.name, 'x']));
  for (const [where, raw] of expressions(board)) {
    const expr = substitute(raw, sample, { range: 3600, step: 15 });
    const found = look(expr);
    if (found.wrong) out.push(`${where}: ${found.wrong}`);
    // With two monitors in one Prometheus every query must ask for the one that is chosen.
    if (!['variable job', 'variable node', 'variable instance'].includes(where))
      for (const one of found.selectors)
        if (!one.includes('instance="x"') || !one.includes('node=~"x"') || !one.includes('job=~"x"')) out.push(`${where}: ${one} is of any monitor`);
    for (const name of found.names)
      if (!known.has(name)) out.push(`${where}: there is no metric ${name}`);
    for (const m of expr.matchAll(/\b(?:rate|increase)\((\w+)/g)) {
      const kind = known.get(m[1] ?? '');
      if (kind === 'gauge') out.push(`${where}: ${m[1]} is a gauge, not a counter`);
    }
    for (const m of expr.matchAll(/alertname=~?"([^"]+)"/g))
      for (const one of (m[1] ?? '').split('|'))
        if (![...alerts].some((a) => new RegExp(`^(?:${one})$`).test(a))) out.push(`${where}: there is no alert ${one}`);
  }
  return out;
}

/** Complaints, empty if there are none. */
export function still(boards: Map<string, BoardJson>, known: Map<string, Kind>): string[] {
  const out: string[] = [];
  const uids = [...boards.values()].map((b) => b.uid);
  for (const [file, board] of boards) {
    const defined = new Set(board.templating.list.map((v) => v.name));
    const say = (text: string): void => void out.push(`${file}: ${text}`);
    layout(board).forEach(say);
    names(board, known).forEach(say);
    for (const name of variablesIn(JSON.stringify(board)))
      if (!defined.has(name) && !builtIn.has(name)) say(`the variable $${name} is not defined`);
    for (const m of JSON.stringify(board).matchAll(/\/d\/([\w-]+)/g))
      if (!uids.includes(m[1] ?? '')) say(`a link leads to ${m[1]}, which is no board`);
    for (const m of JSON.stringify(board).matchAll(/\\"board\\", \\"([\w-]+)\\"/g))
      if (!uids.includes(m[1] ?? '')) say(`a row leads to ${m[1]}, which is no board`);
  }
  if (new Set(uids).size !== uids.length) out.push('two boards have one uid');
  for (const [file, used] of namesInRules())
    for (const name of new Set(used)) if (!known.has(name)) out.push(`${file}: there is no metric ${name}`);
  return out;
}
