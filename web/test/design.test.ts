import { expect, test } from 'vitest';
import type { StyleSpecification } from 'maplibre-gl';
import { Design, ownerOf } from '../src/design';

const told = { house: { color: '#111111', height: 'height', floors: 'floors', storey_m: 3, estimated: '#222222', hatch: '#333333' }, hut: { color: '#111111', height: null, floors: 'floors', storey_m: null, estimated: '#222222', hatch: '#333333' }, 'base.grid': { color: '#444444' } };
const part = (id: string, zooms: object) => ({ id, type: 'line' as const, source: 'x', 'source-layer': 'x', ...zooms });
const style = {
  version: 8, sources: {}, metadata: { 'wangge:mode': 'light', 'wangge:mark': '#aa0000', 'wangge:layers': told },
  layers: [part('base.grid|theme', {}), part('base.grid|line', { minzoom: 9.5 }), part('base.grid|label', { minzoom: 12, maxzoom: 15.2 }), part('~owner|line0', {})],
} as unknown as StyleSpecification;
const design = new Design(style);

test('a part belongs to the layer before the bar', () => {
  expect(ownerOf('base.grid|line')).toBe('base.grid');
  expect(ownerOf('~owner|line0')).toBe('~owner');
});

test('colours, mode and mark come from the style, and something plain where it tells nothing', () => {
  expect(design.colourOf('base.grid')).toBe('#444444');
  expect([design.mode, design.mark]).toEqual(['light', '#aa0000']);
  const bare = new Design({ version: 8, sources: {}, layers: [] });
  expect([bare.mode, bare.colourOf('x')]).toEqual(['dark', '#888888']);
  expect(bare.theme.colors).toEqual(['#888888']);
  expect(new Design({ ...style, metadata: { 'wangge:theme': { colors: ['#111111'], none: '#222222' } } }).theme.none).toBe('#222222');
});

test('a layer is drawn from its first part on that is always there, but not before its tiles begin', () => {
  expect(design.drawnFrom('base.grid', 8)).toBe(9.5);
  expect(design.drawnFrom('base.grid', 11)).toBe(11);
});

test('a close-up of a grid lies below the zoom at which it fills the screen', () => {
  expect(design.namedAt('base.grid')).toEqual({ from: 12, to: 15.2 });
  expect(design.closeUp('base.grid')).toBeCloseTo(14, 9);
  expect(design.namedAt('house')).toBeNull();
});

test('a height is told with how it is known, and none is invented', () => {
  expect(design.heightWords('house', { height: 18, floors: 6 })).toEqual({ zh: '高 18 米', en: 'height 18 m' });
  expect(design.heightWords('house', { floors: 6 })?.en).toBe('about 18 m, estimated');
  expect(design.heightWords('house', { height: 0 })).toEqual({ zh: '无高度', en: 'no height' });
  expect(design.heightWords('hut', { floors: 6 })?.zh).toBe('无高度');
  expect(design.heightWords('base.grid', { height: 18 })).toBeNull();
});

test('the legend shows only the ways in which heights of the layer are known', () => {
  expect(design.heightsOf('house')).toEqual({ measured: '#111111', estimated: '#222222', unknown: '#333333' });
  expect(design.heightsOf('hut')).toEqual({ measured: null, estimated: null, unknown: '#333333' });
  expect(design.heightsOf('base.grid')).toBeNull();
});
