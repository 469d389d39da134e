// Keeps the label points in step with the tiles that are loaded.
import type { GeoJSONSource, Map, MapGeoJSONFeature } from 'maplibre-gl';
import { type LabelPoint, type Piece, type Ring, labelPoints } from '../labelpoints';
import type { Design } from '../design';
import type { Catalogue } from '../types';

function piecesOf(feature: Pick<MapGeoJSONFeature, 'properties' | 'geometry'>): Piece[] {
  const { code, name } = feature.properties as { code?: unknown; name?: unknown };
  if (!name) return [];
  const shape = feature.geometry;
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.type === 'MultiPolygon' ? shape.coordinates : [];
  return polygons.map((rings) => ({ code: String(code ?? name), name: String(name), rings: rings as Ring[] }));
}

function featuresOf(layer: string, points: LabelPoint[]) {
  return points.map(({ code, name, at, area }) => ({
    type: 'Feature' as const,
    properties: { layer, code, name, area },
    geometry: { type: 'Point' as const, coordinates: at },
  }));
}

/**
 * Names the grids in view; `isOn` says which layers are switched on, `design` how they look now. Answers how to name them anew.
 * The one spot that fills `~labels`: where tiles bring label points, the style names them and this goes.
 */
export function keepLabels(map: Map, catalogue: Catalogue, design: () => Design, isOn: (layer: string) => boolean): () => void {
  const grids = catalogue.collections.filter(({ kind }) => kind === 'grid').map(({ id }) => id);
  const isNamed = (layer: string, zoom: number): boolean => {
    const named = design().namedAt(layer);
    return !!named && zoom >= named.from - 0.2 && zoom <= named.to + 0.2;
  };
  let drawn = '';
  const draw = (): void => {
    const zoom = map.getZoom();
    const named = grids.filter((id) => isOn(id) && isNamed(id, zoom));
    const features = named.flatMap((id) => {
      const found = map.querySourceFeatures(id, { sourceLayer: id });
      return featuresOf(id, labelPoints(found.flatMap(piecesOf)));
    });
    const sign = features.map(({ properties, geometry }) => `${properties.code}@${geometry.coordinates.map((v) => v.toFixed(4)).join()}`).sort().join(' ');
    if (sign === drawn) return;
    drawn = sign;
    map.getSource<GeoJSONSource>('~labels')?.setData({ type: 'FeatureCollection', features });
  };
  map.on('idle', draw);
  map.on('style.load', () => (drawn = ''));
  return draw;
}
