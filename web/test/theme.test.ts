import { expect, test } from 'vitest';
import { type Theme, classOf, concerns, isWhole, queryOf, shadeOf, shadesOf, told } from '../src/theme';
import type { StatsAnswer } from '../src/types';

const theme = (more: Partial<Theme> = {}): Theme => ({ level: 'base.grid', measure: 'count', layer: 'camera', field: '', filter: '', ...more });
const answer: StatsAnswer = {
  unit: null, version: 1, total: 12, outside: 0,
  classes: [{ from: 0, to: 0, grids: 1 }, { from: 2, to: 3, grids: 2 }, { from: 7, to: 7, grids: 1 }],
  values: [{ code: 'A', name: null, value: 0 }, { code: 'B', name: null, value: 2 }, { code: 'C', name: null, value: 7 }, { code: 'D', name: null, value: null }, { code: null, name: null, value: 3 }],
};

test('a question holds what its measure takes and nothing else', () => {
  expect(queryOf(theme({ field: 'capacity', filter: "kind = 'a&b'" }))).toBe('measure=count&layer=camera&filter=kind+%3D+%27a%26b%27');
  expect(queryOf(theme({ measure: 'sum', field: 'capacity' }))).toBe('measure=sum&layer=camera&field=capacity');
  expect(queryOf(theme({ measure: 'area', filter: 'x' }))).toBe('measure=area');
});

test('a theme of which something is missing is not asked for', () => {
  expect([isWhole(theme()), isWhole(theme({ layer: '' })), isWhole(theme({ measure: 'area', layer: '' }))]).toEqual([true, false, true]);
  expect([isWhole(theme({ measure: 'mean' })), isWhole(theme({ measure: 'share' })), isWhole(theme({ measure: 'share', filter: 'a = 1' }))]).toEqual([false, false, true]);
});

test('numbers may be others where the layer or any level of the scheme is, and in all that is not known', () => {
  const told = (...layers: string[]): boolean => concerns(new Set(layers), theme());
  expect([told('camera'), told('base.grid'), told('base.community'), told('gate', 'base.unit')]).toEqual([true, true, true, true]);
  expect([told('gate'), told('baseline'), told('police.grid')]).toEqual([false, false, false]);
  expect([concerns('all', theme()), concerns('if newer', theme()), concerns(new Set(['camera']), theme({ measure: 'area', layer: '' }))]).toEqual([true, true, false]);
});

test('few classes take shades far from each other', () => {
  expect([0, 1, 2, 3, 4].map((number) => shadeOf(number, 5, 5))).toEqual([0, 1, 2, 3, 4]);
  expect([0, 1].map((number) => shadeOf(number, 2, 5))).toEqual([0, 4]);
  expect(shadeOf(0, 1, 5)).toBe(0);
});

test('each grid with a code gets the shade of its class, one without a value the one beyond', () => {
  expect([...shadesOf(answer, 5)]).toEqual([['A', 0], ['B', 2], ['C', 4], ['D', 5]]);
  expect([classOf(3, answer.classes), classOf(5, answer.classes), classOf(null, answer.classes)]).toEqual([1, null, null]);
});

test('numbers are written short', () => {
  expect([0, 12, 64.556962, 1234567.8, 0.000123456].map(told)).toEqual(['0', '12', '64.56', '1,234,568', '0.0001235']);
});
