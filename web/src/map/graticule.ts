// Draws the graticule anew after each move.
import type { GeoJSONSource, Map } from 'maplibre-gl';
import { graticule, stepFor } from '../graticule';

/** Pixels between neighbouring lines, at least. */
const APART = 150;

export function followWithGraticule(map: Map): void {
  let drawn = '';
  const draw = (): void => {
    const bounds = map.getBounds();
    const step = stepFor(map.getZoom(), APART);
    const grow = step * 4;
    const snap = (value: number): number => Math.round(value / grow) * grow;
    const box: [number, number, number, number] = [
      snap(bounds.getWest()) - grow,
      snap(bounds.getSouth()) - grow,
      snap(bounds.getEast()) + grow,
      snap(bounds.getNorth()) + grow,
    ];
    if (drawn === `${step} ${box.join(' ')}`) return;
    drawn = `${step} ${box.join(' ')}`;
    const geometry = { type: 'MultiLineString' as const, coordinates: graticule(box, step) };
    map.getSource<GeoJSONSource>('~graticule')?.setData({ type: 'Feature', properties: {}, geometry });
  };
  map.on('moveend', draw);
  map.on('style.load', () => {
    drawn = '';
    draw();
  });
  draw();
}
