// Style layers of what is not a grid: points, lines, buildings, areas.
import type { LayerSpecification } from 'maplibre-gl';
import { mix } from '../colour';
import { FONT, HALO } from './theme';

export interface Look {
  id: string;
  colour: string;
}

const part = (id: string, name: string) => ({ id: `${id}|${name}`, source: id, 'source-layer': id });

export function pointLayers({ id, colour }: Look, zooms: { from: number; labelFrom: number }): LayerSpecification[] {
  const near = zooms.from + 4;
  const close = Math.max(17, near + 1);
  return [
    {
      ...part(id, 'halo'),
      type: 'circle',
      minzoom: zooms.from,
      paint: {
        'circle-color': colour,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], zooms.from, 3.5, near, 8, close, 13],
        'circle-opacity': ['interpolate', ['linear'], ['zoom'], zooms.from, 0.1, near, 0.22],
        'circle-blur': 0.5,
      },
    },
    {
      ...part(id, 'circle'),
      type: 'circle',
      minzoom: zooms.from,
      paint: {
        'circle-color': colour,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], zooms.from, 1.3, near, 3.4, close, 6],
        'circle-opacity': ['interpolate', ['linear'], ['zoom'], zooms.from, 0.6, near, 1],
        'circle-stroke-color': HALO,
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], zooms.from, 0.3, near, 1.1],
      },
    },
  ];
}

export function pointLabel({ id, colour }: Look, zooms: { labelFrom: number }): LayerSpecification {
  return {
    ...part(id, 'name'),
    type: 'symbol',
    minzoom: zooms.labelFrom,
    layout: {
      'text-field': ['coalesce', ['get', 'name'], ''],
      'text-font': FONT,
      'text-size': 11.5,
      'text-anchor': 'top',
      'text-offset': [0, 0.75],
      'text-max-width': 9,
      'text-padding': 4,
      'text-optional': true,
    },
    paint: { 'text-color': mix(colour, '#ffffff', 0.5), 'text-halo-color': HALO, 'text-halo-width': 1.4 },
  };
}

export function lineLayers({ id, colour }: Look): LayerSpecification[] {
  return [
    {
      ...part(id, 'line'),
      type: 'line',
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: {
        'line-color': colour,
        'line-opacity': 0.8,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.8, 16, 3],
      },
    },
  ];
}

export function areaLayers({ id, colour }: Look): LayerSpecification[] {
  return [
    { ...part(id, 'fill'), type: 'fill', paint: { 'fill-color': colour, 'fill-opacity': 0.18 } },
    { ...part(id, 'line'), type: 'line', paint: { 'line-color': colour, 'line-opacity': 0.7, 'line-width': 1 } },
  ];
}

/** Flat footprints, and the same extruded; which of the two is drawn is the map's tilt. */
export function buildingLayers({ id, colour }: Look): LayerSpecification[] {
  const height = ['to-number', ['get', 'height'], 0];
  const dark = mix(colour, '#0d1419', 0.45);
  const light = mix(colour, '#e8f2f5', 0.35);
  return [
    {
      ...part(id, 'fill'),
      type: 'fill',
      minzoom: 12.5,
      paint: {
        'fill-color': colour,
        'fill-outline-color': mix(colour, '#ffffff', 0.25),
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 12.5, 0.15, 15, 0.55],
      },
    },
    {
      ...part(id, 'extrusion'),
      type: 'fill-extrusion',
      minzoom: 13,
      layout: { visibility: 'none' },
      paint: {
        'fill-extrusion-color': ['interpolate', ['linear'], height, 0, dark, 30, colour, 100, light],
        'fill-extrusion-height': ['interpolate', ['linear'], ['zoom'], 13, 0, 14, height],
        'fill-extrusion-base': ['to-number', ['get', 'min_height'], 0],
        'fill-extrusion-opacity': 0.92,
        'fill-extrusion-vertical-gradient': true,
      },
    },
  ] as LayerSpecification[];
}
