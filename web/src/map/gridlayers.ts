// Style layers of a grid level: fill, border, name.
import type { DataDrivenPropertyValueSpecification as Value, LayerSpecification } from 'maplibre-gl';
import { mix, tintsOf } from '../colour';
import type { GridZooms } from '../zooms';
import { FONT, HALO, LAND, STRONG_FONT } from './theme';

export interface GridLook {
  id: string;
  /** Place from the top, 0 = top. */
  depth: number;
  overlay: boolean;
  colour: string;
  zooms: GridZooms;
}

/** One of five tints by the last three digits of the code. */
function tint(colour: string): Value<string> {
  const last = ['to-number', ['slice', ['to-string', ['get', 'code']], -3], 0];
  const tints = tintsOf(colour);
  const cases = tints.flatMap((shade, i) => [i, shade]);
  return ['match', ['%', last, tints.length], ...cases, colour] as unknown as Value<string>;
}

const WIDTHS = [2.2, 1.5, 1.15, 0.9, 0.7];
const FILLS = [0, 0.16, 0.13, 0.11, 0.11];
const SIZES = [17, 14.5, 13, 12, 11.5];
const at = (list: number[], depth: number): number => list[Math.min(depth, list.length - 1)] as number;

/** Land under everything: only the top level of a base scheme has it. */
export function land({ id }: GridLook): LayerSpecification {
  return { id: `${id}|land`, type: 'fill', source: id, 'source-layer': id, paint: { 'fill-color': LAND } };
}

export function gridFill({ id, depth, overlay, colour, zooms }: GridLook): LayerSpecification {
  const full = overlay ? 0.1 : at(FILLS, depth);
  return {
    id: `${id}|fill`,
    type: 'fill',
    source: id,
    'source-layer': id,
    minzoom: zooms.lineFrom,
    paint: {
      'fill-color': overlay ? colour : tint(colour),
      'fill-antialias': false,
      'fill-opacity': ['interpolate', ['linear'], ['zoom'], zooms.lineFrom, 0, zooms.lineFull, full, zooms.labelTo, full * 0.35],
    },
  };
}

export function gridLine({ id, depth, overlay, colour, zooms }: GridLook): LayerSpecification {
  const width = overlay ? 1.4 : at(WIDTHS, depth);
  return {
    id: `${id}|line`,
    type: 'line',
    source: id,
    'source-layer': id,
    minzoom: zooms.lineFrom,
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': colour,
      'line-width': ['interpolate', ['linear'], ['zoom'], zooms.lineFrom, width * 0.5, zooms.lineFull, width, zooms.labelTo + 1, width * 1.7],
      'line-opacity': ['interpolate', ['linear'], ['zoom'], zooms.lineFrom, 0.12, zooms.lineFull, depth === 0 ? 0.95 : 0.62],
      ...(overlay && { 'line-dasharray': [3, 2] }),
    },
  };
}

/** Names come from the label points, so that a grid which several tiles cut is named once. */
export function gridLabel({ id, depth, colour, zooms }: GridLook): LayerSpecification {
  const size = at(SIZES, depth);
  return {
    id: `${id}|label`,
    type: 'symbol',
    source: '~labels',
    filter: ['==', ['get', 'layer'], id],
    minzoom: zooms.labelFrom,
    maxzoom: Math.min(24, zooms.labelTo),
    layout: {
      'text-field': ['get', 'name'],
      'text-font': depth < 2 ? STRONG_FONT : FONT,
      'text-size': ['interpolate', ['linear'], ['zoom'], zooms.labelFrom, size * 0.9, zooms.labelTo, size * 1.2],
      'text-letter-spacing': depth === 0 ? 0.16 : 0.05,
      'text-max-width': 9,
      'text-padding': 6,
      'symbol-sort-key': ['-', 0, ['get', 'area']],
    },
    paint: {
      'text-color': mix(colour, '#ffffff', 0.72),
      'text-halo-color': HALO,
      'text-halo-width': 1.5,
      'text-halo-blur': 0.4,
    },
  };
}
