'use strict';
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
      const headers = { 'X-Changtong-Poll': '1' };  // a page that lies open keeps nobody signed in
      const answer = await fetch('/api/v1/summary', { cache: 'no-store', signal: limit.signal, headers });
      if (answer.status === 401) location.reload();  // to where one signs in
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
