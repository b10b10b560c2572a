/** The few kinds of panel that the boards are made of, and how they are laid out. */
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { steps as makeSteps, green } from './words.js';

export const source: common.DataSourceRef = { type: 'prometheus', uid: '${ds}' };

export interface Query {
  expr: string;
  legend?: string;
  /** A panel of one moment asks for that moment alone; a graph for the range. */
  range?: boolean;
}

export interface Look {
  title: string;
  description?: string;
  unit?: string;
  decimals?: number;
  min?: number;
  max?: number;
  steps?: dashboard.Threshold[];
  mappings?: dashboard.ValueMapping[];
  noValue?: string;
  links?: { title: string; url: string }[];
}

export type Panel = stat.PanelBuilder | bargauge.PanelBuilder | table.PanelBuilder | timeseries.PanelBuilder;

const refIds = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function target(query: Query, index: number, format: prometheus.PromQueryFormat): prometheus.DataqueryBuilder {
  const out = new prometheus.DataqueryBuilder()
    .refId(refIds[index] ?? '?')
    .expr(query.expr.replace(/\s+/g, ' ').trim())
    .datasource(source)
    .format(format)
    .editorMode(prometheus.QueryEditorMode.Code);
  if (query.legend !== undefined) out.legendFormat(query.legend);
  return query.range ? out.range() : out.instant();
}

function dress<P extends Panel>(panel: P, look: Look): P {
  panel.title(look.title).datasource(source);
  if (look.description) panel.description(look.description);
  if (look.unit) panel.unit(look.unit);
  if (look.decimals !== undefined) panel.decimals(look.decimals);
  if (look.min !== undefined) panel.min(look.min);
  if (look.max !== undefined) panel.max(look.max);
  panel.noValue(look.noValue ?? '无数据');
  if (look.mappings) panel.mappings(look.mappings);
  panel.thresholds(
    new dashboard.ThresholdsConfigBuilder()
      .mode(dashboard.ThresholdsMode.Absolute)
      .steps(look.steps ?? makeSteps([null, green])),
  );
  if (look.links)
    panel.dataLinks(look.links.map((l) => new dashboard.DashboardLinkBuilder(l.title).url(l.url).keepTime(true)));
  return panel;
}

const last = (): common.ReduceDataOptionsBuilder =>
  new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false);

const byThreshold = (): dashboard.FieldColorBuilder =>
  new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds);

export interface StatLook extends Look {
  /** The whole tile in the colour of its value: for what must be seen across a room. */
  wall?: boolean;
  /** A small graph of the range behind the number. */
  graph?: boolean;
}

/** One number, or one a series. */
export function number(look: StatLook, ...queries: Query[]): stat.PanelBuilder {
  const panel = dress(new stat.PanelBuilder(), look)
    .reduceOptions(last())
    .colorScheme(byThreshold())
    .colorMode(look.wall ? common.BigValueColorMode.Background : common.BigValueColorMode.Value)
    .graphMode(look.graph ? common.BigValueGraphMode.Area : common.BigValueGraphMode.None)
    .justifyMode(common.BigValueJustifyMode.Center)
    .textMode(queries.some((q) => q.legend !== undefined) ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Value);
  queries.forEach((q, i) =>
    panel.withTarget(target({ range: look.graph ?? false, ...q }, i, prometheus.PromQueryFormat.TimeSeries)),
  );
  return panel;
}

/** A bar a series. */
export function bars(look: Look, ...queries: Query[]): bargauge.PanelBuilder {
  const panel = dress(new bargauge.PanelBuilder(), look)
    .reduceOptions(last())
    .colorScheme(byThreshold())
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Text)
    .showUnfilled(true);
  queries.forEach((q, i) => panel.withTarget(target(q, i, prometheus.PromQueryFormat.TimeSeries)));
  return panel;
}

export interface GraphLook extends Look {
  stacked?: boolean;
  steps_?: boolean;
  fill?: number;
  /** Thresholds as dashed lines. */
  limits?: boolean;
  legendRight?: boolean;
  softMax?: number;
}

