// The end of the DAG: blocks in columns by blue score. What is on the selected chain, and what a chain block merged as
// blue or red, the node says; nothing is guessed here.
const picture = { blocks: new Map(), chain: new Set(), bad: new Set(), blue: new Set(), red: new Set(), asked: new Set(),
  sink: '', sinkTimestamp: 0, tips: new Set(), changed: false, arrivals: [], chosen: null, stop: null };
const KEEP = 160;
function addBlock(hash, parents, blueScore) {
  if (picture.blocks.has(hash)) return;
  picture.blocks.set(hash, { hash, parents, blueScore });
  while (picture.blocks.size > KEEP) {
    let oldest = null;
    for (const b of picture.blocks.values()) if (!oldest || b.blueScore < oldest.blueScore) oldest = b;
    picture.blocks.delete(oldest.hash);
  }
  picture.changed = true;
}
function noteBlock(block) {
  addBlock(block.hash, block.header.parentsByLevel[0] || [], block.blueScore);
  if (block.status === 'disqualifiedFromChain') picture.bad.add(block.hash);
  if (block.isChainBlock) {
    picture.chain.add(block.hash);
    picture.asked.add(block.hash);
    (block.mergeSetBluesHashes || []).forEach(h => { picture.blue.add(h); picture.red.delete(h); });
    (block.mergeSetRedsHashes || []).forEach(h => { picture.red.add(h); picture.blue.delete(h); });
  }
  picture.changed = true;
}
function clearPicture() {
  for (const name of ['blocks', 'chain', 'bad', 'blue', 'red', 'asked']) picture[name].clear();
  picture.changed = true;
}
// Those of these blocks that the node has, and whether it was asked for all: when it is too slow for one it is so for the
// rest. Two at a time, as a browser keeps six connections to the node and the rest of the page needs some.
async function blocksOf(hashes, settled = () => {}) {
  const found = [], waiting = [...hashes];
  let whole = true;
  const take = async () => {
    while (whole && waiting.length) {
      const hash = waiting.shift();
      try {
        found.push(await get('/api/v1/blocks/' + hash));
        settled(hash);
      } catch (e) {
        if (e.status === 404) settled(hash);
        else whole = false;
      }
    }
  };
  await Promise.all([take(), take()]);
  return [found, whole];
}
let reload = true, painting = false;
async function loadDag(dag) {
  let wanted = dag.tipHashes.slice(0, 32);
  const seen = new Set();
  while (wanted.length && seen.size < 64) {
    const level = [...new Set(wanted)].filter(h => !seen.has(h)).slice(0, 64 - seen.size);
    const [blocks, whole] = await blocksOf(level);
    // What is drawn stays until there is something better.
    if (!seen.size) {
      if (!whole || !blocks.length) return false;
      clearPicture();
    }
    level.forEach(h => seen.add(h));
    blocks.forEach(noteBlock);
    wanted = whole ? blocks.flatMap(b => b.header.parentsByLevel[0] || []) : [];
  }
  return true;
}
// Colours are those that chain blocks gave: they are asked for a few at a time.
async function colour() {
  const unknown = [...picture.chain].filter(h => picture.blocks.has(h) && !picture.asked.has(h)).slice(-12);
  const [blocks] = await blocksOf(unknown, h => picture.asked.add(h));
  blocks.forEach(noteBlock);
}
function trimPicture() {
  const since = Date.now() - 10000;
  picture.arrivals = picture.arrivals.filter(t => t > since);
  say($('rate'), picture.arrivals.length ? (picture.arrivals.length / 10).toFixed(1) + ' blocks/s' : '');
  for (const name of ['chain', 'bad', 'blue', 'red', 'asked'])
    for (const h of picture[name]) if (picture[name].size > 4 * KEEP && !picture.blocks.has(h)) picture[name].delete(h);
}
async function paint(dag) {
  picture.sinkTimestamp = dag.sinkTimestamp;
  picture.sink = dag.sink;
  picture.tips = new Set(dag.tipHashes);
  picture.changed = true;
  if (painting) return;
  painting = true;
  try {
    if (reload) {
      reload = false;
      if (!await loadDag(dag)) reload = true;
    }
    await colour();
  } finally {
    painting = false;
  }
}
function kind(hash) {
  if (picture.bad.has(hash)) return 'disqualified';
  if (hash === picture.sink) return 'sink';
  const colour = picture.chain.has(hash) ? 'chain' : picture.red.has(hash) ? 'red' : picture.blue.has(hash) ? 'blue' : '';
  return colour + (picture.tips.has(hash) ? ' tip' : '');
}
const KINDS = { sink: 'the sink', chain: 'on the selected chain', blue: 'blue', red: 'red', disqualified: 'disqualified', tip: 'a tip', '': 'no colour yet' };
const svgElement = (name, attributes) => {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
  return node;
};
for (const [name, text] of Object.entries(KINDS)) {
  const item = el('span'), svg = svgElement('svg', { 'aria-hidden': 'true' }), dot = svgElement('circle', { cx: 7, cy: 7, r: 5 });
  if (name) dot.setAttribute('class', name);
  svg.append(dot);
  item.append(svg, text);
  $('legend').append(item);
}

