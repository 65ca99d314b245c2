'use strict';
const $ = id => document.getElementById(id);
const number = new Intl.NumberFormat('en');
const count = (n, what) => number.format(n) + ' ' + what + (n === 1 ? '' : 's');
const short = hash => hash.slice(0, 10) + '…';
const size = bytes => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  while (bytes >= 1024 && i < units.length - 1) { bytes /= 1024; i++; }
  return (i && bytes < 100 ? bytes.toFixed(1) : Math.round(bytes)) + ' ' + units[i];
};
const span = ms => {
  const s = Math.max(0, ms / 1000);
  return s < 90 ? s.toFixed(s < 10 ? 1 : 0) + ' s' : s < 5400 ? Math.round(s / 60) + ' min'
    : s < 172800 ? (s / 3600).toFixed(1) + ' h' : Math.round(s / 86400) + ' days';
};
const el = (name, text, className) => {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
};

// A time is without its date only on the day itself: a page stays open for days, so when a day is over all are written anew.
const full = at => new Date(at).toLocaleString();
const clock = at => {
  const date = new Date(at);
  return date.toDateString() === new Date().toDateString() ? date.toLocaleTimeString() : date.toLocaleString();
};
function time(at) {
  const node = el('time', clock(at));
  node.dateTime = at;
  node.title = full(at);
  return node;
}
let today = new Date().toDateString();
function turnDay() {
  const now = new Date().toDateString();
  if (now === today) return;
  today = now;
  document.querySelectorAll('time').forEach(node => { node.textContent = clock(node.dateTime); });
}

// What has not changed is left alone, with the focus, the selection and the place it was scrolled to.
const drawn = new WeakMap();
function update(node, what, make) {
  const key = JSON.stringify(what);
  if (drawn.get(node) === key) return;
  drawn.set(node, key);
  node.replaceChildren(...make());
}
function say(node, text) {
  text = String(text);
  if (node.textContent !== text) node.textContent = text;
}
function smallTable(heads, rows) {
  const table = el('table'), head = el('tr');
  for (const text of heads) {
    const th = el('th', text);
    th.scope = 'col';
    head.append(th);
  }
  table.append(el('thead'));
  table.tHead.append(head);
  const body = el('tbody');
  for (const row of rows) {
    const tr = el('tr');
    row.forEach(cell => tr.append(cell instanceof Node ? cell : el('td', String(cell))));
    body.append(tr);
  }
  table.append(body);
  return table;
}
function actButton(text, act) {
  const button = el('button', text);
  button.type = 'button';
  button.onclick = act;
  return button;
}

// Questions. One that is never answered ends too: behind a tunnel a lost connection looks like silence.
const ANSWER_LIMIT = 15000, ORDER_LIMIT = 40000;
async function request(path, limit, options) {
  try {
    const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(limit), ...options });
    return [response, response.status === 204 ? null : await response.json()];
  } catch (e) {
    throw new Error(e.name === 'TimeoutError' ? 'The node has not answered for ' + limit / 1000
      + ' s. A browser keeps six connections to it: are there more tabs with this page?' : 'The node does not answer.');
  }
}
async function list(path) {
  const [response, body] = await request(path, ANSWER_LIMIT);
  if (response.ok) return [body, Number(response.headers.get('Kaspeer-Total') || 0)];
  const error = new Error('The node answers ' + response.status + (body.detail ? ': ' + body.detail : ''));
  error.status = response.status;
  throw error;
}
const get = async path => (await list(path))[0];

// Orders need the token, which stays in this page.
async function order(method, path, body, done) {
  const token = $('token').value.trim(), told = $('told');
  if (!token) {
    told.textContent = 'That needs the token: the content of admin-token in the data directory.';
    $('token').focus();
    return;
  }
  told.textContent = '…';
  try {
    const headers = { Authorization: 'Bearer ' + token };
    if (body) headers['Content-Type'] = 'application/json';
    const [response, answer] = await request(path, ORDER_LIMIT, { method, headers, body: body && JSON.stringify(body) });
    told.textContent = response.ok ? done : answer.detail;
    if (response.ok) outdated('peers', 'peers/departed', 'bans');
  } catch (e) {
    told.textContent = e.message;
  }
}
