// Which style layers are drawn: switches and tilt decide.
import type { Map } from 'maplibre-gl';
import { ownerOf } from './style';

/** Degrees of tilt from which buildings stand up. */
const STANDS = 12;

export class Visibility {
  private readonly on: Set<string>;

  constructor(
    private readonly map: Map,
    on: Iterable<string>,
  ) {
    this.on = new Set(on);
    let standing = this.standing();
    map.on('pitch', () => {
      if (standing === this.standing()) return;
      standing = this.standing();
      this.apply();
    });
  }

  isOn = (layer: string): boolean => this.on.has(layer);

  set(layer: string, on: boolean): void {
    if (on) this.on.add(layer);
    else this.on.delete(layer);
    this.apply();
  }

  /** Brings the style in step with the switches. */
  apply(): void {
    for (const { id } of this.map.getStyle().layers) {
      const owner = ownerOf(id);
      if (!id.includes('|') || owner.startsWith('~')) continue;
      const visible = this.on.has(owner) && this.suitsTilt(id);
      this.map.setLayoutProperty(id, 'visibility', visible ? 'visible' : 'none');
    }
  }

  private standing(): boolean {
    return this.map.getPitch() >= STANDS;
  }

  private suitsTilt(id: string): boolean {
    return !id.endsWith('|extrusion') || this.standing();
  }
}