// Where each block is drawn, and its circle.
let places = new Map();
const dots = new Map();
function layOut(width, height) {
  const columns = new Map(), step = 26;
  for (const b of picture.blocks.values()) {
    if (!columns.has(b.blueScore)) columns.set(b.blueScore, []);
    columns.get(b.blueScore).push(b);
  }
  const scores = [...columns.keys()].sort((a, b) => b - a).slice(0, Math.max(2, Math.floor(width / step)));
  places = new Map();
  scores.forEach((score, i) => {
    const column = columns.get(score).sort((a, b) => a.hash < b.hash ? -1 : 1);
    column.forEach((b, j) => places.set(b.hash, [width - 16 - i * step, height * (j + 1) / (column.length + 1)]));
  });
}
// The block nearest to a place, the column first; null if none is in that direction.
function nearest([x, y], direction = () => true) {
  let best = null, least = Infinity;
  for (const [hash, [bx, by]] of places) {
    const far = Math.abs(bx - x) * 10000 + Math.abs(by - y);
    if (far < least && direction(bx - x, by - y)) { best = hash; least = far; }
  }
  return best;
}
const ARROWS = {
  ArrowLeft: dx => dx < 0, ArrowRight: dx => dx > 0, ArrowUp: (dx, dy) => dx === 0 && dy < 0, ArrowDown: (dx, dy) => dx === 0 && dy > 0,
};
function onKey(e, hash) {
  if (e.key === 'Enter' || e.key === ' ') {
    e.preventDefault();
    choose(hash);
  } else if (ARROWS[e.key] && places.has(hash)) {
    e.preventDefault();
    const next = nearest(places.get(hash), ARROWS[e.key]);
    if (next && dots.has(next)) dots.get(next).focus();
  }
}
function makeDot(hash) {
  const dot = svgElement('circle', { r: 6, tabindex: -1, role: 'button' });
  dot.append(svgElement('title', {}));
  dot.onclick = () => choose(hash);
  dot.onkeydown = e => onKey(e, hash);
  dot.onfocus = () => { picture.stop = hash; picture.changed = true; };
  dots.set(hash, dot);
  $('dag').append(dot);
  return dot;
}
// Takes away what is no longer drawn. Answers where the focus was, if it was there.
function removeDots() {
  let lost = null;
  for (const [hash, dot] of dots) {
    if (places.has(hash)) continue;
    if (dot === document.activeElement) lost = [Number(dot.getAttribute('cx')), Number(dot.getAttribute('cy'))];
    dot.remove();
    dots.delete(hash);
  }
  return lost;
}
function draw() {
  if (picture.sinkTimestamp) say($('sinkAge'), span(Date.now() - picture.sinkTimestamp));
  if (!picture.changed) return;
  picture.changed = false;
  const svg = $('dag');
  layOut(svg.clientWidth, svg.clientHeight);
  const lines = [];
  for (const [hash, [x, y]] of places) {
    for (const parent of picture.blocks.get(hash).parents) {
      const to = places.get(parent);
      if (!to) continue;
      const line = svgElement('line', { x1: x, y1: y, x2: to[0], y2: to[1] });
      if (picture.chain.has(hash) && picture.chain.has(parent)) line.setAttribute('class', 'selected');
      lines.push(line);
    }
  }
  svg.querySelectorAll('line').forEach(l => l.remove());
  svg.prepend(...lines);
  const lost = removeDots();
  // One stop for the keyboard: where it was last, or the sink.
  if (!places.has(picture.stop)) picture.stop = lost ? nearest(lost) : null;
  const stop = picture.stop || picture.sink;
  for (const [hash, [x, y]] of places) {
    const dot = dots.get(hash) || makeDot(hash), k = kind(hash);
    dot.setAttribute('cx', x);
    dot.setAttribute('cy', y);
    dot.setAttribute('class', k + (hash === picture.chosen ? ' chosen' : ''));
    dot.setAttribute('tabindex', hash === stop ? '0' : '-1');
    say(dot.firstChild, hash + '\nblue score ' + picture.blocks.get(hash).blueScore + '\n' + k.split(' ').map(n => KINDS[n]).join(', '));
  }
  if (lost && dots.has(stop)) dots.get(stop).focus();
}
addEventListener('resize', () => { picture.changed = true; });

