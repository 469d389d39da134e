// One label point for each grid, from the pieces into which tiles cut it. Pure.

export type Ring = [number, number][];

/** A piece of a feature: a polygon as one tile holds it. */
export interface Piece {
  code: string;
  name: string;
  rings: Ring[];
}

export interface LabelPoint {
  code: string;
  name: string;
  at: [lon: number, lat: number];
  /** Area of the largest piece, square degrees. */
  area: number;
}

/** Twice the signed area and the centroid of a ring. */
function measure(ring: Ring): { area: number; x: number; y: number } {
  const [ox, oy] = ring[0] ?? [0, 0];
  let area = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [ax, ay] = ring[i] as [number, number];
    const [bx, by] = ring[i + 1] as [number, number];
    const cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
    area += cross;
    x += (ax + bx - 2 * ox) * cross;
    y += (ay + by - 2 * oy) * cross;
  }
  if (area === 0) return { area: 0, x: ox, y: oy };
  return { area: Math.abs(area) / 2, x: ox + x / (3 * area), y: oy + y / (3 * area) };
}

/** Where the parallel `lat` crosses the rings, west to east; pairs bound the inside. */
function crossings(rings: Ring[], lat: number): number[] {
  const found: number[] = [];
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i += 1) {
      const [ax, ay] = ring[i] as [number, number];
      const [bx, by] = ring[i + 1] as [number, number];
      if (ay > lat !== by > lat) found.push(ax + ((lat - ay) * (bx - ax)) / (by - ay));
    }
  }
  return found.sort((a, b) => a - b);
}

/** A point inside: the centroid where it has room to both sides, else the middle of the widest stretch at its latitude. */
export function pointInside(rings: Ring[]): [number, number] {
  const { x, y } = measure(rings[0] ?? []);
  const cuts = crossings(rings, y);
  let widest: [number, number] = [x, x];
  for (let i = 0; i + 1 < cuts.length; i += 2) {
    const west = cuts[i] as number;
    const east = cuts[i + 1] as number;
    const room = (east - west) / 4;
    if (x >= west + room && x <= east - room) return [x, y];
    if (east - west > widest[1] - widest[0]) widest = [west, east];
  }
  return [(widest[0] + widest[1]) / 2, y];
}

/** The label points of all named features; each sits in its largest piece. */
export function labelPoints(pieces: Piece[]): LabelPoint[] {
  const largest = new Map<string, { piece: Piece; area: number }>();
  for (const piece of pieces) {
    const { area } = measure(piece.rings[0] ?? []);
    const known = largest.get(piece.code);
    if (!known || area > known.area) largest.set(piece.code, { piece, area });
  }
  return [...largest.values()].map(({ piece, area }) => ({
    code: piece.code,
    name: piece.name,
    at: pointInside(piece.rings),
    area,
  }));
}
