// The node, its sync and its health.
let started = null;
function showNode(node) {
  // A member of a cluster keeps its id when it starts anew.
  const run = node.id + ' ' + node.startedAt;
  if (started !== null && started !== run) restart();
  started = run;
  say($('network'), node.network);
  say($('about'), node.userAgent + ' · P2P ' + node.protocolVersions.join(', ') + ' · ' + node.roles.join(' + ')
    + (node.p2pAddress ? ' · listens on ' + node.p2pAddress : ' · does not listen') + ' · since ' + full(node.startedAt));
  document.title = 'Kaspeer ' + node.network;
  say($('peerCount'), number.format(node.peerCount));
  say($('policy'), node.policy);
  const sync = node.sync, state = $('state');
  say(state, node.chainStopped ? 'stopped' : sync.state);
  // A node without peers has nobody to be behind of: that is no alarm.
  state.className = 'badge ' + (node.chainStopped ? 'bad' : node.isSynced ? 'good' : sync.state === 'syncing' ? 'busy' : 'soft');
  say($('leader'), sync.peer ? seenPeers.get(sync.peer) || sync.peer : 'none');
  $('stopped').hidden = !node.chainStopped;
  if (node.chainStopped) say($('stopped'), 'The selected chain ends below block ' + node.chainStopped.hash
    + ', which this version cannot judge: ' + node.chainStopped.detail + '. A newer version is needed; do not rely on this node.');
  $('sync').hidden = sync.state !== 'syncing';
  $('progress').value = sync.progress;
  say($('syncText'), (sync.stage || 'starting') + ' ' + (100 * sync.progress).toFixed(1) + ' % · '
    + Math.round(sync.headersPerSecond) + ' headers/s · ' + Math.round(sync.blocksPerSecond) + ' blocks/s'
    + (sync.stalls ? ' · ' + sync.stalls + ' stalls' : ''));
}
// Whatever was shown is of another process: above all its peers, whose numbers others have now.
function restart() {
  clearPeers();
  clearPicture();
  $('events').replaceChildren();
  reported.clear();
  choose(null);
  reload = true;
  outdated(...Object.keys(parts));
}
function showHealth(health) {
  update($('health'), health, () =>
    ['started', 'joined', 'synced', 'serving'].map(name => {
      const flag = el('span', (health[name] ? '✓ ' : '– ') + name, health[name] ? 'good' : 'soft');
      flag.title = name + ': ' + (health[name] ? 'yes' : 'no');
      return flag;
    }));
}
function showDag(dag) {
  for (const name of ['blockCount', 'headerCount', 'sinkBlueScore', 'virtualDaaScore']) say($(name), number.format(dag[name]));
  say($('difficulty'), dag.difficulty < 1000 ? dag.difficulty.toFixed(2) : dag.difficulty.toExponential(3));
  say($('tips'), number.format(dag.tipHashes.length));
  say($('sink'), dag.sink);
  paint(dag);
}
function showMempool(mempool) {
  say($('mempool'), number.format(mempool.mempoolSize) + ' · ' + size(mempool.bytes));
  say($('orphans'), number.format(mempool.orphansSize));
  const fees = mempool.feeEstimate;
  say($('fees'), [fees.priorityBucket, fees.normalBuckets[0], fees.lowBuckets[0]].map(b => b.feerate.toPrecision(3)).join(' · '));
  $('fees').title = 'priority · normal · low';
}
// Cells that say that something is wrong.
const alarm = (text, wrong) => el('td', text, wrong ? 'bad' : '');
function showCluster(cluster) {
  update($('cluster'), cluster, () => [smallTable(['Member', 'Roles', 'Status', 'Reachable', 'Peers', 'Uses the DAG of', 'Behind by'],
    cluster.members.map(m => [m.address + (m.isSelf ? ' (this one)' : ''), m.roles.join(' + '), alarm(m.status, m.status === 'down'),
      alarm(m.reachable ? 'yes' : 'no', !m.reachable), number.format(m.peers), m.dag || '–', m.dag ? number.format(m.lag) : '–']))]);
}
function showFlows(flows) {
  const state = f => !f.extension ? '' : f.extension.state + (f.extension.detail ? ': ' + f.extension.detail : '');
  update($('flows'), flows, () => [smallTable(['Flow', 'Versions', 'Starts', 'State', 'Receives', 'Sends', 'Origin'],
    flows.map(f => [f.name, f.protocolVersions.join(', '), f.phase, alarm(state(f), f.extension && f.extension.state !== 'running'),
      f.receives.join(', '), f.sends.join(', '), f.origin]))]);
}

