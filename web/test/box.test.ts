import { expect, test } from 'vitest';
import { boxOf, union } from '../src/box';

test('a box holds every corner of every polygon', () => {
  const one = [[[1, 2], [4, 2], [4, 3], [1, 2]]];
  const two = [[[-5, 9], [0, 9], [0, 10], [-5, 9]]];
  expect(boxOf({ type: 'Polygon', coordinates: one })).toEqual([1, 2, 4, 3]);
  expect(boxOf({ type: 'MultiPolygon', coordinates: [one, two] })).toEqual([-5, 2, 4, 10]);
});

test('what is no polygon has no box', () => {
  expect(boxOf({ type: 'Point', coordinates: [1, 2] })).toBeNull();
  expect(boxOf({ type: 'MultiPolygon', coordinates: [] })).toBeNull();
});

test('two boxes are held by their union', () => {
  expect(union([0, 0, 1, 1], [-1, 0.5, 0.5, 2])).toEqual([-1, 0, 1, 2]);
});
