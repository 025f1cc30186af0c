// Shows what /v1/jobs and /v1/views tell. Everything is asked of this server; nothing comes from elsewhere.
import { lines, bars } from './chart.js';

const JOBS_EVERY_MS = 500;
const VIEWS_EVERY_MS = 1000;
const RATE_WINDOW_MS = 4000;
const CHART_ROWS = 240;
const TABLE_ROWS = 16;

const $ = (id) => document.getElementById(id);
const whole = new Intl.NumberFormat('en');
const history = new Map(); // by source: [[ms, rows]]
const cards = new Map(); // by view
let paused = false;
let pageError = null;

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'class') made.className = value;
    else if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

async function ask(path) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(5000) });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error ? body.error.message : answer.statusText);
  return body;
}

function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = Math.round(ms / 1000);
  if (s < 120) return `${s} s`;
  return s < 7200 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

function eventTime(micros) {
  if (micros === null) return 'not known yet';
  if (micros > 9e18) return 'end of input';
  return new Date(micros / 1000).toISOString().replace('T', ' ').replace('Z', '');
}

// ---- jobs ----

/** Rows a second over the last seconds. */
function rate(key, rows) {
  const now = performance.now();
  const seen = history.get(key) || [];
  if (seen.length > 0 && rows < seen[seen.length - 1][1]) seen.length = 0;
  seen.push([now, rows]);
  while (seen.length > 2 && now - seen[0][0] > RATE_WINDOW_MS) seen.shift();
  history.set(key, seen);
  const spent = now - seen[0][0];
  return spent < 200 ? null : ((rows - seen[0][1]) / spent) * 1000;
}

function showSource(source, running) {
  const perSecond = running ? rate(source.table, source.rows) : null;
  const left = source.rows_total === null || source.live ? null : Math.max(0, source.rows_total - source.rows);
  const eta = left === null ? null : perSecond > 0 ? (left / perSecond) * 1000 : source.eta_ms;
  const facts = [];
  facts.push(`${whole.format(source.rows)}${left === null ? '' : ' of ' + whole.format(source.rows_total)} rows`);
  if (perSecond !== null) facts.push(`${whole.format(Math.round(perSecond))} rows/s`);
  if (running && eta !== null && left > 0) facts.push(`${duration(eta)} left`);
  if (source.lag_rows !== null && source.live) facts.push(`${whole.format(source.lag_rows)} waiting`);
  const bar = element('progress', { max: '1', 'aria-label': `Progress of ${source.table}` });
  if (source.progress !== null) bar.value = source.progress;
  return element('div', { class: 'source' },
    element('div', { class: 'line' },
      element('b', {}, source.table),
      element('span', {}, source.live ? 'live' : source.bounded ? 'bounded' : source.progress === null ? 'streaming' : 'backfill')),
    bar,
    element('div', { class: 'line' }, element('span', {}, facts.join(' · ')),
      element('span', {}, `watermark ${eventTime(source.watermark_micros)}`)));
}

function phase(id, state, text) {
  $(id).dataset.phase = state;
  setText($(id).querySelector('span'), text);
}

function showHandover(handover, job) {
  $('handover').hidden = handover === null;
  if (handover === null) return;
  const cutFound = handover.cut.length > 0;
  const reading = handover.history_rows > 0;
  phase('phase-cut', cutFound ? 'done' : 'now', `by ${handover.by}, ${handover.exact ? 'exact' : 'not exact'}`);
  phase('phase-history', handover.complete ? 'done' : cutFound ? 'now' : '', reading ? `${whole.format(handover.history_rows)} rows` : '');
  phase('phase-live', handover.complete ? (job.state === 'running' ? 'now' : 'done') : '', handover.complete ? `${whole.format(handover.live_rows)} rows` : 'waits');
  const gap = !handover.gap.checked ? 'gap not checked yet'
    : handover.gap.missing.length === 0 ? 'no gap' : `${handover.gap.missing.length} gaps`;
  const news = handover.complete
    ? `Handed over${handover.pause_ms === null ? '' : ` after a pause of ${duration(handover.pause_ms)}`}: ${gap}, ${handover.by === 'offset' ? 'live begins where history ends' : whole.format(handover.duplicates_dropped) + ' duplicates dropped'}.`
    : cutFound ? `The cut is known, ${gap}. Live waits until history is read.` : 'Looking for the cut.';
  setText($('handover-news'), news);
  const rows = handover.cut.map((cut) => [cut.topic, cut.partition, whole.format(cut.offset), eventTime(cut.event_time_micros)]);
  const body = $('cut').tBodies[0];
  const text = JSON.stringify(rows);
  if (body.dataset.text !== text) {
    body.dataset.text = text;
    body.replaceChildren(...rows.map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, String(cell))))));
  }
}

