/** Asks Prometheus what Grafana would ask, and gives the frames that its data source would give. */
import { FieldType } from '@grafana/data';
import { queryOf, substitute } from '../../build/model.js';

export class Source {
  constructor(url, when) {
    this.url = url;
    this.when = when;
  }
  async get(path, parameters) {
    const answer = await (await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters)}`)).json();
    if (answer.status !== 'success') throw new Error(answer.error);
    return answer.data;
  }
  fill(text, values) {
    return substitute(text, values, { range: this.when.to - this.when.from, step: this.when.step });
  }
  async series(target, values) {
    const query = this.fill(target.expr, values);
    const { from, to, step } = this.when;
    if (!target.range) return (await this.get('query', { query, time: to })).result.map((s) => ({ ...s, values: [s.value] }));
    return (await this.get('query_range', { query, start: from, end: to, step })).result;
  }
  /** What a variable offers first; what may be several is everything. */
  async variables(board, chosen) {
    const values = new Map([['ds', 'x']]);
    for (const v of board.templating.list.filter((one) => one.type === 'query')) {
      if (chosen[v.name] || v.includeAll) {
        values.set(v.name, chosen[v.name] ?? v.allValue);
        continue;
      }
      const inner = /^query_result\((.*)\)$/s.exec(this.fill(queryOf(v), values));
      const found = await this.get('query', { query: inner[1], time: this.when.to });
      values.set(v.name, found.result[0]?.metric[v.name] ?? '');
    }
    return values;
  }
  async frames(panel, values) {
    const out = [];
    for (const target of panel.targets) {
      const series = await this.series(target, values);
      if (target.format === 'table') out.push(tableFrame(target, series, panel.targets.length));
      else series.forEach((s) => out.push(seriesFrame(target, s)));
    }
    return out;
  }
}

const legend = (target, metric) =>
  target.legendFormat?.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => metric[label] ?? '') || undefined;

function seriesFrame(target, s) {
  return {
    refId: target.refId,
    length: s.values.length,
    fields: [
      { name: 'Time', type: FieldType.time, config: {}, values: s.values.map(([t]) => t * 1000) },
      {
        name: 'Value', type: FieldType.number, labels: s.metric, config: { displayNameFromDS: legend(target, s.metric) },
        values: s.values.map(([, v]) => Number(v)),
      },
    ],
  };
}

function tableFrame(target, series, queries) {
  const labels = [...new Set(series.flatMap((s) => Object.keys(s.metric)))].sort();
  return {
    refId: target.refId,
    length: series.length,
    fields: [
      { name: 'Time', type: FieldType.time, config: {}, values: series.map((s) => s.values[0][0] * 1000) },
      ...labels.map((l) => ({ name: l, type: FieldType.string, config: {}, values: series.map((s) => s.metric[l] ?? '') })),
      { name: queries > 1 ? `Value #${target.refId}` : 'Value', type: FieldType.number, config: {}, values: series.map((s) => Number(s.values[0][1])) },
    ],
  };
}
