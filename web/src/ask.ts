// A click on the map: ask who is responsible, show it, mark it. A bubble of many is gone into instead.
import type { Map } from 'maplibre-gl';
import { locate } from './api';
import { Mark } from './map/mark';
import { type Picked, resourceAt } from './map/pick';
import { membersOf, zoomApart } from './cluster';
import { roomFor } from './room';
import type { Design } from './design';
import type { Catalogue } from './types';
import { answerView } from './ui/answer';
import { Panel } from './ui/panel';

export class Ask {
  readonly panel = new Panel(() => this.forget());
  at: [number, number] | null = null;
  private readonly mark: Mark;
  private running: AbortController | null = null;

  /** `changed` is called when another point, or none, is asked, `newer` when an answer comes from other data than the map's. */
  constructor(
    private readonly map: Map,
    private readonly catalogue: Catalogue,
    private readonly design: () => Design,
    private readonly changed: () => void,
    private readonly newer: () => void,
  ) {
    this.mark = new Mark(map);
  }

  /** Begins to answer clicks, and Enter for the middle of the map; the style must be loaded. */
  listen(): void {
    const { map, catalogue } = this;
    map.on('click', ({ lngLat, point }) => {
      if (map.getLayer('~places|dot') && map.queryRenderedFeatures(point, { layers: ['~places|dot'] }).length > 0) return;
      const picked = resourceAt(map, catalogue, point);
      if (picked?.at && membersOf(picked.properties)) this.open(picked.properties, picked.at);
      else void this.point(lngLat.lng, lngLat.lat, picked);
    });
    map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      const { lng, lat } = map.getCenter();
      void this.point(lng, lat, null);
    });
  }

  /** Asks for a point and shows the answer. A later question cuts an earlier one off. */
  async point(lon: number, lat: number, picked: Picked | null): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.at = [lon, lat];
    this.changed();
    this.mark.clearOwner();
    this.mark.point(lon, lat);
    this.panel.wait();
    this.uncover(lon, lat);
    try {
      const answer = await locate(lon, lat, running.signal);
      this.panel.answer(answerView(answer, picked, { catalogue: this.catalogue, zoomTo: (layer) => this.zoomTo(layer, lon, lat) }));
      this.mark.owner(answer);
      if (answer.version !== this.catalogue.version) this.newer();
    } catch (error) {
      if (!running.signal.aborted) this.panel.fail(error, () => void this.point(lon, lat, picked));
    }
  }

  /** Goes to where a bubble of many comes apart. */
  private open(properties: Record<string, unknown>, at: [number, number]): void {
    const { left = 0, right = 0, top = 0, bottom = 0 } = roomFor(this.panel.isOpen);
    const zoom = zoomApart(properties, this.map.getZoom(), this.map.getMaxZoom());
    this.map.easeTo({ center: at, zoom, offset: [(left - right) / 2, (top - bottom) / 2], duration: 700 });
  }

  private zoomTo(id: string, lon: number, lat: number): void {
    const layer = this.catalogue.collections.find((each) => each.id === id);
    if (!layer) return;
    const { left = 0, right = 0, top = 0, bottom = 0 } = roomFor(true);
    const zoom = Math.max(layer.zooms.min, this.design().closeUp(id));
    this.map.easeTo({ center: [lon, lat], zoom, offset: [(left - right) / 2, (top - bottom) / 2], duration: 900 });
  }

  /** Moves the map when the panel would cover the point. */
  private uncover(lon: number, lat: number): void {
    const room = roomFor(true);
    const { x, y } = this.map.project([lon, lat]);
    const { clientWidth, clientHeight } = this.map.getContainer();
    const past = Math.max(0, x - (clientWidth - (room.right ?? 0)));
    const below = Math.max(0, y - (clientHeight - (room.bottom ?? 0)));
    if (past || below) this.map.panBy([past && past + 40, below && below + 40], { duration: 450 });
  }

  /** Asks for another point, or closes the answer. */
  follow(at: [number, number] | null): void {
    if (at) void this.point(at[0], at[1], null);
    else this.panel.close();
  }

  private forget(): void {
    this.running?.abort();
    this.at = null;
    this.mark.clear();
    this.changed();
    this.map.getCanvas().focus({ preventScroll: true });
  }
}
