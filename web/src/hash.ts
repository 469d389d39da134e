// What the address bar remembers: the view, the switches that differ from their first state, the theme, the asked point.
import { MEASURES, type Measure, type Theme } from './theme';

export interface View {
  zoom: number;
  lat: number;
  lon: number;
  bearing: number;
  pitch: number;
}

export interface Remembered {
  view: View | null;
  place: string | null;
  /** The map's style, where it is not the default. */
  style: string | null;
  /** Layers switched on or off against their first state. */
  on: string[];
  off: string[];
  theme: Theme | null;
  /** Layers of points that are shown as heat. */
  heat: string[];
  at: [lon: number, lat: number] | null;
}

const numbers = (text: string | null, separator: string): number[] => (text ? text.split(separator).map(Number) : []);

function viewFrom(text: string | null): View | null {
  const [zoom, lat, lon, bearing = 0, pitch = 0] = numbers(text, '/');
  const all = [zoom, lat, lon, bearing, pitch];
  if (zoom === undefined || lat === undefined || lon === undefined || !all.every(Number.isFinite)) return null;
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return null;
  return { zoom, lat, lon, bearing, pitch };
}

function pointFrom(text: string | null): [number, number] | null {
  const [lon, lat] = numbers(text, ',');
  if (lon === undefined || lat === undefined || !Number.isFinite(lon) || !Number.isFinite(lat)) return null;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}

/** `level,measure[,layer[,field]]`, with the filter beside it. */
function themeFrom(text: string | null, filter: string | null): Theme | null {
  // The name of a field may have commas in it.
  const [level, given, layer = '', ...field] = (text ?? '').split(',');
  const measure = MEASURES.find((each): each is Measure => each === given);
  return level && measure ? { level, measure, layer, field: field.join(','), filter: filter ?? '' } : null;
}

export function readHash(hash: string): Remembered {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const list = (key: string): string[] => (parts.get(key) ?? '').split(',').filter(Boolean);
  return {
    view: viewFrom(parts.get('map')),
    place: parts.get('place'),
    style: parts.get('style'),
    on: list('on'),
    off: list('off'),
    theme: themeFrom(parts.get('theme'), parts.get('filter')),
    heat: list('heat'),
    at: pointFrom(parts.get('at')),
  };
}

/** Trims a number to some decimals without trailing zeros. */
const trim = (value: number, decimals: number): string => String(Number(value.toFixed(decimals)));

export function writeHash({ view, place, style, on, off, theme, heat, at }: Remembered): string {
  const parts: string[] = [];
  if (place) parts.push(`place=${encodeURIComponent(place)}`);
  if (view) {
    const tilt = view.bearing || view.pitch ? [trim(view.bearing, 1), trim(view.pitch, 1)] : [];
    parts.push(`map=${[trim(view.zoom, 2), trim(view.lat, 5), trim(view.lon, 5), ...tilt].join('/')}`);
  }
  if (style) parts.push(`style=${encodeURIComponent(style)}`);
  if (on.length) parts.push(`on=${on.map(encodeURIComponent).join(',')}`);
  if (off.length) parts.push(`off=${off.map(encodeURIComponent).join(',')}`);
  if (theme) {
    const told = [theme.level, theme.measure, theme.layer, theme.field].map(encodeURIComponent).join(',');
    parts.push(`theme=${told.replace(/,+$/, '')}`);
    if (theme.filter) parts.push(`filter=${encodeURIComponent(theme.filter)}`);
  }
  if (heat.length) parts.push(`heat=${heat.map(encodeURIComponent).join(',')}`);
  if (at) parts.push(`at=${trim(at[0], 7)},${trim(at[1], 7)}`);
  return `#${parts.join('&')}`;
}
