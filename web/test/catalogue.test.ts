import { expect, test } from 'vitest';
import { extentOf, groupsOf, levelTitle, onAtFirst, partsLayerOf, placesOf, planOf, titleOf } from '../src/catalogue';
import type { Catalogue, Collection } from '../src/types';

const layer = (id: string, more: Partial<Collection> = {}): Collection => ({
  id, geometry: 'polygon', kind: 'area', extent: null, count: 0, color: null, zooms: { min: 0, max: 14 }, fields: [], scheme: null, level: null, overlay: false, ...more,
});
const catalogue: Catalogue = {
  version: 1,
  schemes: [{ name: 'base', overlay: false, levels: ['county', 'grid'] }, { name: 'police', overlay: true, levels: ['area'] }],
  collections: [
    layer('base.county', { kind: 'grid', scheme: 'base', level: 'county', title: '区县', titleEn: 'County', extent: { spatial: { bbox: [[104, 28, 105, 29]] } }, places: [{ code: '511526', name: '珙县', bbox: [104, 28, 105, 29] }] }),
    layer('base.grid', { kind: 'grid', scheme: 'base', level: 'grid', title: 'base.grid', titleEn: 'base.grid' }),
    layer('police.area', { kind: 'grid', scheme: 'police', level: 'area', overlay: true, title: '警务区' }),
    layer('station', { geometry: 'point', kind: 'point', color: '#123456', extent: { spatial: { bbox: [[106, 27, 107, 28]] } } }),
    layer('road', { geometry: 'line', kind: 'line' }),
    layer('house', { kind: 'building' }),
    layer('park'),
  ],
};

test('every layer stands in exactly one group', () => {
  const listed = groupsOf(catalogue).flatMap((group) => group.layers.map(({ id }) => id));
  expect([...listed].sort()).toEqual(catalogue.collections.map(({ id }) => id).sort());
});

test('a title falls back to the word for the level', () => {
  expect(titleOf(catalogue.collections[1] as Collection)).toEqual({ zh: '网格', en: 'Grid' });
  expect(levelTitle(catalogue, 'police', 'area').zh).toBe('警务区');
  expect(levelTitle(catalogue, 'none', 'community').zh).toBe('社区/村');
});

test('overlay schemes begin switched off', () => {
  expect(catalogue.collections.filter((each) => !onAtFirst(each)).map(({ id }) => id)).toEqual(['police.area']);
});

test('places come from the top level, the extent from all layers that have one', () => {
  expect(placesOf(catalogue).map(({ name }) => name)).toEqual(['珙县']);
  expect(extentOf(catalogue)).toEqual([104, 27, 107, 29]);
  expect(extentOf({ ...catalogue, collections: [layer('a')] })).toBeNull();
});

test('the layer below the places is the next level of their scheme', () => {
  expect(partsLayerOf(catalogue)?.id).toBe('base.grid');
  expect(partsLayerOf({ ...catalogue, collections: catalogue.collections.slice(0, 1) })).toBeNull();
  expect(partsLayerOf({ ...catalogue, collections: catalogue.collections.slice(2) })).toBeNull();
});

test('more features are the same plan, another layer or place is another', () => {
  const changed = (more: Partial<Collection>) => ({ ...catalogue, collections: catalogue.collections.map((each, i) => (i === 0 ? { ...each, ...more } : each)) });
  expect(planOf(changed({ count: 9, extent: null }))).toBe(planOf(catalogue));
  expect(planOf(changed({ color: '#fff' }))).not.toBe(planOf(catalogue));
  expect(planOf(changed({ places: [] }))).not.toBe(planOf(catalogue));
});
