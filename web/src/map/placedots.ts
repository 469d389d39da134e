// Far out, where a county is a speck: a dot and a name for each place.
import type { GeoJSONSource, LayerSpecification, Map } from 'maplibre-gl';
import type { Place } from '../types';
import { FONT, HALO } from './theme';

/** Dots are drawn below `to`, where the county's own name takes over. */
export function placeDots(to: number): LayerSpecification[] {
  const shared = { source: '~places', maxzoom: Math.max(1, to) };
  return [
    { ...shared, id: '~places|glow', type: 'circle', paint: { 'circle-radius': 16, 'circle-color': '#5fd4bd', 'circle-opacity': 0.2, 'circle-blur': 0.9 } },
    { ...shared, id: '~places|dot', type: 'circle', paint: { 'circle-radius': 3.6, 'circle-color': '#8fe0cf', 'circle-stroke-color': HALO, 'circle-stroke-width': 1.5 } },
    {
      ...shared,
      id: '~places|name',
      type: 'symbol',
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': 13,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 0.8,
      },
      paint: { 'text-color': '#d6ece8', 'text-halo-color': HALO, 'text-halo-width': 1.5 },
    },
  ];
}

/** More places than this would hide the land under their dots. */
const MANY = 60;

export function fillPlaceDots(map: Map, places: Place[]): void {
  if (places.length > MANY) return;
  const features = places.map(({ code, name, bbox: [west, south, east, north] }) => ({
    type: 'Feature' as const,
    properties: { code, name },
    geometry: { type: 'Point' as const, coordinates: [(west + east) / 2, (south + north) / 2] },
  }));
  map.getSource<GeoJSONSource>('~places')?.setData({ type: 'FeatureCollection', features });
}
