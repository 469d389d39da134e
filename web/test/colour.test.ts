import { expect, test } from 'vitest';
import { mix, tintsOf } from '../src/colour';

test('a mix lies between its colours', () => {
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
  expect(mix('#102030', '#ffffff', 0)).toBe('#102030');
  expect(mix('#102030', '#ffffff', 1)).toBe('#ffffff');
});

test('a colour written in another way is left as it is', () => {
  expect(mix('tomato', '#ffffff', 0.5)).toBe('tomato');
});

test('tints differ from each other', () => {
  expect(new Set(tintsOf('#5fc4cf')).size).toBe(5);
});
