// Coordinates under the pointer and the zoom, small, at the foot of the map.
import type { Map } from 'maplibre-gl';
import { h } from './h';

export function cursorLine(map: Map): HTMLElement {
  const where = h('span', {});
  const zoom = h('span', { class: 'zoom' });
  const showZoom = (): void => void (zoom.textContent = `Z ${map.getZoom().toFixed(1)}`);
  map.on('mousemove', ({ lngLat }) => (where.textContent = `${lngLat.lng.toFixed(5)}, ${lngLat.lat.toFixed(5)}`));
  map.on('zoom', showZoom);
  showZoom();
  return h('div', { class: 'cursor', 'aria-hidden': 'true' }, zoom, where);
}