// Events. Blocks come by the hundred in a sync, so they are counted rather than listed one by one.
function addEvent(text, at, className) {
  const li = el('li', undefined, className);
  li.append(time(at), text);
  const list = $('events');
  list.prepend(li);
  while (list.children.length > 200) list.lastChild.remove();
}
const reported = new Map();
const tell = {
  blockAdded: e => {
    picture.arrivals.push(Date.now());
    picture.tips.add(e.hash);
    e.parentHashes.forEach(p => picture.tips.delete(p));
    addBlock(e.hash, e.parentHashes, e.blueScore);
    if (picture.arrivals.length < 60) addEvent('block ' + short(e.hash) + ' with ' + count(e.transactionCount, 'transaction') + ' '
      + (e.connection ? 'from peer ' + e.connection : 'made or handed in here'), e.at);
  },
  sinkChanged: e => { picture.sink = e.sink; picture.sinkTimestamp = e.sinkTimestamp; picture.changed = true; },
  virtualChanged: e => { say($('virtualDaaScore'), number.format(e.virtualDaaScore)); },
  chainChanged: e => {
    e.removedChainBlockHashes.forEach(h => picture.chain.delete(h));
    e.addedChainBlockHashes.forEach(h => { picture.chain.add(h); picture.asked.delete(h); });
    picture.changed = true;
    if (e.removedChainBlockHashes.length > 1) addEvent('reorganisation: ' + e.removedChainBlockHashes.length + ' blocks left the selected chain, '
      + e.addedChainBlockHashes.length + ' came', e.at);
  },
  blockDisqualified: e => {
    picture.bad.add(e.hash);
    picture.changed = true;
    addEvent('block ' + short(e.hash) + ' cannot be on the selected chain: ' + e.rule + (e.detail ? ' (' + e.detail + ')' : ''), e.at, 'bad');
  },
  chainStopped: e => {
    addEvent('the selected chain ends below block ' + short(e.hash) + ': ' + e.detail, e.at, 'bad');
    outdated('node');
  },
  finalityViolated: e => addEvent('tip ' + short(e.hash) + ' violates finality and is not followed', e.at, 'bad'),
  peerConnected: e => addEvent('peer ' + e.peer.address + ' connected, ' + e.peer.userAgent, e.at),
  peerDisconnected: e => {
    addEvent('peer ' + e.peer.address + ' left: ' + e.reason + (e.detail ? ' (' + e.detail + ')' : ''), e.at);
    soon('peers/departed');
  },
  banned: e => {
    addEvent(e.address + ' banned: ' + e.reason, e.at);
    soon('bans');
  },
  unbanned: e => {
    addEvent(e.address + ' no longer banned', e.at);
    soon('bans');
  },
  syncChanged: e => addEvent('sync: ' + e.sync.state + (e.sync.stage ? ', ' + e.sync.stage : ''), e.at),
  mempoolChanged: e => showMempool(e.mempool),
  // A flow may tell something of each block: one line of a kind in ten seconds is enough to see that it works.
  flowReported: e => {
    const kind = e.flow + ' ' + e.kind, now = Date.now();
    if (now - (reported.get(kind) || 0) < 10000) return;
    if (reported.size >= 100) reported.clear();
    reported.set(kind, now);
    addEvent(e.flow + ' tells ' + e.kind + ': ' + Object.entries(e.fields).map(([name, value]) => name + ' ' + value).join(', '), e.at);
  },
};

