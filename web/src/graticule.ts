// Faint lines of longitude and latitude, a few at every zoom. Pure.

/** Steps in degrees, coarse to fine. */
const STEPS = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

/** The finest step that still leaves at least `apart` pixels between lines. */
export function stepFor(zoom: number, apart: number): number {
  const pixelsPerDegree = (512 * 2 ** zoom) / 360;
  return STEPS.findLast((step) => step * pixelsPerDegree >= apart) ?? 30;
}

export type Line = [number, number][];

/** Lines that cross the box; both ends lie beyond it. */
export function graticule([west, south, east, north]: [number, number, number, number], step: number): Line[] {
  const lines: Line[] = [];
  const first = (value: number): number => Math.floor(value / step);
  for (let i = first(west); i * step <= east + step; i += 1) {
    lines.push([[i * step, Math.max(-85, south - step)], [i * step, Math.min(85, north + step)]]);
  }
  for (let i = first(south); i * step <= north + step; i += 1) {
    if (Math.abs(i * step) <= 85) lines.push([[west - step, i * step], [east + step, i * step]]);
  }
  return lines;
}
