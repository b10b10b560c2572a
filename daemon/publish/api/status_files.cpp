// The status page's style and script: served as files of their own, since the Content-Security-Policy allows no inline.
#include "daemon/publish/api/status_page.h"

namespace changtong::api {

std::string_view status_css() {
  return R"css(:root {
  color-scheme: light dark;
  --back: #f3f5f8; --card: #ffffff; --ink: #1b2430; --soft: #5b6776; --line: #dde3ea; --brand: #0b57a4;
  --up: #14703a; --down: #c1121f; --degraded: #8a5a00; --unknown: #566070;
  --down-back: #fdecec; --degraded-back: #fff5df; --unknown-back: #eef0f3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #10151c; --card: #18202a; --ink: #e6ebf2; --soft: #98a5b5; --line: #2a3542; --brand: #0d3f73;
    --up: #4fc882; --down: #ff7b7b; --degraded: #f0b849; --unknown: #a3b0c0;
    --down-back: #3a1c20; --degraded-back: #362a12; --unknown-back: #232c37;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--back); color: var(--ink);
  font: clamp(15px, 0.55vw + 8.5px, 22px)/1.5 "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  font-variant-numeric: tabular-nums;
}
header { background: var(--brand); color: #fff; padding: .7em clamp(.8em, 2.5vw, 3em); display: flex; flex-wrap: wrap; gap: .3em 2em; align-items: center; justify-content: space-between; }
h1 { margin: 0; font-size: 1.5em; letter-spacing: .06em; }
h1 small { font-size: .6em; font-weight: 400; letter-spacing: 0; margin-left: .9em; opacity: .9; }
.stamp { margin: 0; display: flex; flex-wrap: wrap; gap: .1em 1.6em; }
.stamp div { display: flex; gap: .5em; }
.stamp dt { opacity: .8; }
.stamp dd { margin: 0; font-weight: 600; min-width: 4.2em; }
#banner { background: var(--down); color: #fff; font-weight: 700; font-size: 1.2em; padding: .6em clamp(.7em, 2.5vw, 2.5em); text-align: center; }
@media (prefers-color-scheme: dark) { #banner { background: #b3202b; } }
[hidden] { display: none !important; }
main { padding: clamp(.8em, 1.4vw, 1.6em) clamp(.8em, 2.5vw, 3em); }
.remark { margin: 0; padding: .6em clamp(.7em, 2.5vw, 2.5em); border-left: .4em solid var(--degraded); }
.stale main { opacity: .55; }
.tiles { list-style: none; margin: 0 0 1.1em; padding: 0; display: grid; gap: .8em; grid-template-columns: repeat(5, minmax(6em, 1fr)) minmax(17em, 2.6fr); }
.tile { background: var(--card); border: 1px solid var(--line); border-top: .28em solid var(--state, var(--brand)); border-radius: .5em; padding: .55em .9em .6em; display: flex; flex-direction: column; }
.tile b { font-size: 2.3em; line-height: 1.2; color: var(--state, var(--ink)); }
.tile.total b { color: var(--ink); }
.tile.ratio b { font-size: 1.5em; line-height: 1.4; color: var(--ink); }
.tile.ratio small { color: var(--soft); }
.word { color: var(--soft); }
.up { --state: var(--up); } .down { --state: var(--down); } .degraded { --state: var(--degraded); } .unknown { --state: var(--unknown); }
.tile.down:not(.none) { background: var(--down-back); } .tile.degraded:not(.none) { background: var(--degraded-back); }
.tile.unknown:not(.none) { background: var(--unknown-back); }
.tile.none { --state: var(--line); } .tile.none b { color: var(--soft); font-weight: 400; }
.tile .sign { color: var(--state, var(--soft)); font-weight: 700; } .tile.none .sign { color: var(--soft); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5em; padding: .7em 1em .9em; margin-bottom: 1.1em; }
h2 { margin: 0 0 .45em; font-size: 1.1em; }
.count { background: var(--down); color: var(--card); border-radius: 1em; padding: .05em .7em; font-size: .9em; margin-left: .3em; }
.count.zero { background: var(--unknown-back); color: var(--soft); }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .38em .6em; border-top: 1px solid var(--line); vertical-align: baseline; font-weight: 400; }
thead th { color: var(--soft); font-size: .88em; border-top: 0; white-space: nowrap; }
tbody th { font-weight: 600; }
th.n, td.n { text-align: right; width: 6.2em; white-space: nowrap; }
td.n.up, td.n.down, td.n.degraded, td.n.unknown { color: var(--state); font-weight: 600; }
td.n.none { color: var(--soft); font-weight: 400; opacity: .65; }
td.n .sign { margin-right: .4em; font-size: .85em; } td.n.none .sign { visibility: hidden; }
td.n.down:not(.none) { background: var(--down-back); } td.n.degraded:not(.none) { background: var(--degraded-back); }
td.n.unknown:not(.none) { background: var(--unknown-back); }
.categories thead th:last-child, td.ratio { padding-left: 2.2em; }
td.ratio small { color: var(--soft); margin-left: 1em; white-space: nowrap; }
.outages th small { color: var(--soft); font-weight: 400; margin-left: .6em; }
.time { white-space: nowrap; } .long { color: var(--down); font-weight: 600; }
.tag { font-style: normal; border: 1px solid var(--degraded); color: var(--degraded); border-radius: .3em; padding: 0 .35em; margin-left: .6em; font-size: .85em; white-space: nowrap; }
#calm { margin: .2em 0 0; color: var(--up); font-weight: 600; } #more { color: var(--soft); margin: .6em 0 0; }
footer { color: var(--soft); font-size: .88em; padding: 0 clamp(.8em, 2.5vw, 3em) 1.4em; }
footer p { margin: .2em 0; } footer a { color: inherit; }
@media (max-width: 62em) { .tiles { grid-template-columns: repeat(5, 1fr); } .tile.ratio { grid-column: 1 / -1; } td.ratio small { display: block; margin-left: 0; white-space: normal; } }
@media (max-width: 42em) {
  h1 small { display: block; margin: 0; }
  .tiles { gap: .4em; } .tile { padding: .4em .5em; } .tile b { font-size: 1.45em; } .tile .word { font-size: .85em; white-space: nowrap; } .tile.total .sign { display: none; }
  thead { display: none; }
  table, tbody { display: block; }
  tr { display: flex; flex-wrap: wrap; gap: .1em .9em; padding: .55em 0; border-top: 1px solid var(--line); }
  tbody tr:first-child { border-top: 0; padding-top: .1em; }
  th, td, td.n { border: 0; padding: 0; width: auto; text-align: left; }
  tbody th { flex: 1 0 100%; }
  td[data-label]::before { content: attr(data-label) " "; color: var(--soft); font-weight: 400; }
  td.n .sign { margin: 0 .2em 0 .1em; } td.n.none .sign { display: none; }
  td.n.down:not(.none), td.n.degraded:not(.none), td.n.unknown:not(.none) { border-radius: .3em; padding: 0 .35em; }
  td.ratio { flex: 1 0 100%; padding-left: 0; } td.ratio::before { content: "今日畅通率 "; color: var(--soft); }
  td[data-label="乡镇"]:empty, td[data-label="运营商"]:empty { display: none; }
}
)css";
}

