// The lint finds what it is there to find: each case breaks one thing of a good board.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { knownMetrics } from '../../dashboards/grafana/build/known.js';
import { look, still } from '../../dashboards/grafana/build/still.js';
import { substitute, variablesIn } from '../../dashboards/grafana/build/model.js';

const good = () => JSON.parse(readFileSync(new URL('../../dashboards/grafana/json/overview.json', import.meta.url), 'utf8'));
const known = knownMetrics();
const others = ['line', 'carriers', 'sites', 'indicators', 'self'].map((f) => [
  f, JSON.parse(readFileSync(new URL(`../../dashboards/grafana/json/${f}.json`, import.meta.url), 'utf8')),
]);
const complaints = (change) => {
  const board = good();
  change(board);
  return still(new Map([['overview.json', board], ...others]), known);
};
const finds = (name, change, pattern) =>
  test(name, () => {
    const said = complaints(change);
    assert.ok(said.some((s) => pattern.test(s)), `said only: ${said.join('\n')}`);
  });

test('a good board is left alone', () => assert.deepEqual(complaints(() => {}), []));
finds('a metric that nobody has', (b) => (b.panels[0].targets[0].expr = 'changtong_line_upp == 0'), /no metric changtong_line_upp/);
finds('a query that does not parse', (b) => (b.panels[0].targets[0].expr = 'sum(changtong_line_up'), /does not parse/);
finds('a variable that is not defined', (b) => (b.panels[0].targets[0].expr = 'changtong_line_up{town="$twon"}'), /\$twon is not defined/);
finds('panels that overlap', (b) => (b.panels[1].gridPos.x = 2), /overlaps/);
finds('a panel that leaves the board', (b) => (b.panels[5].gridPos.w = 9), /outside the board/);
finds('two panels with one id', (b) => (b.panels[1].id = b.panels[0].id), /have one id/);
finds('a data source by name', (b) => (b.panels[0].datasource.uid = 'prometheus'), /data source is not the variable/);
finds('a rate of a gauge', (b) => (b.panels[0].targets[0].expr = 'rate(changtong_line_up[5m])'), /is a gauge/);
finds('a kind that only Grafana can draw', (b) => (b.panels[0].type = 'geomap'), /cannot be drawn/);
finds('a link that leads nowhere', (b) => (b.panels[0].description = 'see /d/changtong-nothing'), /is no board/);
finds('a row that leads nowhere', (b) => {
  const t = b.panels.find((p) => p.targets?.[0]?.expr.includes('"board"')).targets[0];
  t.expr = t.expr.replace('"changtong-sites"', '"changtong-site"');
}, /a row leads to changtong-site,/);
finds('a query that does not ask for the chosen monitor', (b) => (b.panels[0].targets[0].expr = 'sum(changtong_line_up{job=~"$job"})'), /is of any monitor/);
finds('a variable that does not either', (b) => (b.templating.list.find((v) => v.name === 'town').query = 'label_values(changtong_line_info, town)'), /variable town: .* is of any monitor/);
finds('an annotation of an alert that does not exist', (b) => (b.annotations.list[0].expr = 'ALERTS{alertname="UplinkGone"}'), /no alert UplinkGone/);
finds('a refId that stands twice', (b) => { const t = b.panels.find((p) => p.targets?.length > 1).targets; t[1].refId = t[0].refId; }, /refId stands twice/);

test('the list of metrics is read from the header of the daemon', () => {
  assert.equal(known.get('changtong_line_up'), 'gauge');
  assert.equal(known.get('changtong_samples_total'), 'counter');
  assert.equal(known.get('changtong_ledger_commit_seconds_bucket'), 'histogram');
  assert.equal(known.get('process_open_fds'), 'gauge');
  assert.equal(known.get('changtong:line_children:count'), 'recorded');
});
test('names are those of selectors, not of labels or functions', () =>
  assert.deepEqual(look('sum by (town) (rate(changtong_samples_total{kind="x"}[5m])) / on (up) foo').names, ['changtong_samples_total', 'foo']));
test('what looks like a variable in label_replace is none', () => {
  assert.deepEqual(variablesIn('label_replace(x, "a", "$1", "b", "(.*)") + $town + ${line}'), ['town', 'line']);
  assert.equal(substitute('$1 $town [$__range]', new Map([['town', 'T']]), { range: 60, step: 5 }), '$1 T [60s]');
});
