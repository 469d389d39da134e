// Plane geometry that the mock needs, in degrees.

const polygonsOf = (geometry) => (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates);

function inRing(ring, [x, y]) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [ax, ay] = ring[i], [bx, by] = ring[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** Whether a polygon or multipolygon holds the point, by even–odd rule. */
export function holds(geometry, at) {
  return polygonsOf(geometry).some((rings) => rings.filter((ring) => inRing(ring, at)).length % 2 === 1);
}

/** [west, south, east, north] of any geometry. */
export function boxOf(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (value) => {
    if (typeof value[0] !== 'number') return value.forEach(visit);
    box[0] = Math.min(box[0], value[0]);
    box[1] = Math.min(box[1], value[1]);
    box[2] = Math.max(box[2], value[0]);
    box[3] = Math.max(box[3], value[1]);
  };
  visit(geometry.coordinates);
  return box;
}

export const unionOf = (boxes) => boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