function showJobs(jobs) {
  const job = jobs[jobs.length - 1];
  if (!job) return;
  const running = job.state === 'running' || job.state === 'created';
  const live = running && job.sources.some((source) => source.live);
  setText($('job'), `job ${job.name} · ${duration(job.run_ms)}`);
  $('state').dataset.state = live ? 'live' : job.state;
  setText($('state'), live ? 'live' : job.state);
  const perSecond = running ? rate('', job.rows) : null;
  setText($('rows'), whole.format(job.rows));
  setText($('rate'), perSecond === null ? 'rows' : `${whole.format(Math.round(perSecond))} rows/s`);
  const late = job.sources.reduce((sum, source) => sum + source.late_rows, 0);
  const bad = job.sources.reduce((sum, source) => sum + source.bad_rows, 0);
  for (const [id, count] of [['late', late], ['bad', bad]]) {
    setText($(id), whole.format(count));
    $(id).parentElement.dataset.wrong = String(count > 0);
  }
  $('sources').replaceChildren(...job.sources.map((source) => showSource(source, running)));
  showHandover(job.handover, job);
  pageError = job.failure ? `${job.failure.code}: ${job.failure.message}` : null;
  const names = jobs.flatMap((one) => one.views);
  for (const name of names) if (!cards.has(name)) addCard(name);
}

// ---- views ----

const NUMBER = /^(TINYINT|SMALLINT|INT|BIGINT|FLOAT|DOUBLE|DECIMAL)/;
const TEXT = /^(VARCHAR|CHAR|STRING|BOOLEAN)/;

function addCard(name) {
  if (cards.size === 0) $('view-list').replaceChildren();
  const card = { name, order: null, metric: null, columns: null, before: new Map(), rows: [] };
  card.title = element('h3', { tabindex: '-1' }, name);
  card.note = element('small', {}, 'no rows yet');
  card.metrics = element('select', { 'aria-label': `What the chart of ${name} shows`, onchange: () => { card.metric = card.metrics.value; draw(card); } });
  card.canvas = element('canvas', { role: 'img', 'aria-label': `Chart of ${name}` });
  card.head = element('tr');
  card.body = element('tbody');
  card.root = element('article', { class: 'view' },
    element('div', { class: 'top' }, card.title, card.metrics, card.note),
    element('div', { class: 'body' }, card.canvas,
      element('div', { class: 'rows', tabindex: '0', 'aria-label': `Rows of ${name}` },
        element('table', {}, element('thead', {}, card.head), card.body))));
  cards.set(name, card);
  $('view-list').append(card.root);
}

function setColumns(card, columns) {
  const names = columns.map((column) => column.name);
  card.columns = columns;
  card.start = names.includes('window_start') ? 'window_start' : null;
  const shown = columns.filter((column) => !/^window_/.test(column.name));
  card.keys = shown.filter((column) => column.key || TEXT.test(column.type)).map((column) => column.name);
  const metrics = shown.filter((column) => NUMBER.test(column.type) && !card.keys.includes(column.name));
  card.metric = metrics.length > 0 ? metrics[0].name : null;
  card.metrics.replaceChildren(...metrics.map((column) => element('option', { value: column.name }, column.name)));
  card.metrics.hidden = metrics.length < 2;
  card.order = card.start ? `-${card.start}${card.metric ? ',-' + card.metric : ''}` : card.metric ? `-${card.metric}` : names[0];
  showHead(card);
}

function showHead(card) {
  const first = card.order.split(',')[0];
  card.head.replaceChildren(
    ...card.columns.map((column) => {
      const sorted = first === column.name ? 'ascending' : first === '-' + column.name ? 'descending' : 'none';
      const button = element('button', { type: 'button', title: `Order by ${column.name}` }, column.name);
      button.addEventListener('click', () => {
        card.order = sorted === 'descending' ? column.name : '-' + column.name;
        showHead(card);
        card.head.querySelector(`[title="Order by ${CSS.escape(column.name)}"]`).focus();
        refresh(card);
      });
      return element('th', { scope: 'col', 'aria-sort': sorted, class: NUMBER.test(column.type) ? '' : 'text' }, button);
    }),
    element('th', { scope: 'col', class: 'text' }, 'result'));
}

