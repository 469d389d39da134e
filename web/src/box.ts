// Boxes around geometry. Pure.
import type { Geometry } from 'geojson';
import type { Box } from './types';

export const union = (a: Box, b: Box): Box => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];

/** The box around a polygon or polygons; `null` for anything else and for nothing. */
export function boxOf(geometry: Geometry): Box | null {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.type === 'MultiPolygon' ? geometry.coordinates : [];
  const corners = polygons.flat(2).map(([lon, lat]) => [lon, lat, lon, lat] as Box);
  return corners.reduce<Box | null>((all, box) => (all ? union(all, box) : box), null);
}
