// Which style layers are drawn: switches and tilt decide.
import type { LayerSpecification, Map } from 'maplibre-gl';
import { ownerOf } from './style';

/** Degrees of tilt from which buildings stand up. */
const STANDS = 12;

const stands = (pitch: number): boolean => pitch >= STANDS;

/** Whether a style layer obeys a switch: the screen's own do not. */
const obeys = (id: string): boolean => id.includes('|') && !id.startsWith('~');

function isDrawn(id: string, on: Set<string>, standing: boolean): boolean {
  return on.has(ownerOf(id)) && (standing || !id.endsWith('|extrusion'));
}

/** The style's layers as the switches want them from the first frame on. */
export function switched(layers: LayerSpecification[], on: Set<string>, pitch: number): LayerSpecification[] {
  return layers.map((layer) => {
    if (!obeys(layer.id)) return layer;
    const visibility = isDrawn(layer.id, on, stands(pitch)) ? 'visible' : 'none';
    return { ...layer, layout: { ...layer.layout, visibility } } as LayerSpecification;
  });
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
    for (const { id } of this.map.getStyle().layers) {
      if (obeys(id)) this.map.setLayoutProperty(id, 'visibility', isDrawn(id, this.on, this.standing) ? 'visible' : 'none');
    }
  }
}