async function refresh(card) {
  const path = `/v1/views/${encodeURIComponent(card.name)}`;
  if (card.columns === null) {
    setColumns(card, (await ask(path + '?limit=0')).columns);
  }
  const page = await ask(`${path}?limit=${CHART_ROWS}&order=${encodeURIComponent(card.order)}`);
  card.rows = page.rows;
  const open = page.rows.filter((row) => row.result === 'partial').length;
  setText(card.note, `${whole.format(page.total_rows)} rows, ${page.finished ? 'all final' : open > 0 ? 'open windows on top are partial' : 'final so far'} · epoch ${page.epoch}`);
  setText($('frontier'), eventTime(page.frontier_micros));
  setText($('age'), page.epoch === 0 ? '–' : duration(page.age_ms));
  setText($('epoch'), page.epoch === 0 ? 'no epoch yet' : `epoch ${page.epoch}`);
  showRows(card);
  draw(card);
}

function cellText(value, column) {
  if (value === null) return 'NULL';
  if (typeof value === 'number' && !isKey(column)) {
    return Number.isInteger(value) ? whole.format(value) : whole.format(Math.round(value * 100) / 100);
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isKey(column) {
  return column.key;
}

function keyOf(card, row) {
  return card.columns.filter((column) => /^window_/.test(column.name) || card.keys.includes(column.name)).map((column) => row[column.name]).join('|');
}

function showRows(card) {
  const seen = new Map();
  const made = card.rows.slice(0, TABLE_ROWS).map((row) => {
    const key = keyOf(card, row);
    const old = card.before.get(key);
    seen.set(key, row);
    const cells = card.columns.map((column) => {
      const changed = old && old[column.name] !== row[column.name];
      const kind = NUMBER.test(column.type) ? '' : 'text';
      return element('td', { class: `${kind}${changed ? ' changed' : ''}` }, cellText(row[column.name], column));
    });
    return element('tr', {}, ...cells, element('td', { class: 'text' }, element('span', { class: `badge ${row.result}` }, row.result)));
  });
  card.before = seen;
  card.body.replaceChildren(...made);
}

function draw(card) {
  if (card.metric === null || card.rows.length === 0) return;
  const value = (row) => Number(row[card.metric] ?? 0);
  const name = (row) => card.keys.map((key) => row[key]).join(' ') || card.metric;
  const names = new Set(card.rows.map(name));
  const times = card.start ? new Set(card.rows.map((row) => row[card.start])) : new Set();
  if (times.size >= 3 && names.size <= 6) {
    const series = [...names].sort().map((one) => ({
      name: one,
      points: card.rows.filter((row) => name(row) === one)
        .map((row) => [Date.parse(row[card.start].replace(' ', 'T') + 'Z'), value(row), row.result === 'partial'])
        .sort((a, b) => a[0] - b[0]),
    }));
    lines(card.canvas, series, (ms) => new Date(ms).toISOString().slice(0, 16).replace('T', ' '));
  } else {
    const newest = card.start ? [...times].sort().pop() : null;
    const shown = card.rows.filter((row) => newest === null || row[card.start] === newest);
    bars(card.canvas, shown.map((row) => ({ name: name(row), value: value(row), isPartial: row.result === 'partial' }))
      .sort((a, b) => b.value - a.value));
  }
}

// ---- the page ----

async function every(ms, work) {
  for (;;) {
    if (!paused && !document.hidden) {
      try {
        await work();
        trouble(pageError);
      } catch (failure) {
        trouble(`No answer: ${failure.message}`);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}

function trouble(text) {
  $('trouble').hidden = text === null;
  setText($('trouble'), text || '');
}

function pause() {
  paused = !paused;
  $('pause').setAttribute('aria-pressed', String(paused));
  setText($('pause'), paused ? 'Resume' : 'Pause');
}

function theme() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  cards.forEach(draw);
}

$('pause').addEventListener('click', pause);
$('theme').addEventListener('click', theme);
addEventListener('resize', () => cards.forEach(draw));
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  if (event.key === 'p') pause();
  if (event.key === 't') theme();
  const card = [...cards.values()][Number(event.key) - 1];
  if (card) {
    card.root.scrollIntoView({ block: 'nearest' });
    card.title.focus();
  }
});
every(JOBS_EVERY_MS, async () => showJobs((await ask('/v1/jobs')).jobs));
every(VIEWS_EVERY_MS, async () => {
  for (const card of cards.values()) await refresh(card);
});
