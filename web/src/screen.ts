// Puts the map, the panels and the address bar together.
import type { LngLatBoundsLike, Map } from 'maplibre-gl';
import { Ask } from './ask';
import { extentOf, onAtFirst, placesOf } from './catalogue';
import { type Remembered, readHash, writeHash } from './hash';
import { createMap } from './map/create';
import { followWithGraticule } from './map/graticule';
import { keepLabels } from './map/labels';
import { fillPlaceDots } from './map/placedots';
import { Visibility } from './map/visibility';
import { roomFor } from './room';
import type { Catalogue, Place } from './types';
import { controls } from './ui/controls';
import { cursorLine } from './ui/cursor';
import { layerList } from './ui/layerlist';
import { placeSwitcher } from './ui/places';
import { sidebar } from './ui/sidebar';
import { tooltips } from './ui/tooltip';

/** The place shown when the address names none; where it is not among the places, all is shown. */
const FIRST_PLACE = '511526';

function firstlyOn({ collections }: Catalogue, { on, off }: Remembered): Set<string> {
  const chosen = collections.filter((layer) => (onAtFirst(layer) ? !off.includes(layer.id) : on.includes(layer.id)));
  return new Set(chosen.map((layer) => layer.id));
}

function startPlace(places: Place[], code: string | null): Place | null {
  const find = (wanted: string | null) => places.find((each) => each.code === wanted);
  return find(code) ?? find(FIRST_PLACE) ?? null;
}

class Screen {
  private readonly map: Map;
  private readonly ask: Ask;
  private readonly places: Place[];
  private readonly switcher;
  private readonly on: Set<string>;
  private place: Place | null;

  constructor(
    container: HTMLElement,
    page: HTMLElement,
    private readonly catalogue: Catalogue,
  ) {
    const remembered = readHash(location.hash);
    this.places = placesOf(catalogue);
    this.place = startPlace(this.places, remembered.place);
    this.on = firstlyOn(catalogue, remembered);
    this.map = createMap(container, catalogue, this.on, remembered.view);
    (window as unknown as { wangge: object }).wangge = { map: this.map };
    this.ask = new Ask(this.map, catalogue, () => this.remember());
    this.switcher = this.places.length > 0 ? placeSwitcher(this.places, (place) => this.goTo(place)) : null;
    this.switcher?.show(this.place?.code ?? null);
    if (!remembered.view) this.fit(false);
    this.map.once('load', () => this.loaded(page, remembered));
  }

  /** What needs the style: nothing can be pressed before it is there. */
  private loaded(page: HTMLElement, { at }: Remembered): void {
    const visibility = new Visibility(this.map, this.on);
    const nameAnew = keepLabels(this.map, this.catalogue, (layer) => this.on.has(layer));
    const toggle = (layer: string, on: boolean): void => {
      visibility.set(layer, on);
      nameAnew();
      this.remember();
    };
    this.fillPage(page, toggle);
    followWithGraticule(this.map);
    fillPlaceDots(this.map, this.places);
    tooltips(this.map, this.catalogue);
    this.ask.listen();
    this.map.on('click', '~places|dot', ({ features }) => {
      const place = this.places.find(({ code }) => code === features?.[0]?.properties['code']);
      if (place) this.goTo(place);
    });
    this.map.on('moveend', () => this.remember());
    if (at) void this.ask.point(at[0], at[1], null);
  }

  private fillPage(page: HTMLElement, toggle: (layer: string, on: boolean) => void): void {
    const list = layerList(this.catalogue, { isOn: (layer) => this.on.has(layer), toggle });
    const buttons = controls(this.map, () => this.fit(true));
    page.replaceChildren(sidebar(this.catalogue, this.switcher?.element ?? null, list.element), buttons, cursorLine(this.map), this.ask.panel.element);
    const dim = (): void => list.atZoom(this.map.getZoom());
    this.map.on('zoom', dim);
    dim();
  }

  private goTo(place: Place): void {
    this.place = place;
    this.switcher?.show(place.code);
    this.fit(true);
  }

  /** Shows the current place, or the extent of all layers where there is no place. */
  private fit(moving: boolean): void {
    const box = this.place?.bbox ?? extentOf(this.catalogue);
    if (!box) return;
    const animate = moving && !matchMedia('(prefers-reduced-motion: reduce)').matches;
    const tilt = { pitch: this.map.getPitch(), bearing: this.map.getBearing() };
    this.map.fitBounds(box as LngLatBoundsLike, { ...tilt, padding: roomFor(this.ask.panel.isOpen), animate, duration: 1400, maxZoom: 16 });
  }

  /** Writes the view, the switches and the asked point into the address. */
  private remember(): void {
    const { lng, lat } = this.map.getCenter();
    const changed = this.catalogue.collections.filter((layer) => onAtFirst(layer) !== this.on.has(layer.id)).map((layer) => layer.id);
    const hash = writeHash({
      view: { zoom: this.map.getZoom(), lat, lon: lng, bearing: this.map.getBearing(), pitch: this.map.getPitch() },
      place: this.place?.code ?? null,
      on: changed.filter((id) => this.on.has(id)),
      off: changed.filter((id) => !this.on.has(id)),
      at: this.ask.at,
    });
    history.replaceState(null, '', hash);
  }
}

export function openScreen(container: HTMLElement, page: HTMLElement, catalogue: Catalogue): void {
  new Screen(container, page, catalogue);
}
