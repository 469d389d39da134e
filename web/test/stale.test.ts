import { expect, test } from 'vitest';
import { NOTHING, isNothing, staleOf, together } from '../src/stale';

test('an event makes the layers that it names stale, and one without layers all if there is a newer version', () => {
  const data = { version: 3, layers: [{ layer: 'camera', bounds: null, count: 2 }, { layer: 'base.grid', bounds: [1, 2, 3, 4], count: 1 }], tiles_dropped: 4 };
  expect(staleOf(JSON.stringify(data))).toEqual(new Set(['camera', 'base.grid']));
  expect(staleOf(JSON.stringify({ ...data, layers: [] }))).toBe('if newer');
});

test('what becomes stale while the map is renewed comes together and nothing of it is lost', () => {
  const [a, b] = [new Set(['a']), new Set(['b'])];
  expect(together(NOTHING, a)).toBe(a);
  expect(together(a, NOTHING)).toBe(a);
  expect(together(a, b)).toEqual(new Set(['a', 'b']));
  expect(together(a, 'if newer')).toBe('all');
  expect(together('if newer', 'if newer')).toBe('if newer');
  expect(together('all', a)).toBe('all');
  expect(isNothing(together(NOTHING, NOTHING))).toBe(true);
});