/** Series over the range. A gap in the data stays a gap: time that nobody observed is not drawn over. */
export function graph(look: GraphLook, ...queries: Query[]): timeseries.PanelBuilder {
  const panel = dress(new timeseries.PanelBuilder(), look)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .drawStyle(common.GraphDrawStyle.Line)
    .lineInterpolation(look.steps_ ? common.LineInterpolation.StepAfter : common.LineInterpolation.Linear)
    .lineWidth(1)
    .fillOpacity(look.fill ?? (look.stacked ? 40 : 8))
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(false)
    .insertNulls(300_000)
    .stacking(
      new common.StackingConfigBuilder().mode(look.stacked ? common.StackingMode.Normal : common.StackingMode.None).group('A'),
    )
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(
        look.limits ? common.GraphThresholdsStyleMode.Dashed : common.GraphThresholdsStyleMode.Off,
      ),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(look.legendRight ? common.LegendPlacement.Right : common.LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending));
  if (look.softMax !== undefined) panel.axisSoftMax(look.softMax);
  queries.forEach((q, i) => panel.withTarget(target({ range: true, ...q }, i, prometheus.PromQueryFormat.TimeSeries)));
  return panel;
}

/** A column: a label, or the value of a query (`#A`, `#B` … in the order of the queries). */
export interface Column {
  of: string;
  title: string;
  unit?: string;
  decimals?: number;
  width?: number;
  steps?: dashboard.Threshold[];
  mappings?: dashboard.ValueMapping[];
  link?: { title: string; url: string };
  /** Not shown, but links of other columns may name it. */
  hidden?: boolean;
}

export interface TableLook extends Look {
  columns: Column[];
  sort?: { column: string; descending: boolean };
}

const fieldOf = (column: Column, queries: number): string =>
  column.of.startsWith('#') ? (queries === 1 ? 'Value' : `Value ${column.of}`) : column.of;

function properties(column: Column): dashboard.DynamicConfigValue[] {
  const out: dashboard.DynamicConfigValue[] = [];
  const add = (id: string, value: unknown): void => void out.push({ id, value });
  add('noValue', '—'); // of a cell; the panel's own text is for a table without rows
  if (column.unit) add('unit', column.unit);
  if (column.decimals !== undefined) add('decimals', column.decimals);
  if (column.width) add('custom.width', column.width);
  if (column.mappings) add('mappings', column.mappings);
  if (column.steps) {
    add('thresholds', { mode: 'absolute', steps: column.steps });
    add('color', { mode: 'thresholds' });
    add('custom.cellOptions', { type: 'color-text' });
  }
  if (column.link) add('links', [column.link]);
  if (column.hidden) {
    add('custom.hidden', true); // Grafana up to 12.1
    add('custom.hideFrom', { viz: true, legend: false, tooltip: false }); // since
  }
  return out;
}

/** Rows from instant queries that have the same labels, one column a query. Only the columns that are named appear. */
export function rows(look: TableLook, ...queries: Query[]): table.PanelBuilder {
  const panel = dress(new table.PanelBuilder(), look)
    .showHeader(true)
    .cellHeight(common.TableCellHeight.Sm)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds))
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        includeByName: Object.fromEntries(look.columns.map((c) => [fieldOf(c, queries.length), true])),
        indexByName: Object.fromEntries(look.columns.map((c, i) => [fieldOf(c, queries.length), i])),
        renameByName: Object.fromEntries(look.columns.map((c) => [fieldOf(c, queries.length), c.title])),
        excludeByName: {},
      },
    });
  queries.forEach((q, i) => panel.withTarget(target(q, i, prometheus.PromQueryFormat.Table)));
  for (const column of look.columns) {
    const own = properties(column);
    if (own.length > 0) panel.overrideByName(column.title, own);
  }
  if (look.sort)
    panel.sortBy([new common.TableSortByFieldStateBuilder().displayName(look.sort.column).desc(look.sort.descending)]);
  return panel;
}

/** A strip of panels of one height; widths are 24ths of the board and add up to 24. */
export type Strip = { height: number; panels: [width: number, panel: Panel][] } | { row: string };

export function place(board: dashboard.DashboardBuilder, strips: Strip[]): dashboard.DashboardBuilder {
  let y = 0;
  let id = 1;
  for (const strip of strips) {
    if ('row' in strip) {
      board.withRow(
        new dashboard.RowBuilder(strip.row).id(id++).gridPos({ x: 0, y, w: 24, h: 1 }),
      );
      y += 1;
      continue;
    }
    let x = 0;
    for (const [width, panel] of strip.panels) {
      board.withPanel(panel.id(id++).gridPos({ x, y, w: width, h: strip.height }));
      x += width;
    }
    if (x !== 24) throw new Error(`a strip is ${x} wide, not 24`);
    y += strip.height;
  }
  return board;
}
