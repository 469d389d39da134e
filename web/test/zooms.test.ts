import { expect, test } from 'vitest';
import { closeUp, gridZooms, pointZooms, spacingOf, zoomWhere } from '../src/zooms';
import type { Collection, Place } from '../src/types';

const places: Place[] = [{ code: '1', name: '一', bbox: [104, 28, 104.5, 28.5] }];
const layer = (count: number, min = 0): Collection => ({
  id: 'base.grid', geometry: 'polygon', extent: { spatial: { bbox: [[100, 20, 120, 42]] } }, count, color: null,
  zooms: { min, max: 14 }, fields: [], scheme: 'base', level: 'grid', overlay: false,
});

test('a length takes the asked pixels at the zoom that is named', () => {
  expect(0.5 * ((512 * 2 ** zoomWhere(0.5, 90)) / 360)).toBeCloseTo(90, 9);
});

test('spacing follows the ground of the places, not the empty land between them', () => {
  expect(spacingOf(layer(1), places)).toBeLessThan(0.5);
  expect(spacingOf(layer(400), places)).toBeCloseTo(spacingOf(layer(100), places) / 2, 9);
});

test('zooms of a level rise in order, so that they make a valid style, whatever the count', () => {
  for (const count of [0, 1, 6, 60, 1000, 25053, 1_000_000]) {
    for (const min of [0, 8, 14]) {
      const { lineFrom, lineFull, labelFrom, labelTo } = gridZooms(layer(count, min), places);
      expect(lineFrom).toBeLessThan(lineFull);
      expect(lineFull).toBeLessThan(labelTo);
      expect(labelFrom).toBeLessThan(labelTo);
      expect(lineFrom).toBeGreaterThanOrEqual(min);
    }
  }
});

test('denser points come in later', () => {
  expect(pointZooms(layer(10_000), places).from).toBeGreaterThan(pointZooms(layer(100), places).from);
});

test('a close-up of a smaller grid is nearer', () => {
  expect(closeUp(layer(1000), places)).toBeGreaterThan(closeUp(layer(10), places));
});
