// Which style layers are drawn: switches, theme, heat and tilt decide.
import type { LayerSpecification, Map, StyleSpecification } from 'maplibre-gl';
import { ownerOf } from '../design';

/** Degrees of tilt from which buildings stand up. */
const STANDS = 12;

const stands = (pitch: number): boolean => pitch >= STANDS;

/** What is switched on, by the ids of layers. */
export interface Shown {
  readonly on: Set<string>;
  /** Layers of points shown as heat, whether they are on or not. */
  readonly heat: Set<string>;
  /** The level that is painted by classes; empty where none is. */
  theme: string;
}

/** Whether a style layer obeys a switch: the screen's own do not. */
const obeys = (id: string): boolean => id.includes('|') && !id.startsWith('~');

function isDrawn({ id, type }: LayerSpecification, { on, heat, theme }: Shown, standing: boolean): boolean {
  const owner = ownerOf(id);
  if (id.endsWith('|theme')) return owner === theme;
  if (id.endsWith('|heat')) return heat.has(owner);
  return on.has(owner) && !heat.has(owner) && (standing || type !== 'fill-extrusion');
}

/** The style as the switches want it from the first frame on. */
export function switched(style: StyleSpecification, shown: Shown, pitch: number): StyleSpecification {
  const layers = style.layers.map((layer) => {
    if (!obeys(layer.id)) return layer;
    const visibility = isDrawn(layer, shown, stands(pitch)) ? 'visible' : 'none';
    return { ...layer, layout: { ...layer.layout, visibility } } as LayerSpecification;
  });
  return { ...style, layers };
}

export class Visibility {
  private standing: boolean;

  /** To be made when the map's style is loaded; `shown` is kept up to date. */
  constructor(
    private readonly map: Map,
    private readonly shown: Shown,
  ) {
    this.standing = stands(map.getPitch());
    map.on('pitch', () => {
      if (this.standing === stands(map.getPitch())) return;
      this.apply();
    });
    map.on('style.load', () => this.apply());
    this.apply();
  }

  set(layer: string, on: boolean): void {
    put(this.shown.on, layer, on);
    this.apply();
  }

  /** Switches on these and no others. */
  only(layers: Set<string>): void {
    refill(this.shown.on, layers);
    this.apply();
  }

  /** Shows a layer of points as heat, or as points again. */
  setHeat(layer: string, heat: boolean): void {
    put(this.shown.heat, layer, heat);
    this.apply();
  }

  /** Shows these layers as heat and no others. */
  onlyHeat(layers: Iterable<string>): void {
    refill(this.shown.heat, layers);
    this.apply();
  }

  /** Paints a level by classes; none where it is empty. */
  setTheme(level: string): void {
    this.shown.theme = level;
    this.apply();
  }

  private apply(): void {
    this.standing = stands(this.map.getPitch());
    // A style that is still on its way comes switched.
    for (const layer of this.map.getStyle()?.layers ?? []) {
      if (obeys(layer.id)) this.map.setLayoutProperty(layer.id, 'visibility', isDrawn(layer, this.shown, this.standing) ? 'visible' : 'none');
    }
  }
}

function put(set: Set<string>, layer: string, is: boolean): void {
  if (is) set.add(layer);
  else set.delete(layer);
}

function refill(set: Set<string>, layers: Iterable<string>): void {
  const next = [...layers];
  set.clear();
  for (const layer of next) set.add(layer);
}
