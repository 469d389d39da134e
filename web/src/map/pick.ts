// Which resource lies under a point of the screen.
import type { Map, MapGeoJSONFeature, PointLike } from 'maplibre-gl';
import type { Catalogue, Collection } from '../types';

export interface Picked {
  layer: Collection;
  properties: Record<string, unknown>;
  /** Where the point lies; null for what is no point. */
  at: [lon: number, lat: number] | null;
}

/** Pixels around the pointer within which a point counts as hit. */
const REACH = 5;

/** Where a point lies. */
function placeOf({ geometry }: Pick<MapGeoJSONFeature, 'geometry'>): [number, number] | null {
  return geometry.type === 'Point' ? [geometry.coordinates[0] as number, geometry.coordinates[1] as number] : null;
}

/** The topmost point, bubble of many points, line, building or area; grids answer through locate instead, and the base map is only ground. */
export function resourceAt(map: Map, catalogue: Catalogue, { x, y }: { x: number; y: number }): Picked | null {
  const box: [PointLike, PointLike] = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
  const resources = catalogue.collections.filter((layer) => layer.kind !== 'grid' && layer.kind !== 'base');
  const layers = resources.flatMap(({ id }) => ['circle', 'cluster', 'line', 'extrusion', 'estimated', 'fill'].map((part) => `${id}|${part}`)).filter((id) => map.getLayer(id));
  if (layers.length === 0) return null;
  const isPoint = (id: string): boolean => id.endsWith('|circle') || id.endsWith('|cluster');
  const near = map.queryRenderedFeatures(box, { layers: layers.filter(isPoint) });
  const found = near[0] ?? map.queryRenderedFeatures([x, y], { layers: layers.filter((id) => !isPoint(id)) })[0];
  const layer = found && resources.find(({ id }) => id === found.source);
  return layer ? { layer, properties: found.properties, at: placeOf(found) } : null;
}
