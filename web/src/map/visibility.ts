// Which style layers are drawn: switches and tilt decide.
import type { LayerSpecification, Map, StyleSpecification } from 'maplibre-gl';
import { ownerOf } from '../design';

/** Degrees of tilt from which buildings stand up. */
const STANDS = 12;

const stands = (pitch: number): boolean => pitch >= STANDS;

/** Whether a style layer obeys a switch: the screen's own do not. */
const obeys = (id: string): boolean => id.includes('|') && !id.startsWith('~');

function isDrawn({ id, type }: LayerSpecification, on: Set<string>, standing: boolean): boolean {
  return on.has(ownerOf(id)) && (standing || type !== 'fill-extrusion');
}

/** The style as the switches want it from the first frame on. */
export function switched(style: StyleSpecification, on: Set<string>, pitch: number): StyleSpecification {
  const layers = style.layers.map((layer) => {
    if (!obeys(layer.id)) return layer;
    const visibility = isDrawn(layer, on, stands(pitch)) ? 'visible' : 'none';
    return { ...layer, layout: { ...layer.layout, visibility } } as LayerSpecification;
  });
  return { ...style, layers };
}

export class Visibility {
  private standing: boolean;

  /** To be made when the map's style is loaded; `on` names the layers switched on and is kept up to date. */
  constructor(
    private readonly map: Map,
    private readonly on: Set<string>,
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
    if (on) this.on.add(layer);
    else this.on.delete(layer);
    this.apply();
  }

  /** Switches on these and no others. */
  only(layers: Set<string>): void {
    this.on.clear();
    for (const layer of layers) this.on.add(layer);
    this.apply();
  }

  private apply(): void {
    this.standing = stands(this.map.getPitch());
    // A style that is still on its way comes switched.
    for (const layer of this.map.getStyle()?.layers ?? []) {
      if (obeys(layer.id)) this.map.setLayoutProperty(layer.id, 'visibility', isDrawn(layer, this.on, this.standing) ? 'visible' : 'none');
    }
  }
}
