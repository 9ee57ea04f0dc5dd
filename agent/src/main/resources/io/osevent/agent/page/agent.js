import { Chart } from './charts.js';
import { ConsoleDialog } from './console.js';

const MOST_EVENTS = 1000;
const $ = (id) => document.getElementById(id);

const lag = new Chart($('lag'), $('lag-now'), (value) => `${value.toFixed(1)} ms`);
const rate = new Chart($('rate'), $('rate-now'), (value) => `${value}/s`);
const terminal = new ConsoleDialog($('console'));

let hosts = [];
let domains = [];
let session = {};
let chosen = null;
let paused = false;
let held = [];
const events = [];
const changed = new Set();

// --- talking to the agent

async function call(method, path, headers = {}) {
  const response = await fetch(path, { method, headers, cache: 'no-store' });
  if (response.ok) {
    return response.status === 204 ? null : response.json();
  }
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // Not one of ours; the status has to do.
  }
  const error = new Error(problem.detail || `${response.status} ${response.statusText}`);
  error.status = response.status;
  throw error;
}

// Many events in a moment make one question.
function throttled(work, millis) {
  let waiting = false;
  let again = false;
  const run = async () => {
    waiting = true;
    again = false;
    try {
      await work();
    } catch (error) {
      if (error.status === 401) {
        askForToken();
      }
    }
    setTimeout(() => {
      waiting = false;
      if (again) {
        run();
      }
    }, millis);
  };
  return () => {
    if (waiting) {
      again = true;
    } else {
      run();
    }
  };
}

const refresh = throttled(async () => {
  [hosts, domains] = await Promise.all([call('GET', 'api/hosts'), call('GET', 'api/domains')]);
  renderHosts();
  renderDomains();
}, 150);

function listen() {
  const source = new EventSource('api/events?replay=200');
  source.addEventListener('open', () => {
    link('on', 'live');
    refresh();
  });
  source.addEventListener('error', async () => {
    link('off', 'disconnected, trying again');
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(start, 3000);
    }
  });
  source.addEventListener('message', (message) => {
    const event = JSON.parse(message.data);
    changed.add(event.host + ' ' + event.uuid);
    show(event);
    refresh();
  });
  source.addEventListener('host', (message) => {
    show({ ...JSON.parse(message.data), kind: 'host' });
    refresh();
  });
  source.addEventListener('gap', (message) => {
    show({ kind: 'gap', missed: JSON.parse(message.data).missed, time: new Date().toISOString() });
    refresh();
  });
  source.addEventListener('stats', (message) => {
    const stats = JSON.parse(message.data);
    lag.add(stats.loopLagMillis);
    rate.add(stats.eventsPerSecond);
  });
}

function link(state, text) {
  $('link').className = `link ${state}`;
  $('link').textContent = text;
}

// --- drawing; text only ever goes in as text

function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  element.append(...content);
  return element;
}

// Today's times without the day.
function shortTime(moment) {
  const time = moment.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
  return moment.toDateString() === new Date().toDateString() ? time : `${moment.toLocaleDateString()} ${time}`;
}

function renderHosts() {
  const connected = hosts.filter((host) => ['up', 'degraded'].includes(host.state)).length;
  $('no-hosts').hidden = hosts.length > 0;
  $('host-count').textContent = connected === hosts.length ? `${hosts.length}` : `${connected} of ${hosts.length} connected`;
  $('hosts').replaceChildren(...hosts.map((host) => {
    const item = make('li', host.state,
      make('div', 'row', make('b', '', host.id), make('span', `state ${host.state}`, host.state)),
      make('div', 'uri', host.uri));
    item.dataset.host = host.id;
    if (host.reason) {
      item.append(make('div', 'reason', host.reason));
    }
    const facts = [`${host.domains} domain${host.domains === 1 ? '' : 's'}`, `since ${shortTime(new Date(host.since))}`];
    if (host.probeMillis >= 0 && ['up', 'degraded'].includes(host.state)) {
      facts.push(`answers in ${host.probeMillis} ms`);
    }
    if (host.connects > 1) {
      facts.push(`${host.connects - 1} reconnect${host.connects === 2 ? '' : 's'}`);
    }
    if (host.agent) {
      facts.push(`by ${host.agent}`);
    }
    if (host.readOnly) {
      facts.push('read-only');
    }
    item.append(make('div', 'facts', facts.join(' · ')));
    return item;
  }));
}

