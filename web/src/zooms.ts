// At which zoom a layer becomes worth drawing: from how far apart its features lie, not from its name.
import type { Box, Collection, Place } from './types';

/** Pixels of a MapLibre world at zoom 0. */
const WORLD = 512;

function areaOf([west, south, east, north]: Box): number {
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  return Math.max(1e-12, (east - west) * (north - south) * squeeze);
}

/** Typical distance between features, degrees: the side of each one's square share of the ground. */
export function spacingOf(layer: Collection, places: Place[]): number {
  const extent = layer.extent?.spatial.bbox[0];
  const ground = places.reduce((sum, place) => sum + areaOf(place.bbox), 0);
  const area = Math.min(extent ? areaOf(extent) : Infinity, ground || Infinity);
  return Number.isFinite(area) ? Math.sqrt(area / Math.max(1, layer.count)) : 0.01;
}

/** The zoom at which a length in degrees takes `pixels` on the screen. */
export function zoomWhere(degrees: number, pixels: number): number {
  return Math.log2((pixels * 360) / (WORLD * degrees));
}

/** Zooms of a grid level: lines come in, are full; names come in, go out. */
export interface GridZooms {
  lineFrom: number;
  lineFull: number;
  labelFrom: number;
  labelTo: number;
}

const within = (zoom: number, low: number, high: number): number => Math.min(high, Math.max(low, zoom));

/** A zoom at which one grid of the layer fills a good part of the screen. */
export function closeUp(layer: Collection, places: Place[]): number {
  return within(Math.max(layer.zooms.min, zoomWhere(spacingOf(layer, places), 330)), 2, 18);
}

export function gridZooms(layer: Collection, places: Place[]): GridZooms {
  const spacing = spacingOf(layer, places);
  // The top level has nothing above it that would show in its stead.
  const apart = layer.places ? 8 : 24;
  const lineFrom = within(Math.max(layer.zooms.min, zoomWhere(spacing, apart)), 0, 17);
  const labelFrom = within(Math.max(lineFrom, zoomWhere(spacing, 92)), 0, 19);
  return {
    lineFrom,
    lineFull: Math.max(lineFrom + 0.5, zoomWhere(spacing, 70)),
    labelFrom,
    labelTo: Math.max(labelFrom + 1.5, zoomWhere(spacing, 760)),
  };
}

/** Zooms of a point layer: circles come in; names come in where there is room for them, as points lie closer in towns. */
export function pointZooms(layer: Collection, places: Place[]): { from: number; labelFrom: number } {
  const spacing = spacingOf(layer, places);
  const from = Math.max(layer.zooms.min, within(zoomWhere(spacing, 17), 0, 14));
  return { from, labelFrom: Math.max(from, within(zoomWhere(spacing, 150), 13, 16.5)) };
}
