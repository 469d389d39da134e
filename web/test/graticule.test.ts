import { expect, test } from 'vitest';
import { graticule, stepFor } from '../src/graticule';

test('lines keep their distance at every zoom, and the next finer step would not', () => {
  for (let zoom = 3; zoom <= 15; zoom += 0.5) {
    const pixels = (stepFor(zoom, 150) * 512 * 2 ** zoom) / 360;
    expect(pixels).toBeGreaterThanOrEqual(150);
    expect(pixels).toBeLessThan(150 * 3.4);
  }
});

test('lines cross the whole box', () => {
  const lines = graticule([104.2, 28.1, 105.9, 29.3], 1);
  const upright = lines.filter(([a, b]) => a?.[0] === b?.[0]);
  expect(upright.map(([a]) => a?.[0])).toEqual([104, 105, 106]);
  for (const [a, b] of upright) expect([a?.[1] as number, b?.[1] as number]).toEqual([27.1, 30.3]);
});
