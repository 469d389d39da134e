// What a click leaves on the map: a marker at the point, the owner's grid in amber.
import { type Map, Marker } from 'maplibre-gl';
import type { Answer } from '../types';
import { AMBER } from './theme';

const PARTS = ['~owner|fill', '~owner|glow', '~owner|line'];

function pin(): HTMLElement {
  const dot = document.createElement('div');
  dot.className = 'pin';
  dot.setAttribute('aria-hidden', 'true');
  return dot;
}

/** The layer and code of the grid to show: the owner, else the community that stands in. */
export function ownerOfAnswer(answer: Answer): { layer: string; code: string } | null {
  const owner = answer.grid ?? answer.community;
  if (!owner) return null;
  const level = owner.level ?? answer.chain.find((link) => link.code === owner.code)?.level ?? 'community';
  return { layer: `${answer.scheme}.${level}`, code: owner.code };
}

export class Mark {
  private readonly marker = new Marker({ element: pin() });

  constructor(private readonly map: Map) {}

  point(lon: number, lat: number): void {
    this.marker.setLngLat([lon, lat]).addTo(this.map);
  }

  owner(answer: Answer): void {
    this.clearOwner();
    const found = ownerOfAnswer(answer);
    if (!found || !this.map.getSource(found.layer)) return;
    const shared = {
      source: found.layer,
      'source-layer': found.layer,
      filter: ['==', ['to-string', ['get', 'code']], found.code] as ['==', ...unknown[]],
    };
    const below = this.map.getStyle().layers.find((layer) => layer.type === 'circle' || layer.type === 'symbol')?.id;
    const add = (layer: object): unknown => this.map.addLayer(layer as Parameters<Map['addLayer']>[0], below);
    add({ ...shared, id: '~owner|fill', type: 'fill', paint: { 'fill-color': AMBER, 'fill-opacity': 0.16 } });
    add({ ...shared, id: '~owner|glow', type: 'line', paint: { 'line-color': AMBER, 'line-width': 9, 'line-blur': 8, 'line-opacity': 0.45 } });
    add({ ...shared, id: '~owner|line', type: 'line', layout: { 'line-join': 'round' }, paint: { 'line-color': AMBER, 'line-width': 2 } });
  }

  clearOwner(): void {
    for (const id of PARTS) if (this.map.getLayer(id)) this.map.removeLayer(id);
  }

  clear(): void {
    this.marker.remove();
    this.clearOwner();
  }
}
