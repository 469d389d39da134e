// What a click leaves on the map: a marker at the point, the owner's grid in amber.
import { type FilterSpecification, type Map, Marker } from 'maplibre-gl';
import type { Answer } from '../types';
import { Design } from '../design';

/** Outlines of the chain: the owner's is strongest, each level above fainter. */
const FAINTER = [1, 0.5, 0.32];

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

  /** Whose owner is shown. */
  private shown: Answer | null = null;

  constructor(private readonly map: Map) {
    map.on('style.load', () => this.shown && this.owner(this.shown));
  }

  point(lon: number, lat: number): void {
    this.marker.setLngLat([lon, lat]).addTo(this.map);
  }

  /** Shows the owner's grid; the two levels above it are outlined too, for views in which it is a speck. */
  owner(answer: Answer): void {
    this.clearOwner();
    this.shown = answer;
    const owner = ownerOfAnswer(answer);
    if (!owner) return;
    const at = answer.chain.findIndex((link) => link.code === owner.code);
    const above = answer.chain.slice(0, Math.max(0, at)).reverse();
    const shown = [owner, ...above.map((link) => ({ layer: `${answer.scheme}.${link.level}`, code: link.code }))];
    shown.slice(0, FAINTER.length).forEach(({ layer, code }, i) => this.outline(layer, code, i));
  }

  clearOwner(): void {
    this.shown = null;
    const ours = (this.map.getStyle()?.layers ?? []).filter((layer) => layer.id.startsWith('~owner|'));
    for (const { id } of ours) this.map.removeLayer(id);
  }

  private outline(layer: string, code: string, rank: number): void {
    const style = this.map.getStyle();
    if (!style || !this.map.getSource(layer)) return;
    const colour = new Design(style).mark;
    const strength = FAINTER[rank] as number;
    const filter: FilterSpecification = ['==', ['to-string', ['get', 'code']], code];
    const shared = (name: string) => ({ id: `~owner|${name}${rank}`, source: layer, 'source-layer': layer, filter });
    const below = style.layers.find(({ type }) => ['fill-extrusion', 'circle', 'symbol'].includes(type))?.id;
    const fill = rank === 0 ? 0.14 : 0.04;
    this.map.addLayer({ ...shared('fill'), type: 'fill', paint: { 'fill-color': colour, 'fill-opacity': fill, 'fill-antialias': false } }, below);
    this.map.addLayer({ ...shared('glow'), type: 'line', paint: { 'line-color': colour, 'line-width': 9, 'line-blur': 8, 'line-opacity': 0.45 * strength } }, below);
    this.map.addLayer({ ...shared('line'), type: 'line', layout: { 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': 1 + strength, 'line-opacity': strength } }, below);
  }

  clear(): void {
    this.marker.remove();
    this.clearOwner();
  }
}
