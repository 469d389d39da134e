import { expect, test } from 'vitest';
import { readHash, writeHash } from '../src/hash';

const full = {
  view: { zoom: 12.34, lat: 28.4386, lon: 104.7092, bearing: -18, pitch: 58 },
  place: '511526',
  style: 'print',
  on: ['police.area'],
  off: ['camera', '楼栋'],
  theme: { level: 'base.grid', measure: 'mean' as const, layer: '楼栋', field: 'floors', filter: "kind = 'a,b&c'" },
  heat: ['camera', '楼栋'],
  at: [104.7092, 28.4386] as [number, number],
};

test('what is written to the address comes back', () => {
  expect(readHash(writeHash(full))).toEqual(full);
});

test('an empty address remembers nothing', () => {
  expect(readHash('')).toEqual({ view: null, place: null, style: null, on: [], off: [], theme: null, heat: [], at: null });
});

test('a view or point that is not on Earth is ignored', () => {
  expect(readHash('#map=5/104.7/28.4').view).toBeNull();
  expect(readHash('#map=x/28/104').view).toBeNull();
  expect(readHash('#at=28.4,104.7').at).toBeNull();
});

test('a theme is written as short as it can be, and one of an unknown measure is ignored', () => {
  const theme = { level: 'base.grid', measure: 'area' as const, layer: '', field: '', filter: '' };
  expect(writeHash({ ...full, theme })).toContain('theme=base.grid,area&heat=');
  expect(readHash('#theme=base.grid,area').theme).toEqual(theme);
  expect(readHash('#theme=base.grid,median,camera').theme).toBeNull();
  const area = { ...full, theme: { ...theme, measure: 'sum' as const, layer: '楼栋', field: '面积,亩' } };
  expect(readHash(writeHash(area))).toEqual(area);
});

test('a view from above is written without tilt', () => {
  const flat = { ...full, view: { ...full.view, bearing: 0, pitch: 0 } };
  expect(writeHash(flat)).toContain('map=12.34/28.4386/104.7092&');
});
