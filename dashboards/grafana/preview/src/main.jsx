/** One board on a page: ?board=overview&prometheus=URL&width=1600&minutes=30&theme=dark&var-line=… */
import React, { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { lastValueFrom } from 'rxjs';
import {
  applyFieldOverrides, cacheFieldDisplayNames, createTheme, dateTime, FieldColorModeId, getDisplayValueAlignmentFactors, getFieldDisplayName, getFieldDisplayValues, ThemeContext, transformDataFrame,
} from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { BarGauge, BigValue, GlobalStyles, PanelChrome, TimeSeries, VizRepeater } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { Source } from './prometheus.js';
import { register } from './registry.js';

const boards = import.meta.glob('../../json/*.json', { eager: true, import: 'default' });
const asked = new URLSearchParams(location.search);
const board = boards[`../../json/${asked.get('board') ?? 'overview'}.json`];
const width = Number(asked.get('width') ?? 1600);
const theme = createTheme({ colors: { mode: asked.get('theme') ?? 'dark' } });
const to = Number(asked.get('to') ?? Math.floor(Date.now() / 1000));
const range = Number(asked.get('minutes') ?? 30) * 60;
const when = { from: to - range, to, step: Math.max(5, Math.round(range / 360)) };
const timeRange = { from: dateTime(when.from * 1000), to: dateTime(to * 1000), raw: { from: `now-${range}s`, to: 'now' } };
const timeZone = 'Asia/Shanghai';
const chosen = Object.fromEntries([...asked].filter(([k]) => k.startsWith('var-')).map(([k, v]) => [k.slice(4), v]));
const unit = width / 24;
const [rowHeight, gap] = [30, 8];

async function dataOf(source, panel, values) {
  let frames = await source.frames(panel, values);
  frames = frames.filter((f) => f.length > 0);
  if (panel.transformations?.length) frames = await lastValueFrom(transformDataFrame(panel.transformations, frames));
  const { defaults, overrides } = panel.fieldConfig;
  frames = applyFieldOverrides({ data: frames, fieldConfig: { defaults, overrides }, replaceVariables: (t) => t, theme, timeZone });
  cacheFieldDisplayNames(frames);
  let index = 0;
  for (const frame of frames)
    for (const field of frame.fields) {
      field.config = { ...field.config, custom: { ...defaults.custom, ...field.config.custom } };
      for (const o of overrides.filter((one) => one.matcher.options === getFieldDisplayName(field, frame, frames)))
        for (const p of o.properties.filter((one) => one.id.startsWith('custom.'))) field.config.custom[p.id.slice(7)] = p.value;
      if (panel.type === 'timeseries' && field.type === 'number') {
        field.config.color = { mode: FieldColorModeId.PaletteClassic };
        field.state = { ...field.state, seriesIndex: index++ };
      }
    }
  return frames;
}

function Values({ panel, frames, w, h }) {
  const options = panel.options;
  const display = () =>
    getFieldDisplayValues({ fieldConfig: panel.fieldConfig, reduceOptions: options.reduceOptions, replaceVariables: (t) => t, theme, data: frames, sparkline: options.graphMode === 'area', timeZone });
  const draw = ({ value, width: vw, height: vh, count, alignmentFactors, orientation }) =>
    panel.type === 'stat' ? (
      <BigValue value={value.display} sparkline={value.sparkline} width={vw} height={vh} count={count} colorMode={options.colorMode} graphMode={options.graphMode} justifyMode={options.justifyMode} textMode={options.textMode} theme={theme} alignmentFactors={alignmentFactors} />
    ) : (
      <BarGauge value={value.display} field={value.field} display={value.view?.getFieldDisplayProcessor(value.colIndex)} width={vw} height={vh} orientation={orientation} displayMode={options.displayMode} showUnfilled={options.showUnfilled} valueDisplayMode={options.valueMode} theme={theme} alignmentFactors={alignmentFactors} text={{}} />
    );
  const orientation = panel.type === 'stat' ? 'auto' : options.orientation;
  return (
    <VizRepeater getValues={display} getAlignmentFactors={getDisplayValueAlignmentFactors} renderValue={draw} width={w} height={h} source={frames} renderCounter={1} orientation={orientation} autoGrid={panel.type === 'stat'} minVizHeight={16} maxVizHeight={32} itemSpacing={panel.type === 'stat' ? 3 : 8} />
  );
}

function Picture({ panel, frames, w, h }) {
  if (!frames.some((f) => f.length > 0))
    return panel.type === 'stat' ? (
      <Values panel={panel} frames={[{ length: 1, fields: [{ name: 'v', type: 'number', values: [null], config: panel.fieldConfig.defaults }] }]} w={w} h={h} />
    ) : (
      <div style={{ display: 'grid', placeItems: 'center', height: h, color: theme.colors.text.secondary }}>{panel.fieldConfig.defaults.noValue}</div>
    );
  if (panel.type === 'stat' || panel.type === 'bargauge') return <Values panel={panel} frames={frames} w={w} h={h} />;
  if (panel.type === 'table')
    return <TableNG data={frames[0]} width={w} height={h} cellHeight={panel.options.cellHeight} sortBy={panel.options.sortBy} fieldConfig={panel.fieldConfig} timeRange={timeRange} structureRev={1} />;
  return <TimeSeries frames={frames} width={w} height={h} timeRange={timeRange} timeZone={timeZone} legend={panel.options.legend} options={panel.options} structureRev={1} />;
}

function Panel({ panel, source, values }) {
  const [state, set] = useState({});
  useEffect(() => {
    dataOf(source, panel, values).then((frames) => set({ frames }), (error) => set({ error }));
  }, []);
  const g = panel.gridPos;
  const [w, h] = [g.w * unit - gap, g.h * (rowHeight + gap) - gap];
  const done = state.frames || state.error;
  return (
    <div className={done ? 'done' : 'waiting'} data-title={panel.title} data-empty={state.frames && !state.frames.some((f) => f.length > 0)} style={{ position: 'absolute', left: g.x * unit + gap / 2, top: g.y * (rowHeight + gap) + 48 }}>
      <PanelChrome title={panel.title} width={w} height={h} padding={panel.type === 'table' ? 'none' : 'md'}>
        {(iw, ih) => (state.error ? <pre style={{ color: 'red' }}>{String(state.error.stack)}</pre> : state.frames ? <Picture panel={panel} frames={state.frames} w={iw} h={ih} /> : null)}
      </PanelChrome>
    </div>
  );
}

async function start() {
  register();
  await initPluginTranslations('changtong');
  const source = new Source(asked.get('prometheus') ?? 'http://127.0.0.1:9090', when);
  const values = await source.variables(board, chosen);
  const height = Math.max(...board.panels.map((p) => p.gridPos.y + p.gridPos.h)) * (rowHeight + gap) + 56;
  const names = board.templating.list.filter((v) => v.type === 'query').map((v) => `${v.label}：${values.get(v.name) === v.allValue ? '全部' : values.get(v.name)}`);
  createRoot(document.getElementById('root')).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles hackNoBackdropBlur isExtensionSidebarOpen={false} />
      <div id="board" style={{ position: 'relative', width, height, background: theme.colors.background.canvas, fontFamily: theme.typography.fontFamily }}>
        <div style={{ padding: '12px 12px', fontSize: 18, color: theme.colors.text.primary }}>
          {board.title}
          <span style={{ fontSize: 13, marginLeft: 24, color: theme.colors.text.secondary }}>{names.join('　')}</span>
        </div>
        {board.panels.filter((p) => p.type !== 'row').map((p) => <Panel key={p.id} panel={p} source={source} values={values} />)}
      </div>
    </ThemeContext.Provider>,
  );
}

start();
