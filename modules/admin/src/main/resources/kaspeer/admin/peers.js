// Peers; flows and traffic by type are fetched for the rows that are open.
const open = new Map(), rows = new Map(), seenPeers = new Map();
// A node that was started anew counts its connections from one again.
const keyOf = peer => peer.connection + ' ' + peer.connectedAt;
function peerDetail(peer) {
  const cols = el('div', undefined, 'cols');
  cols.append(smallTable(['Flow', 'State', 'Waiting', 'Handled', 'Dropped'],
    peer.flows.map(f => [f.name, f.state, f.inboxDepth, number.format(f.handled), f.dropped])));
  const types = [...new Set([...Object.keys(peer.sent), ...Object.keys(peer.received)])].sort();
  const cell = t => t ? number.format(t.messages) + ' / ' + size(t.bytes) : '–';
  cols.append(smallTable(['Message', 'Sent', 'Received'], types.map(t => [t, cell(peer.sent[t]), cell(peer.received[t])])));
  return cols;
}
// The peer of a row, and not another that has its number by now.
async function current(row) {
  const peer = await get('/api/v1/peers/' + row.connection);
  if (keyOf(peer) === row.key) return peer;
  const gone = new Error('It is gone.');
  gone.status = 404;
  throw gone;
}
async function loadDetail(row) {
  const td = open.get(row.key);
  if (!td || row.loading) return;
  row.loading = true;
  try {
    const peer = await current(row);
    update(td.firstChild, [peer.flows, peer.sent, peer.received], () => [peerDetail(peer)]);
  } catch (e) {
    drawn.delete(td.firstChild);
    td.firstChild.textContent = e.status === 404 ? 'It is gone.' : e.message;
  }
  row.loading = false;
}
async function disconnect(row) {
  try {
    await current(row);
    await order('DELETE', '/api/v1/peers/' + row.connection, null, 'disconnected');
  } catch (e) {
    $('told').textContent = e.status === 404 ? 'It is gone.' : e.message;
  }
}
function toggle(row) {
  if (open.has(row.key)) {
    closeDetail(row.key);
  } else {
    const tr = el('tr', undefined, 'detail'), td = el('td');
    td.colSpan = 9;
    td.append(el('div', 'Loading…'));
    tr.append(td);
    const acts = el('form');
    acts.append(actButton('Disconnect', () => disconnect(row)),
      actButton('Ban for a day', () => order('POST', '/api/v1/bans', { address: row.address.replace(/:\d+$/, '').replace(/[[\]]/g, '') }, 'banned')));
    td.append(acts);
    row.tr.after(tr);
    open.set(row.key, td);
    loadDetail(row);
  }
  row.button.setAttribute('aria-expanded', open.has(row.key));
}
function closeDetail(key) {
  if (open.has(key)) open.get(key).parentNode.remove();
  open.delete(key);
}
function removeRow(row) {
  row.tr.remove();
  closeDetail(row.key);
  rows.delete(row.key);
}
// A row for each connection, kept as long as it lasts: only its cells change.
function makeRow(peer) {
  const row = { key: keyOf(peer), connection: peer.connection, address: peer.address, tr: el('tr'), button: el('button', peer.address), cells: [] };
  const name = el('td');
  row.button.setAttribute('aria-expanded', 'false');
  row.button.onclick = () => toggle(row);
  name.append(row.button);
  row.tr.append(name);
  ['', 'agent', 'num', 'num', 'num', 'num', 'num', ''].forEach(c => { const td = el('td', '', c); row.cells.push(td); row.tr.append(td); });
  row.cells[7].title = full(peer.connectedAt);
  rows.set(row.key, row);
  $('peers').append(row.tr);
  return row;
}
function more(total, shown) {
  return total > shown ? '… and ' + number.format(total - shown) + ' more' : '';
}
function showPeers(peers, total) {
  const here = new Set(peers.map(keyOf));
  for (const row of [...rows.values()]) if (!here.has(row.key)) removeRow(row);
  seenPeers.clear();
  for (const peer of peers) {
    seenPeers.set(peer.id, peer.address);
    const row = rows.get(keyOf(peer)) || makeRow(peer);
    [peer.direction + (peer.isPermanent ? ', permanent' : '') + (peer.isIbdPeer ? ', leads the sync' : ''), peer.userAgent, peer.protocolVersion,
      peer.lastPingMs === null ? '–' : peer.lastPingMs.toFixed(1) + ' ms', size(peer.sentBytes), size(peer.receivedBytes),
      Math.round(peer.score), clock(peer.connectedAt)].forEach((text, i) => say(row.cells[i], text));
  }
  $('noPeers').hidden = peers.length > 0;
  say($('morePeers'), more(total, peers.length));
  $('morePeers').hidden = total <= peers.length;
  open.forEach((td, key) => loadDetail(rows.get(key)));
}
function clearPeers() {
  for (const row of [...rows.values()]) removeRow(row);
  seenPeers.clear();
}
function showList(node, items, total, line) {
  update(node, [items, total], () => {
    const lines = items.map(line);
    if (!items.length) lines.push(el('li', 'None.', 'soft'));
    if (total > items.length) lines.push(el('li', more(total, items.length), 'soft'));
    return lines;
  });
}
function showDeparted(departures, total) {
  showList($('departed'), departures, total, d => {
    const li = el('li');
    li.append(time(d.departedAt), el('code', d.address), ' ' + d.reason + (d.detail ? ': ' + d.detail : ''));
    return li;
  });
}
function showBans(bans, total) {
  showList($('bans'), [...bans].reverse(), total, b => {
    const li = el('li'), lift = actButton('lift', () => order('DELETE', '/api/v1/bans?address=' + encodeURIComponent(b.address), null, 'lifted'));
    lift.setAttribute('aria-label', 'lift the ban of ' + b.address);
    li.append(el('code', b.address), ' until ' + full(b.until) + ': ' + b.reason + ' ', lift);
    return li;
  });
}
$('orders').onsubmit = e => {
  e.preventDefault();
  const address = $('target').value.trim();
  if (!address) { $('told').textContent = 'Whom? Give an address.'; $('target').focus(); return; }
  if (e.submitter && e.submitter.name === 'ban') order('POST', '/api/v1/bans', { address }, 'banned ' + address);
  else order('POST', '/api/v1/peers', { address }, 'connected to ' + address);
};
