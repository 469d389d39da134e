// Questions to the service. Addresses are relative to the page.
import type { Feature } from 'geojson';
import type { StyleSpecification } from 'maplibre-gl';
import { boxOf } from './box';
import { type Theme, queryOf } from './theme';
import type { Answer, Catalogue, Place, StatsAnswer, StyleList } from './types';

/** The page's own folder, with a slash at its end. */
const base = new URL('.', document.baseURI).href;

/** What went wrong, in the service's own words where it gave any. */
export class Problem extends Error {
  constructor(
    readonly title: string,
    detail: string,
    readonly status: number,
  ) {
    super(detail);
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  const title = body.title ?? response.statusText;
  return new Problem(title, body.detail ?? `HTTP ${response.status}`, response.status);
}

async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(base + path, signal ? { signal } : {}).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Problem('连接不上服务 No connection', '请确认服务正在运行，然后重试。 The service does not answer.', 0);
  });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

export const fetchStyles = (): Promise<StyleList> => ask('api/styles');

/** A style, with its addresses below the page's own folder: a proxy may have put the service below a path. */
export async function fetchStyle(id: string): Promise<StyleSpecification> {
  const style = await ask<StyleSpecification>(`api/styles/${encodeURIComponent(id)}`);
  return JSON.parse(JSON.stringify(style), (_, value: unknown) => (typeof value === 'string' ? home(value) : value)) as StyleSpecification;
}

/** Not built by `URL`, which would escape the braces of a template. */
const home = (address: string): string => address.replace(/^https?:\/\/[^/]+\/api\//, `${base}api/`);

export const fetchCatalogue = (): Promise<Catalogue> => ask('api/collections');

/** What changes, as it changes; after the event that was heard last, where one was. */
export function openLive(last: string): EventSource {
  return new EventSource(`${base}api/live${last && `?last_event_id=${encodeURIComponent(last)}`}`);
}

/** The numbers of a theme, by grid. */
export function fetchStats(theme: Theme, signal: AbortSignal): Promise<StatsAnswer> {
  return ask(`api/stats/${encodeURIComponent(theme.level)}?${queryOf(theme)}`, signal);
}

/** Who is responsible for a point; degrees on WGS 84. */
export function locate(lon: number, lat: number, signal: AbortSignal): Promise<Answer> {
  return ask(`api/locate?lon=${lon.toFixed(7)}&lat=${lat.toFixed(7)}`, signal);
}

/** The grids of a layer whose parent is the place, by code. */
export async function partsOf(layer: string, place: Place): Promise<Place[]> {
  const { features } = await ask<{ features: Feature[] }>(`api/export/${encodeURIComponent(layer)}.geojson?bbox=${place.bbox.join()}`);
  const own = features.filter(({ properties }) => properties?.['parent'] === place.code);
  const parts = own.flatMap(({ properties, geometry }) => {
    const bbox = boxOf(geometry);
    const code = String(properties?.['code'] ?? '');
    return bbox && code ? [{ code, name: String(properties?.['name'] ?? code), bbox }] : [];
  });
  return parts.sort((a, b) => (a.code < b.code ? -1 : 1));
}
