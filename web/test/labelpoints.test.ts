import { expect, test } from 'vitest';
import { type Ring, labelPoints, pointInside } from '../src/labelpoints';

/** Winding number: a second way to say inside. */
function winds(ring: Ring, [x, y]: [number, number]): boolean {
  let turn = 0;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [a, b] = [ring[i] as [number, number], ring[i + 1] as [number, number]];
    const step = Math.atan2(b[1] - y, b[0] - x) - Math.atan2(a[1] - y, a[0] - x);
    turn += step > Math.PI ? step - 2 * Math.PI : step < -Math.PI ? step + 2 * Math.PI : step;
  }
  return Math.abs(turn) > 1;
}

/** A star with arms of random length; its centroid may lie outside. */
function star(seed: number): Ring {
  let state = seed;
  const next = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const ring = Array.from({ length: 24 }, (_, i): [number, number] => {
    const reach = 0.05 + next();
    const angle = (i / 24) * 1.5 * Math.PI;
    return [104.7 + reach * Math.cos(angle), 28.4 + reach * Math.sin(angle)];
  });
  return [...ring, ring[0] as [number, number]];
}

test('a label point lies inside its polygon, however odd the shape', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const ring = star(seed);
    expect(winds(ring, pointInside([ring])), `star ${seed}`).toBe(true);
  }
});

test('a label keeps out of a hole', () => {
  const outer: Ring = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]];
  const hole: Ring = [[2, 2], [8, 2], [8, 8], [2, 8], [2, 2]];
  expect(winds(hole, pointInside([outer, hole]))).toBe(false);
});

test('a grid that tiles cut into pieces is named once, in its largest piece', () => {
  const square = (x: number, side: number): Ring => [[x, 0], [x + side, 0], [x + side, side], [x, side], [x, 0]];
  const points = labelPoints([
    { code: '1', name: '一', rings: [square(0, 1)] },
    { code: '1', name: '一', rings: [square(10, 3)] },
    { code: '2', name: '二', rings: [square(20, 1)] },
  ]);
  expect(points.map(({ code, at }) => [code, ...at])).toEqual([['1', 11.5, 1.5], ['2', 20.5, 0.5]]);
});
