import { expect, test } from 'vitest';
import { coloursOf, extentOf, groupsOf, kindOf, levelTitle, onAtFirst, partsLayerOf, placesOf, planOf, titleOf } from '../src/catalogue';
import type { Catalogue, Collection } from '../src/types';

const layer = (id: string, more: Partial<Collection> = {}): Collection => ({
  id, geometry: 'polygon', extent: null, count: 0, color: null, zooms: { min: 0, max: 14 }, fields: [], scheme: null, level: null, overlay: false, ...more,
});
const height = { name: 'height', type: 'real' as const };
const catalogue: Catalogue = {
  version: 1,
  schemes: [{ name: 'base', overlay: false, levels: ['county', 'grid'] }, { name: 'police', overlay: true, levels: ['area'] }],
  collections: [
    layer('base.county', { scheme: 'base', level: 'county', title: '区县', titleEn: 'County', extent: { spatial: { bbox: [[104, 28, 105, 29]] } }, places: [{ code: '511526', name: '珙县', bbox: [104, 28, 105, 29] }] }),
    layer('base.grid', { scheme: 'base', level: 'grid', title: 'base.grid', titleEn: 'base.grid' }),
    layer('police.area', { scheme: 'police', level: 'area', overlay: true, title: '警务区' }),
    layer('station', { geometry: 'point', color: '#123456', extent: { spatial: { bbox: [[106, 27, 107, 28]] } } }),
    layer('road', { geometry: 'line' }),
    layer('house', { fields: [height] }),
    layer('park'),
  ],
};

test('layers are sorted into kinds by scheme, geometry and height', () => {
  expect(catalogue.collections.map(kindOf)).toEqual(['grid', 'grid', 'grid', 'point', 'line', 'building', 'area']);
});

test('every layer stands in exactly one group', () => {
  const listed = groupsOf(catalogue).flatMap((group) => group.layers.map(({ id }) => id));
  expect([...listed].sort()).toEqual(catalogue.collections.map(({ id }) => id).sort());
});

test('a configured colour wins, and every layer has one', () => {
  const colours = coloursOf(catalogue);
  expect(colours.get('station')).toBe('#123456');
  for (const { id } of catalogue.collections) expect(colours.get(id)).toMatch(/^#[0-9a-f]{6}$/i);
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
