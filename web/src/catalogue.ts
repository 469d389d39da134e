// From the service's list of layers to the groups, colours and names that the screen shows.
import { type Words, levelWords, schemeWords } from './words';
import { union } from './box';
import type { Box, Catalogue, Collection, Kind, Place } from './types';

export interface Group {
  key: string;
  title: Words;
  layers: Collection[];
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
  ['base', { zh: '底图', en: 'Base map' }],
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
    layers: collections.filter((layer) => layer.kind === kind),
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
