// The whole map style, from the catalogue. No `glyphs`, no `sprite`: nothing but the service's own tiles is asked for.
// What is the screen's own begins with `~`, which no layer's name can.
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { tileAddress } from '../api';
import { coloursOf, kindOf, placesOf } from '../catalogue';
import { gridZooms, pointZooms } from '../zooms';
import type { Catalogue, Collection } from '../types';
import { type GridLook, gridFill, gridLabel, gridLine, land } from './gridlayers';
import { placeDots } from './placedots';
import { areaLayers, buildingLayers, lineLayers, pointLabel, pointLayers } from './resourcelayers';
import { GROUND } from './theme';

const nothing = { type: 'FeatureCollection' as const, features: [] };

function sourceOf(layer: Collection): SourceSpecification {
  const bounds = layer.extent?.spatial.bbox[0];
  const { min, max } = layer.zooms;
  return {
    type: 'vector',
    tiles: [tileAddress(layer.id)],
    minzoom: min,
    maxzoom: max,
    ...(bounds && { bounds }),
  };
}

function gridLooks(catalogue: Catalogue): GridLook[] {
  const colours = coloursOf(catalogue);
  const places = placesOf(catalogue);
  return catalogue.collections
    .filter((layer) => kindOf(layer) === 'grid')
    .map((layer) => ({
      id: layer.id,
      depth: Math.max(0, catalogue.schemes.find((s) => s.name === layer.scheme)?.levels.indexOf(layer.level ?? '') ?? 0),
      overlay: layer.overlay,
      colour: colours.get(layer.id) as string,
      zooms: gridZooms(layer, places),
    }));
}

/** Resources by kind, in drawing order from below. */
function resourceLayers(catalogue: Catalogue): { below: LayerSpecification[]; names: LayerSpecification[] } {
  const colours = coloursOf(catalogue);
  const places = placesOf(catalogue);
  const of = (kind: string) => catalogue.collections.filter((layer) => kindOf(layer) === kind);
  const look = (layer: Collection) => ({ id: layer.id, colour: colours.get(layer.id) as string });
  const points = of('point').map((layer) => ({ look: look(layer), zooms: pointZooms(layer, places) }));
  return {
    below: [
      ...of('area').flatMap((layer) => areaLayers(look(layer))),
      ...of('line').flatMap((layer) => lineLayers(look(layer))),
      ...of('building').flatMap((layer) => buildingLayers(look(layer))),
      ...points.flatMap((point) => pointLayers(point.look, point.zooms)),
    ],
    names: points.map((point) => pointLabel(point.look, point.zooms)),
  };
}

/** Style layers of one service layer carry its id before the bar. */
export const ownerOf = (styleLayer: string): string => styleLayer.split('|')[0] as string;

export function styleOf(catalogue: Catalogue): StyleSpecification {
  const grids = gridLooks(catalogue);
  const upward = [...grids].reverse();
  const resources = resourceLayers(catalogue);
  const tiles = catalogue.collections.map((layer) => [layer.id, sourceOf(layer)]);
  return {
    version: 8,
    name: 'wangge',
    light: { anchor: 'viewport', color: '#eaf4f7', intensity: 0.35, position: [1.3, 200, 40] },
    sources: {
      ...Object.fromEntries(tiles),
      '~labels': { type: 'geojson', data: nothing },
      '~graticule': { type: 'geojson', data: nothing },
      '~places': { type: 'geojson', data: nothing },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': GROUND } },
      { id: 'graticule', type: 'line', source: '~graticule', paint: { 'line-color': '#8fb5bd', 'line-opacity': 0.07, 'line-width': 1 } },
      ...grids.filter((grid) => grid.depth === 0 && !grid.overlay).map(land),
      ...grids.filter((grid) => grid.depth > 0 || grid.overlay).map(gridFill),
      ...upward.map(gridLine),
      ...resources.below,
      ...resources.names,
      ...upward.map(gridLabel),
      ...placeDots(grids[0]?.zooms.labelFrom ?? 6),
    ],
  };
}
