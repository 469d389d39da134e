// From the service's list of layers to the groups, colours and names that the screen shows.
import { type Words, levelWords, schemeWords } from './words';
import { union } from './box';
import type { Box, Catalogue, Collection, Place } from './types';

export type Kind = 'grid' | 'point' | 'line' | 'building' | 'area';

export interface Group {
  key: string;
  title: Words;
  layers: Collection[];
}

/** Grid levels from the top down: jade, blue, violet. */
const GRID_COLOURS = ['#8fe0cf', '#5fc4cf', '#5aa5de', '#7d92e8', '#9a86df'];
const OVERLAY_COLOURS = ['#e8899a', '#e0a06a', '#c98fd6', '#d9c06a'];
const POINT_COLOURS = ['#f2695c', '#f5b34a', '#b08cf0', '#58b9f0', '#6fd08c', '#f08cc0'];
const BUILDING_COLOUR = '#7f95a8';
const AREA_COLOUR = '#6f9a86';
const LINE_COLOUR = '#d9b36a';

export function kindOf(layer: Collection): Kind {
  const shape = layer.geometry.toLowerCase();
  if (layer.scheme) return 'grid';
  if (shape.includes('point')) return 'point';
  if (shape.includes('line')) return 'line';
  return layer.fields.some((field) => field.name === 'height') ? 'building' : 'area';
}

const cycle = (list: string[], index: number): string => list[index % list.length] as string;

/** A colour for every layer: its own where it has one, else one by its kind and place in the list. */
export function coloursOf({ collections, schemes }: Catalogue): Map<string, string> {
  const colours = new Map<string, string>();
  let points = 0;
  let overlays = 0;
  for (const layer of collections) {
    const kind = kindOf(layer);
    const depth = schemes.find((scheme) => scheme.name === layer.scheme)?.levels.indexOf(layer.level ?? '') ?? 0;
    const plain: Record<Kind, () => string> = {
      grid: () => (layer.overlay ? cycle(OVERLAY_COLOURS, overlays++) : cycle(GRID_COLOURS, Math.max(0, depth))),
      point: () => cycle(POINT_COLOURS, points++),
      line: () => LINE_COLOUR,
      building: () => BUILDING_COLOUR,
      area: () => AREA_COLOUR,
    };
    colours.set(layer.id, layer.color ?? plain[kind]());
  }
  return colours;
}

/** Title of a layer: what is configured, else the level's word, else the id. A service without a title gives the id. */
export function titleOf(layer: Collection): Words {
  const level = levelWords(layer.level ?? layer.id);
  const given = (title: string | null | undefined): string => (title && title !== layer.id ? title : '');
  const zh = given(layer.title);
  const en = given(layer.titleEn);
  return zh ? { zh, en } : { zh: level.zh, en: en || level.en };
}

/** Title of a level of a scheme. */
export function levelTitle(catalogue: Catalogue, scheme: string, level: string): Words {
  const layer = catalogue.collections.find((found) => found.scheme === scheme && found.level === level);
  return layer ? titleOf(layer) : levelWords(level);
}

const RESOURCES: [Kind, Words][] = [
  ['point', { zh: '资源', en: 'Resources' }],
  ['line', { zh: '线路', en: 'Lines' }],
  ['building', { zh: '建筑', en: 'Buildings' }],
  ['area', { zh: '区域', en: 'Areas' }],
];

/** Layers by scheme, then by kind; groups without layers are left out. */
export function groupsOf({ collections, schemes }: Catalogue): Group[] {
  const names = [...new Set([...schemes.map((scheme) => scheme.name), ...collections.flatMap((layer) => layer.scheme ?? [])])];
  const grids = names.map((name) => ({
    key: `scheme:${name}`,
    title: name === 'base' ? { zh: '网格', en: 'Grids' } : schemeWords(name),
    layers: collections.filter((layer) => layer.scheme === name),
  }));
  const others = RESOURCES.map(([kind, title]) => ({
    key: kind,
    title,
    layers: collections.filter((layer) => kindOf(layer) === kind),
  }));
  return [...grids, ...others].filter((group) => group.layers.length > 0);
}

/** The places to go to: features of the base scheme's top level. */
export function placesOf({ collections }: Catalogue): Place[] {
  const top = collections.find((layer) => !layer.overlay && layer.places?.length);
  return top?.places ?? [];
}

/** The layer right below that of the places. */
export function partsLayerOf({ collections, schemes }: Catalogue): Collection | null {
  const top = collections.find((layer) => !layer.overlay && layer.places?.length);
  const levels = schemes.find(({ name }) => name === top?.scheme)?.levels ?? [];
  const below = levels[levels.indexOf(top?.level ?? '') + 1];
  return collections.find((layer) => layer.scheme === top?.scheme && !!below && layer.level === below) ?? null;
}

/** What a screen is built on: when it differs, another screen is needed. */
export const planOf = ({ collections, schemes }: Catalogue): string =>
  JSON.stringify([schemes, collections.map(({ count, extent, places, ...plan }) => ({ ...plan, places: places?.map(({ code }) => code) }))]);

/** Overlay schemes begin switched off, all else on. */
export const onAtFirst = (layer: Collection): boolean => !layer.overlay;

export function extentOf({ collections }: Catalogue): Box | null {
  const boxes = collections.flatMap((layer) => layer.extent?.spatial.bbox.slice(0, 1) ?? []);
  return boxes.reduce<Box | null>((all, box) => (all ? union(all, box) : box), null);
}
