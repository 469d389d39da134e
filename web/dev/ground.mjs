// Made-up nested ground for development: a jittered lattice whose cells are grouped level by level, so that levels nest
// exactly and neighbours share their borders. Names and people are fictitious; only the county names are real.

/** A small deterministic random number source (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SIDE = 64;

/** Corner points of the lattice, jittered; index = row × (SIDE + 1) + column. */
function corners(centre, reach, next) {
  const points = [];
  const step = (2 * reach) / SIDE;
  for (let row = 0; row <= SIDE; row += 1) {
    for (let column = 0; column <= SIDE; column += 1) {
      const x = -reach + (column + (next() - 0.5) * 0.75) * step;
      const y = -reach + (row + (next() - 0.5) * 0.75) * step;
      points.push([centre[0] + x, centre[1] + y * 0.88]);
    }
  }
  return points;
}

/** Cells inside a wobbly outline. */
function cellsInside(next) {
  const waves = [2, 3, 5, 7].map((n) => ({ n, size: next() * 0.16, turn: next() * 6.28 }));
  const cells = [];
  for (let cell = 0; cell < SIDE * SIDE; cell += 1) {
    const x = (cell % SIDE) - SIDE / 2 + 0.5;
    const y = Math.floor(cell / SIDE) - SIDE / 2 + 0.5;
    const angle = Math.atan2(y, x);
    const edge = waves.reduce((sum, w) => sum + (w.size * Math.sin(w.n * angle + w.turn)) / 1.4, 0.74);
    if (Math.hypot(x, y) / (SIDE / 2) < edge) cells.push(cell);
  }
  return cells;
}

const neighbours = (cell) => [cell - 1, cell + 1, cell - SIDE, cell + SIDE];

/** Splits cells into `parts` connected regions grown from scattered seeds. */
function split(cells, parts, next) {
  const free = new Set(cells);
  const regions = [];
  const seeds = [...cells].sort(() => next() - 0.5).slice(0, parts);
  for (const seed of seeds) {
    free.delete(seed);
    regions.push({ cells: [seed], front: [seed] });
  }
  while (free.size > 0) {
    let grown = false;
    for (const region of [...regions].sort((a, b) => a.cells.length - b.cells.length)) {
      const at = region.front.findIndex((cell) => neighbours(cell).some((other) => free.has(other)));
      if (at < 0) continue;
      const options = neighbours(region.front[at]).filter((other) => free.has(other));
      const cell = options[Math.floor(next() * options.length)];
      free.delete(cell);
      region.cells.push(cell);
      region.front.push(cell);
      grown = true;
      break;
    }
    if (!grown) {
      const cell = free.values().next().value;
      free.delete(cell);
      regions.push({ cells: [cell], front: [cell] });
    }
  }
  return regions.map((region) => region.cells);
}

/** The outer rings of a region: edges that only one cell has, joined end to end. */
function rings(cells, points) {
  const edges = new Map();
  for (const cell of cells) {
    const sw = Math.floor(cell / SIDE) * (SIDE + 1) + (cell % SIDE);
    const loop = [sw, sw + 1, sw + SIDE + 2, sw + SIDE + 1];
    loop.forEach((from, i) => {
      const to = loop[(i + 1) % 4];
      if (!edges.get(to)?.delete(from)) {
        if (!edges.has(from)) edges.set(from, new Set());
        edges.get(from).add(to);
      }
    });
  }
  const found = [];
  for (const [start, ends] of edges) {
    while (ends.size > 0) {
      const ring = [start];
      let at = start;
      do {
        const to = edges.get(at).values().next().value;
        edges.get(at).delete(to);
        ring.push(to);
        at = to;
      } while (at !== start);
      found.push(ring.map((index) => points[index]));
    }
  }
  return found;
}

function area(ring) {
  return ring.reduce((sum, p, i) => {
    const q = ring[(i + 1) % ring.length];
    return sum + p[0] * q[1] - q[0] * p[1];
  }, 0);
}

/** Polygon of a region; clockwise rings are its holes. */
function polygon(cells, points) {
  const all = rings(cells, points);
  const outer = all.filter((ring) => area(ring) > 0);
  const holes = all.filter((ring) => area(ring) <= 0);
  if (outer.length === 1) return { type: 'Polygon', coordinates: [outer[0], ...holes] };
  return { type: 'MultiPolygon', coordinates: outer.map((ring, i) => (i === 0 ? [ring, ...holes] : [ring])) };
}

/**
 * The tree of one county: `levels` = how many children at each step, `name(path, depth)` names a node.
 * Answers a flat list of { depth, code, name, parent, cells, geometry }.
 */
export function divide({ code, name, centre, reach, counts, nameOf, seed }) {
  const next = random(seed);
  const points = corners(centre, reach, next);
  const nodes = [];
  const visit = (cells, depth, nodeCode, nodeName, parent) => {
    nodes.push({ depth, code: nodeCode, name: nodeName, parent, geometry: polygon(cells, points) });
    if (depth === counts.length) return;
    const parts = Math.max(1, Math.min(counts[depth], Math.floor(cells.length / 2)));
    split(cells, parts, next).forEach((part, i) => {
      const child = `${nodeCode}${String(i + 1).padStart(3, '0')}`;
      visit(part, depth + 1, child, nameOf(depth + 1, i, next), nodeCode);
    });
  };
  visit(cellsInside(next), 0, code, name, null);
  return nodes;
}
