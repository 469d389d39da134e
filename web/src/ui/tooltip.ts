// The name of the resource under the pointer.
import { type Map, Popup } from 'maplibre-gl';
import { resourceAt } from '../map/pick';
import type { Design } from '../design';
import type { Catalogue } from '../types';
import { titleOf } from '../catalogue';
import { both, h } from './h';

export function tooltips(map: Map, catalogue: Catalogue, design: () => Design): void {
  const popup = new Popup({ closeButton: false, closeOnClick: false, className: 'tip-popup', offset: 12, maxWidth: '260px' });
  map.on('mousemove', ({ point, lngLat }) => {
    const found = map.isMoving() ? null : resourceAt(map, catalogue, point);
    map.getCanvas().style.cursor = found ? 'pointer' : '';
    if (!found) return void popup.remove();
    const name = String(found.properties['name'] ?? found.properties['code'] ?? '');
    const height = design().heightWords(found.layer.id, found.properties);
    const lines = [both(titleOf(found.layer)), height && both(height, 'both height')];
    popup.setLngLat(lngLat).setDOMContent(h('div', {}, h('strong', {}, name), ...lines)).addTo(map);
  });
  map.on('mouseout', () => popup.remove());
}
