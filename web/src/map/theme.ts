// Paints grids by the classes of a theme: the state `class` of each, by its code.
import type { Map as MapOf, PointLike } from 'maplibre-gl';

export class ThemePaint {
  private level = '';
  private shades = new Map<string, number>();

  constructor(private readonly map: MapOf) {
    // Another style comes without states.
    map.on('style.load', () => this.put());
  }

  /** Shows the shades of a level's grids and no others. */
  show(level: string, shades: Map<string, number>): void {
    this.clear();
    this.level = level;
    this.shades = shades;
    this.put();
  }

  clear(): void {
    const { map, level } = this;
    if (level && map.getSource(level)) map.removeFeatureState({ source: level, sourceLayer: level });
    this.level = '';
    this.shades = new Map();
  }

  /** The code of the painted grid at a point of the screen. */
  codeAt(point: PointLike): string | null {
    const layer = `${this.level}|theme`;
    if (!this.level || !this.map.getLayer(layer)) return null;
    const [found] = this.map.queryRenderedFeatures(point, { layers: [layer] });
    return found ? String(found.properties['code']) : null;
  }

  private put(): void {
    const { map, level } = this;
    if (!level || !map.getSource(level)) return;
    for (const [id, shade] of this.shades) map.setFeatureState({ source: level, sourceLayer: level, id }, { class: shade });
  }
}
