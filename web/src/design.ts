// What a style of the service tells the screen: colours for the legend, zooms, the rule of heights. Pure.
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Words } from './words';

/** What is told of one layer. Height and floors name the fields that hold them. */
interface Told {
  color: string;
  height?: string | null;
  floors?: string | null;
  storey_m?: number | null;
  estimated?: string;
  hatch?: string;
}

/** For the classes of a theme, that of the least values first, and for what has no value. */
export interface ThemeColours {
  colors: string[];
  none: string;
}

interface Metadata {
  'wangge:mode'?: 'dark' | 'light';
  'wangge:mark'?: string;
  'wangge:theme'?: ThemeColours;
  'wangge:layers'?: Record<string, Told>;
}

const PLAIN = '#888888';

/** Style layers of one service layer carry its id before the bar; the screen's own begin with `~`. */
export const ownerOf = (styleLayer: string): string => styleLayer.split('|')[0] as string;

export class Design {
  private readonly told: Record<string, Told>;
  /** Whether the panels beside the map are dark or light. */
  readonly mode: 'dark' | 'light';
  /** The colour of the grid that was asked for. */
  readonly mark: string;
  readonly theme: ThemeColours;

  constructor(readonly style: StyleSpecification) {
    const metadata = (style.metadata ?? {}) as Metadata;
    this.told = metadata['wangge:layers'] ?? {};
    this.mode = metadata['wangge:mode'] ?? 'dark';
    this.mark = metadata['wangge:mark'] ?? PLAIN;
    this.theme = metadata['wangge:theme'] ?? { colors: [PLAIN], none: PLAIN };
  }

  colourOf(layer: string): string {
    return this.told[layer]?.color ?? PLAIN;
  }

  /** The zoom from which something of a layer is drawn: tiles begin at `tilesFrom`. */
  drawnFrom(layer: string, tilesFrom: number): number {
    const parts = this.style.layers.filter(({ id }) => ownerOf(id) === layer && !/\|(theme|heat)$/.test(id));
    return Math.max(tilesFrom, Math.min(...parts.map((part) => part.minzoom ?? 0)));
  }

  /** The zooms between which the grids of a level are named; null where they are not. */
  namedAt(layer: string): { from: number; to: number } | null {
    const label = this.part(layer, 'label');
    return label ? { from: label.minzoom ?? 0, to: label.maxzoom ?? 24 } : null;
  }

  /** A zoom at which one grid of the layer fills a good part of the screen: names go out where it fills all. */
  closeUp(layer: string): number {
    const named = this.namedAt(layer);
    return Math.min(18, Math.max(2, named ? named.to - 1.2 : 16));
  }

  /** The colours of what stands by its measure, by an estimate, and of what has no height; null where the layer has no such. */
  heightsOf(layer: string): { measured: string | null; estimated: string | null; unknown: string } | null {
    const told = this.told[layer];
    if (!told?.hatch) return null;
    const estimates = told.floors && told.storey_m;
    return { measured: told.height ? told.color : null, estimated: (estimates && told.estimated) || null, unknown: told.hatch };
  }

  /** How high a building stands and how that is known; null where the layer is none of buildings. */
  heightWords(layer: string, properties: Record<string, unknown>): Words | null {
    const told = this.told[layer];
    if (!told?.hatch) return null;
    const number = (field: string | null | undefined): number => (field ? Number(properties[field] ?? 0) || 0 : 0);
    const measured = number(told.height);
    if (measured > 0) return { zh: `高 ${round(measured)} 米`, en: `height ${round(measured)} m` };
    const floors = number(told.floors);
    const estimate = floors * (told.storey_m ?? 0);
    if (estimate > 0) return { zh: `约 ${round(estimate)} 米（按 ${floors} 层估算）`, en: `about ${round(estimate)} m, estimated` };
    return { zh: '无高度', en: 'no height' };
  }

  private part(layer: string, name: string): LayerSpecification | undefined {
    return this.style.layers.find(({ id }) => id === `${layer}|${name}`);
  }
}

const round = (metres: number): string => String(Number(metres.toFixed(1)));