const ACTIONS = {
  running: ['suspend', 'shutdown', 'reboot', 'destroy'],
  blocked: ['suspend', 'shutdown', 'reboot', 'destroy'],
  paused: ['resume', 'destroy'],
  pmsuspended: ['destroy'],
  shutdown: ['destroy'],
  shutoff: ['start'],
  crashed: ['start', 'destroy'],
  nostate: ['start', 'destroy'],
};
const EXPLAIN = {
  start: 'The guest is started.',
  suspend: 'The guest stands still until it is resumed.',
  resume: 'The guest goes on.',
  shutdown: 'The guest is asked to shut down.',
  reboot: 'The guest is asked to reboot.',
  destroy: 'The guest is powered off at once; what it has not saved is lost.',
};

function keyOf(domain) {
  return `${domain.host} ${domain.uuid}`;
}

function visibleDomains() {
  const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  return domains.filter((domain) => {
    const text = `${domain.name} ${domain.host} ${domain.state} ${domain.uuid}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function renderDomains() {
  const visible = visibleDomains();
  const focused = document.activeElement?.dataset?.focus;
  $('domains').replaceChildren(...visible.map(domainRow));
  $('no-domains').hidden = visible.length > 0;
  $('no-domains').textContent = domains.length > 0 ? 'No domain matches.' : nothingToShow();
  $('domain-table').hidden = visible.length === 0;
  $('domain-count').textContent = visible.length === domains.length ? `${domains.length}` : `${visible.length} of ${domains.length}`;
  changed.clear();
  if (focused) {
    document.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }
}

function nothingToShow() {
  return hosts.some((host) => host.state === 'up')
    ? 'These hosts have no domains. A new one shows here by itself.'
    : 'No host is connected yet: what it has will show here.';
}

function domainRow(domain) {
  const key = keyOf(domain);
  const row = make('tr', '',
    make('td', 'name', domain.name, make('span', 'uuid', domain.uuid)),
    make('td', 'host', domain.host),
    make('td', 'where', make('span', `state ${domain.state}`, domain.stale ? `${domain.state}?` : domain.state)));
  row.dataset.domain = domain.name;
  row.dataset.state = domain.state;
  row.classList.toggle('chosen', key === chosen);
  row.classList.toggle('stale', domain.stale);
  row.classList.toggle('flash', changed.has(key));
  const cell = make('td', 'actions');
  if (!domain.stale && mayAct(domain)) {
    for (const action of ACTIONS[domain.state] || []) {
      cell.append(button(action, action === 'destroy' ? 'danger' : '', `${key} ${action}`, () => act(domain, action)));
    }
    if (['running', 'paused', 'blocked'].includes(domain.state) && hostOf(domain).consoles) {
      cell.append(button('console', '', `${key} console`, () => terminal.open(domain.host, domain.name)));
    }
  }
  row.append(cell);
  row.addEventListener('click', () => choose(key));
  return row;
}

function button(text, className, focus, onClick) {
  const element = make('button', className, text);
  element.type = 'button';
  element.dataset.focus = focus;
  element.dataset.action = text;
  element.addEventListener('click', onClick);
  return element;
}

function hostOf(domain) {
  return hosts.find((host) => host.id === domain.host) || { uri: '' };
}

// Xen's domain 0 runs the host.
function isDom0(domain) {
  return hostOf(domain).uri.startsWith('libxl:') && /^[0-]+$/.test(domain.uuid);
}

function mayAct(domain) {
  if (session.readOnly || hostOf(domain).readOnly || isDom0(domain)) {
    return false;
  }
  return !session.role || session.role === 'operator';
}

function choose(key) {
  chosen = key;
  renderDomains();
  document.querySelector('tr.chosen')?.scrollIntoView({ block: 'nearest' });
}

// --- events

// A host that is away tries again and again: that is a line once for each reason, unless hosts are what one looks at.
const troubles = new Map();

function isRoutine(event) {
  if (event.kind !== 'host' || event.state === 'up' || event.state === 'degraded') {
    if (event.kind === 'host') {
      troubles.delete(event.host);
    }
    return false;
  }
  if (event.state !== 'down') {
    return true;
  }
  const known = troubles.get(event.host) === event.reason;
  troubles.set(event.host, event.reason);
  return known;
}

function show(event) {
  event.routine ??= isRoutine(event);
  if (paused) {
    held.push(event);
    $('pause').textContent = `Go on (${held.length})`;
    if (held.length > MOST_EVENTS) {
      held.shift();
    }
    return;
  }
  events.unshift(event);
  const dropped = events.length > MOST_EVENTS ? events.pop() : null;
  if (matches(event)) {
    $('events').prepend(eventRow(event));
  }
  if (dropped && matches(dropped)) {
    $('events').lastElementChild?.remove();
  }
  countEvents();
}

function countEvents() {
  const shown = $('events').childElementCount;
  const all = $('kind').value === 'host' ? events.length : events.filter((event) => !event.routine).length;
  $('no-events').hidden = shown > 0;
  $('no-events').textContent = all > 0 ? 'No event matches.' : 'Nothing has happened yet. Start or pause a guest, and it shows here at once.';
  $('event-count').textContent = shown === all ? `${all}` : `${shown} of ${all}`;
}

function renderEvents() {
  $('events').replaceChildren(...events.filter(matches).map(eventRow));
  countEvents();
}

function textOf(event) {
  if (event.kind === 'host') {
    return `${event.state} ${event.reason || ''}`.trim();
  }
  if (event.kind === 'gap') {
    return `${event.missed} events were missed while this page was away`;
  }
  const more = Object.entries(event.attributes || {}).map(([key, value]) => `${key}=${value}`).join(' ');
  return `${event.type} ${event.detail} ${more}`.trim();
}

function matches(event) {
  const kind = $('kind').value;
  if (kind ? event.kind !== kind : event.routine) {
    return false;
  }
  const words = $('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${event.host || ''} ${event.domain || ''} ${event.kind} ${textOf(event)} ${event.synthetic ? 'synthetic' : ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function eventRow(event) {
  const moment = new Date(event.time || event.since);
  const time = make('time', '', moment.toLocaleTimeString([], { hour12: false }) + '.' + String(moment.getMilliseconds()).padStart(3, '0'));
  time.dateTime = event.time || event.since;
  time.title = moment.toLocaleString();
  const what = make('span', 'what', textOf(event));
  if (event.synthetic) {
    what.append(' ', make('span', 'synthetic', 'synthetic'));
  }
  const row = make('li', '', time,
    make('span', 'host', event.host || ''),
    make('span', 'kind', event.kind),
    make('span', 'domain', event.domain || ''), what);
  if (event.kind === 'host') {
    row.classList.add('host-event', event.state);
  }
  row.classList.toggle('gap', event.kind === 'gap');
  row.classList.toggle('bad', ['CRASHED', 'IO_ERROR'].includes(event.type) || ['FAILED', 'CRASHED'].includes(event.detail));
  return row;
}

function pause() {
  paused = !paused;
  $('pause').setAttribute('aria-pressed', paused);
  $('pause').textContent = paused ? 'Go on' : 'Pause';
  if (!paused) {
    const waiting = held;
    held = [];
    waiting.forEach(show);
  }
}

// --- acting

function ask(title, text, yes, danger) {
  const dialog = $('confirm');
  $('confirm-title').textContent = title;
  $('confirm-text').textContent = text;
  $('confirm-yes').textContent = yes;
  $('confirm-yes').className = danger ? 'danger primary' : 'primary';
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

async function act(domain, action) {
  if (!await ask(`${action} ${domain.name}?`, `${EXPLAIN[action]} Host: ${domain.host}.`, action, action === 'destroy')) {
    return;
  }
  const path = `api/hosts/${encodeURIComponent(domain.host)}/domains/${encodeURIComponent(domain.name)}/${action}`;
  try {
    await call('POST', path);
    toast(`${action} ${domain.name}: done`);
    refresh();
  } catch (error) {
    toast(`${action} ${domain.name}: ${error.message}`, true);
    if (error.status === 401 && session.tokens) {
      askForToken();
    }
  }
}

function toast(text, bad = false) {
  const line = make('p', bad ? 'bad' : '', text);
  $('toasts').append(line);
  setTimeout(() => line.remove(), bad ? 8000 : 3000);
}

function askForToken() {
  const dialog = $('token');
  if (dialog.open) {
    return;
  }
  $('token-input').value = '';
  dialog.returnValue = 'no';
  dialog.showModal();
}

async function loggedIn() {
  if ($('token').returnValue !== 'yes') {
    return;
  }
  try {
    await call('POST', 'api/session', { Authorization: `Bearer ${$('token-input').value}` });
    $('token-input').value = '';
    location.reload();
  } catch (error) {
    toast(error.message, true);
    askForToken();
  }
}

async function logInOrOut() {
  if (session.name) {
    await call('DELETE', 'api/session');
    location.reload();
  } else {
    askForToken();
  }
}

// --- keys, theme, start

function step(by) {
  const keys = visibleDomains().map(keyOf);
  if (keys.length > 0) {
    const at = keys.indexOf(chosen);
    choose(keys[Math.max(0, Math.min(keys.length - 1, at < 0 ? 0 : at + by))]);
  }
}

function openChosenConsole() {
  const domain = domains.find((candidate) => keyOf(candidate) === chosen);
  if (domain && hostOf(domain).consoles && mayAct(domain)) {
    terminal.open(domain.host, domain.name);
  }
}

function toActions() {
  document.querySelector('tr.chosen .actions button')?.focus();
}

const KEYS = {
  '/': () => $('search').focus(),
  e: () => $('filter').focus(),
  j: () => step(1),
  k: () => step(-1),
  Enter: toActions,
  c: openChosenConsole,
  p: pause,
  t: () => theme(!document.documentElement.classList.contains('dark')),
  '?': () => $('keys').showModal(),
};

document.addEventListener('keydown', (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === 'Escape' && typing) {
    event.target.blur();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
    return;
  }
  const work = KEYS[event.key];
  // Enter on something that can be pressed presses it.
  if (work && !(event.key === 'Enter' && /^(BUTTON|A|OL)$/.test(event.target.tagName))) {
    event.preventDefault();
    work();
  }
});

function theme(dark, keep = true) {
  document.documentElement.classList.toggle('dark', dark);
  if (keep) {
    localStorage.setItem('theme', dark ? 'dark' : 'light');
  }
}

function showSession() {
  const who = $('who');
  who.hidden = !session.tokens;
  who.title = session.name ? `${session.name}, ${session.role}` : '';
  $('who-name').textContent = session.name ? `${session.name} (${session.role}) – ` : '';
  $('who-what').textContent = session.name ? 'log out' : 'Log in';
  $('version').textContent = session.version || '';
}

async function start() {
  try {
    session = await call('GET', 'api/session');
  } catch {
    link('off', 'the agent does not answer, trying again');
    setTimeout(start, 2000);
    return;
  }
  showSession();
  if (session.mayRead) {
    listen();
  } else {
    link('off', 'a token is needed');
    askForToken();
  }
}

const wished = localStorage.getItem('theme');
theme(wished ? wished === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches, false);
$('search').addEventListener('input', renderDomains);
$('filter').addEventListener('input', renderEvents);
$('kind').addEventListener('change', renderEvents);
$('pause').addEventListener('click', pause);
$('theme').addEventListener('click', KEYS.t);
$('help').addEventListener('click', KEYS['?']);
$('who').addEventListener('click', logInOrOut);
$('token').addEventListener('close', loggedIn);
countEvents();
$('token-cancel').addEventListener('click', () => $('token').close('no'));
start();