// The stream of events. The node sends a sign of life every ten seconds; without any the connection is dead, though the
// browser may not know.
const SILENCE = 30000, AGAIN = 5000;
let stream = null, heard = 0;
function watch() {
  if (stream) stream.close();
  const source = new EventSource('/api/v1/events?alive=true');
  stream = source;
  heard = Date.now();
  // Whatever happened before, or while nobody listened, is read from the DAG itself.
  source.onopen = () => {
    heard = Date.now();
    reload = true;
    ['peers/departed', 'bans'].forEach(soon);
  };
  source.addEventListener('alive', () => { heard = Date.now(); });
  source.addEventListener('dropped', () => { reload = true; });
  for (const [type, handler] of Object.entries(tell)) source.addEventListener(type, m => {
    heard = Date.now();
    handler(JSON.parse(m.data));
  });
}
// A page that nobody sees takes none of the browser's few connections. A browser tries again by itself after a lost
// connection, but not after an answer such as 503.
function listen() {
  const silent = Date.now() - heard;
  if (document.hidden) {
    if (stream) stream.close();
    stream = null;
  } else if (!stream || silent > SILENCE || (stream.readyState === EventSource.CLOSED && silent > AGAIN)) {
    watch();
  }
}

// The parts of the page, each asked for by itself: what is slow or fails holds up nothing else. What may be long is asked
// for rarely, and when an event says that it has changed.
const OFTEN = 2000, RARELY = 60000, UNSEEN = 10000;
const parts = {
  'node': { query: '', every: OFTEN, show: showNode },
  'dag': { query: '', every: OFTEN, show: showDag },
  'peers': { query: '?brief=true&limit=500', every: OFTEN, show: showPeers },
  'peers/departed': { query: '?limit=50', every: RARELY, show: showDeparted },
  'mempool': { query: '', every: OFTEN, show: showMempool },
  'bans': { query: '?limit=200', every: RARELY, show: showBans },
  'addresses': { query: '?limit=0', every: RARELY, show: (_, total) => say($('addresses'), number.format(total)) },
  'cluster': { query: '', every: OFTEN, show: showCluster },
  'flows': { query: '', every: OFTEN, show: showFlows, wanted: () => $('flowsBox').open },
  'health': { path: '/health/live', every: OFTEN, show: showHealth },
};
async function load(name, part) {
  part.busy = true;
  part.due = Infinity;
  try {
    const answer = await list(part.path || '/api/v1/' + name + part.query);
    part.show(...answer);
    part.error = null;
  } catch (e) {
    part.error = e;
  }
  part.busy = false;
  // Unless it has been outdated meanwhile.
  if (part.due === Infinity) part.due = Date.now() + Math.max(part.error ? OFTEN : part.every, document.hidden ? UNSEEN : 0);
  showTrouble();
}
function showTrouble() {
  const lost = parts.node.error;
  $('lost').hidden = !lost;
  if (lost) say($('lost'), lost.message);
  say($('partly'), lost ? '' : Object.entries(parts).filter(([, part]) => part.error && (!part.wanted || part.wanted()))
    .map(([name, part]) => 'Not up to date: ' + name + '. ' + part.error.message).join(' · '));
}
function refresh() {
  const now = Date.now();
  for (const [name, part] of Object.entries(parts))
    if (!part.busy && (part.due || 0) <= now && (!part.wanted || part.wanted())) load(name, part);
}
function outdated(...names) {
  names.forEach(name => { parts[name].due = 0; });
  refresh();
}
// There may be thousands of events a second.
function soon(name) {
  parts[name].due = Math.min(parts[name].due || 0, Date.now() + OFTEN);
}
function tick() {
  refresh();
  listen();
  trimPicture();
  turnDay();
}
$('flowsBox').ontoggle = () => outdated('flows');
document.addEventListener('visibilitychange', () => {
  listen();
  if (!document.hidden) outdated(...Object.keys(parts));
});
tick();
setInterval(tick, 1000);
setInterval(draw, 250);