async function choose(hash) {
  picture.chosen = hash;
  picture.changed = true;
  const box = $('block');
  box.hidden = hash === null;
  if (hash === null) return;
  try {
    const block = await get('/api/v1/blocks/' + hash);
    noteBlock(block);
    if (picture.chosen === hash) box.replaceChildren(describe(block), actButton('Close', () => choose(null)));
  } catch (e) {
    if (picture.chosen === hash) box.replaceChildren(
      el('span', e.status === 404 ? 'The node does not show this block.' : e.message, 'soft'), ' ', actButton('Close', () => choose(null)));
  }
}
function describe(block) {
  const list = el('dl');
  const accepted = block.acceptance && block.acceptance.reduce((sum, m) => sum + m.acceptedTransactionIds.length, 0);
  const add = (name, value, wide) => {
    const div = el('div');
    div.append(el('dt', name), el('dd', value === null ? '–' : String(value), wide ? 'wide' : ''));
    if (wide) div.className = 'row';
    list.append(div);
  };
  add('Hash', block.hash, true);
  add('Status', block.status);
  add('On the selected chain', block.isChainBlock ? 'yes' : 'no');
  add('Blue score', number.format(block.blueScore));
  add('DAA score', number.format(block.header.daaScore));
  add('Time', full(block.header.timestamp));
  add('Transactions', block.transactionCount);
  add('Accepted when on the chain', accepted === null ? null : count(accepted, 'transaction'));
  add('Merges', block.mergeSetBluesHashes && block.mergeSetBluesHashes.length + ' blue, ' + block.mergeSetRedsHashes.length + ' red');
  add('Version', block.header.version);
  add('Bits', '0x' + block.header.bits.toString(16));
  const parents = el('div'), dd = el('dd', undefined, 'wide');
  parents.className = 'row';
  (block.header.parentsByLevel[0] || []).forEach(p => {
    const line = el('div');
    line.append(actButton(p + (p === block.selectedParentHash ? ' (selected)' : ''), () => choose(p)));
    dd.append(line);
  });
  parents.append(el('dt', 'Parents'), dd);
  list.append(parents);
  return list;
}
