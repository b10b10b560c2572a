/** What every board has: the data source, variables, links to the others, annotations. */
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { here } from './expressions.js';
import { source } from './panels.js';

export const tag = 'changtong';

export const uids = {
  overview: 'changtong-overview',
  line: 'changtong-line',
  carriers: 'changtong-carriers',
  sites: 'changtong-sites',
  indicators: 'changtong-indicators',
  self: 'changtong-self',
} as const;

export function board(uid: string, title: string, description: string, from = 'now-6h'): dashboard.DashboardBuilder {
  return new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([tag])
    .timezone('browser')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .refresh('30s')
    .time({ from, to: 'now' })
    .weekStart('monday')
    .readonly()
    .withVariable(
      new dashboard.DatasourceVariableBuilder('ds').label('数据源').type('prometheus').hide(dashboard.VariableHide.HideVariable),
    )
    .withVariable(job())
    .withVariable(node())
    .withVariable(instance())
    .link(
      new dashboard.DashboardLinkBuilder('畅通')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags([tag])
        .asDropdown(false)
        .includeVars(true)
        .keepTime(true),
    );
}

interface Choice {
  name: string;
  label: string;
  query: string;
  regex?: string;
  multi?: boolean;
}

/** With 全部 where several may be chosen; the text of an option may differ from its value (named groups in the regex). */
export function choice(c: Choice): dashboard.QueryVariableBuilder {
  const out = new dashboard.QueryVariableBuilder(c.name)
    .label(c.label)
    .query({ query: c.query, refId: `variable-${c.name}` })
    .datasource(source)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc);
  if (c.regex) out.regex(c.regex);
  if (c.multi) out.multi(true).includeAll(true).allValue('.*').current({ text: '全部', value: '$__all' });
  return out;
}

/** Hidden: a district that is scraped in shards has a job each, and all of them are one monitor. */
const job = (): dashboard.QueryVariableBuilder =>
  choice({ name: 'job', label: '抓取', query: 'label_values(changtong_build_info, job)', multi: true }).hide(dashboard.VariableHide.HideVariable);
/** Where the Prometheus of several districts write to one store (deploy/observability --node); an office's own has none,
 * and what has no label is chosen by an empty value. */
const node = (): dashboard.QueryVariableBuilder =>
  choice({ name: 'node', label: '节点', query: 'label_values(changtong_build_info{job=~"$job"}, node)' });
/** One, never several. */
const instance = (): dashboard.QueryVariableBuilder =>
  choice({ name: 'instance', label: '监测程序', query: 'label_values(changtong_build_info{job=~"$job",node=~"$node"}, instance)' });
export const category = (): dashboard.QueryVariableBuilder =>
  choice({
    name: 'category',
    label: '类别',
    query: `query_result(changtong_category_info{${here}} and on (instance, category) changtong_line_info{${here}})`,
    regex: '/category="(?<value>[^"]+)".*name="(?<text>[^"]+)"/',
    multi: true,
  });
export const town = (): dashboard.QueryVariableBuilder =>
  choice({ name: 'town', label: '乡镇', query: `label_values(changtong_line_info{${here},category=~"$category"}, town)`, multi: true });
export const carrier = (): dashboard.QueryVariableBuilder =>
  choice({
    name: 'carrier',
    label: '运营商',
    query: `label_values(changtong_line_info{${here},category=~"$category",town=~"$town"}, carrier)`,
    multi: true,
  });

/** The same monitor on the board that a link leads to. */
const whence = '${job:queryparam}&${node:queryparam}&${instance:queryparam}';
/** Of a table with the column 编号. */
export const lineLink = { title: '线路明细', url: `/d/${uids.line}?${whence}&var-line=\${__data.fields["编号"]}&\${__url_time_range}` };
/** Of a table of lines and websites that also has the column 面板, the uid of the board of each. */
export const detailLink = {
  title: '明细',
  url: `/d/\${__data.fields["面板"]}?${whence}&var-line=\${__data.fields["编号"]}&var-site=\${__data.fields["编号"]}&\${__url_time_range}`,
};

/** Regions on the graphs for as long as the expression has a value. */
export function outages(name: string, expr: string, title: string, text: string, color: string): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name(name)
    .datasource(source)
    .enable(true)
    .hide(false)
    .iconColor(color)
    .expr(expr)
    .step('30s')
    .titleFormat(title)
    .textFormat(text)
    .tagKeys('carrier,town');
}