std::string_view status_js() {
  return R"js('use strict';
// Redraws the page that the server drew, every two seconds. Text only ever goes in as text.
// Written for browsers of 2018 on: a script that does not run would leave an old page standing without a warning.
(() => {
  const states = [['up', '✓', '通'], ['down', '✕', '断'], ['degraded', '▲', '劣化'], ['unknown', '?', '未知']];
  const by = (id) => document.getElementById(id);
  const make = (name, attributes, ...inside) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...inside);
    return node;
  };
  let last = null;   // the last answer, and when it came
  let came = performance.now();

  const fill = (node, rows) => {
    while (node.firstChild) node.removeChild(node.firstChild);
    rows.forEach((row) => node.appendChild(row));
  };

  const categoryRow = (c) => make('tr', {},
    make('th', { scope: 'row' }, c.name),
    make('td', { class: 'n', 'data-label': '总数' }, String(c.lines)),
    ...states.map(([id, sign, word]) => make('td', { class: 'n ' + id + (c[id] ? '' : ' none'), 'data-label': word },
      make('span', { class: 'sign', 'aria-hidden': 'true' }, sign), String(c[id]))),
    make('td', { class: 'ratio' }, c.today ? c.today.text : '—', make('small', {}, c.today ? c.today.bounds_text : '')));

  const outageRow = (o) => make('tr', {},
    make('th', { scope: 'row' }, o.name, make('small', {}, o.id)),
    make('td', { 'data-label': '类别' }, o.category),
    make('td', { 'data-label': '乡镇' }, o.town),
    make('td', { 'data-label': '运营商' }, o.carrier),
    make('td', { 'data-label': '开始', class: 'time' }, o.began_text),
    make('td', { 'data-label': '历时', class: 'time long' }, o.duration_text),
    make('td', { 'data-label': '原因' }, o.cause_text, ...(o.unrecorded ? [make('em', { class: 'tag' }, '未入账')] : []),
      ...(o.seen_now ? [] : [make('em', { class: 'tag' }, '现状未知')])));

  const number = (id, n) => {
    by('n-' + id).textContent = n;
    by('n-' + id).parentNode.classList.toggle('none', n === 0);
  };

  const draw = (s) => {
    number('total', s.total.lines);
    for (const [id] of states) number(id, s.total[id]);
    by('ratio').textContent = s.total.today ? s.total.today.text : '—';
    by('bounds').textContent = s.total.today ? s.total.today.bounds_text : '';
    fill(by('categories'), s.categories.map(categoryRow));
    fill(by('outages'), s.outages.map(outageRow));
    by('open').textContent = s.outages_open;
    by('open').classList.toggle('zero', s.outages_open === 0);
    by('calm').hidden = s.outages_open > 0;
    by('outage-table').hidden = s.outages_open === 0;
    by('more').hidden = s.outages_open === s.outages.length;
    by('hidden').textContent = s.outages_open - s.outages.length;
    by('now').textContent = s.now_text;
    document.title = (s.outages_open ? '断 ' + s.outages_open + ' · ' : '') + '畅通 · 专线运行状况';
  };

  const span = (seconds) => seconds < 60 ? seconds.toFixed(0) + ' 秒' : Math.floor(seconds / 60) + ' 分 ' + Math.floor(seconds % 60) + ' 秒';

  const judge = () => {
    const silent = (performance.now() - came) / 1000;
    const age = last && last.heartbeat_age_s !== null ? last.heartbeat_age_s + silent : null;
    let text = '';
    if (silent > 5) text = '监测程序 ' + span(silent) + '没有应答：下面是 ' + by('now').textContent + ' 的状态，可能已经过时';
    else if (last && age === null) text = '监测尚未开始记账：下面的状态还没有依据';
    else if (last && last.heartbeat_age_s > 5) text = '账本心跳已停 ' + span(age) + '：下面的状态可能已经过时';
    if (last) by('heartbeat').textContent = age === null ? '无' : age < 60 ? age.toFixed(1) + ' 秒前' : span(age) + '前';
    else if (text) by('heartbeat').textContent = '—';
    if (!last && !text) return;  // what the server drew still stands
    by('banner').textContent = text;
    by('banner').hidden = text === '';
    document.body.classList.toggle('stale', text !== '');
  };

  const refresh = async () => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), 5000);
    try {
      const answer = await fetch('/api/v1/summary', { cache: 'no-store', signal: limit.signal });
      if (!answer.ok) throw new Error(answer.status);
      const s = await answer.json();
      draw(s);
      last = s;
      came = performance.now();
    } catch (ignored) { /* judge() says so when it lasts */ }
    clearTimeout(timer);
    judge();
    setTimeout(refresh, 2000);
  };
  setInterval(judge, 500);
  refresh();
})();
)js";
}

}  // namespace changtong::api
