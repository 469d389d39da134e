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

/** The place shown when the address names none, where it is among the places. */
const FIRST_PLACE = '511526';

function firstlyOn({ collections }: Catalogue, { on, off }: Remembered): string[] {
  return collections.filter((layer) => (onAtFirst(layer) ? !off.includes(layer.id) : on.includes(layer.id))).map((layer) => layer.id);
}

class Screen {
  private readonly map: Map;
  private readonly visibility: Visibility;
  private readonly ask: Ask;
  private readonly places: Place[];
  private place: Place | null;
  private readonly switcher;

  constructor(container: HTMLElement, screen: HTMLElement, private readonly catalogue: Catalogue) {
    const remembered = readHash(location.hash);
    this.places = placesOf(catalogue);
    this.place = this.startPlace(remembered);
    this.map = createMap(container, catalogue);
    (window as unknown as { wangge: object }).wangge = { map: this.map };
    this.visibility = new Visibility(this.map, firstlyOn(catalogue, remembered));
    this.ask = new Ask(this.map, catalogue, () => this.remember());
    const list = layerList(catalogue, { isOn: this.visibility.isOn, toggle: (layer, on) => this.toggle(layer, on) });
    this.switcher = this.places.length > 0 ? placeSwitcher(this.places, (place) => this.goTo(place)) : null;
    this.switcher?.show(this.place?.code ?? null);
    const buttons = controls(this.map, () => this.fit(true));
    screen.replaceChildren(sidebar(catalogue, this.switcher?.element ?? null, list.element), buttons, cursorLine(this.map), this.ask.panel.element);
    this.map.on('zoom', () => list.atZoom(this.map.getZoom()));
    this.startView(remembered);
    list.atZoom(this.map.getZoom());
    this.map.once('load', () => this.loaded(remembered));
  }

  private startPlace({ place }: Remembered): Place | null {
    const find = (code: string | null) => this.places.find((each) => each.code === code);
    return find(place) ?? find(FIRST_PLACE) ?? this.places[0] ?? null;
  }

  private startView({ view, threeD }: Remembered): void {
    if (view) this.map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom, bearing: view.bearing, pitch: view.pitch });
    else this.fit(false);
    if (threeD && !view?.pitch) this.map.jumpTo({ pitch: 58, bearing: -18 });
  }

  private loaded({ at }: Remembered): void {
    this.visibility.apply();
    this.renameLabels = keepLabels(this.map, this.catalogue, this.visibility.isOn);
    followWithGraticule(this.map);
    fillPlaceDots(this.map, this.places);
    tooltips(this.map, this.catalogue);
    this.map.on('click', '~places|dot', ({ features }) => {
      const place = this.places.find(({ code }) => code === features?.[0]?.properties['code']);
      if (place) this.goTo(place);
    });
    this.map.on('moveend', () => this.remember());
    if (at) void this.ask.point(at[0], at[1], null);
  }

  private renameLabels: () => void = () => undefined;

  private toggle(layer: string, on: boolean): void {
    this.visibility.set(layer, on);
    this.renameLabels();
    this.remember();
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
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches || !moving;
    this.map.fitBounds(box as LngLatBoundsLike, { padding: roomFor(this.ask.panel.isOpen), animate: !still, duration: 1400, pitch: this.map.getPitch(), bearing: this.map.getBearing(), maxZoom: 16 });
  }

  private remember(): void {
    const { lng, lat } = this.map.getCenter();
    const ids = (want: boolean) => this.catalogue.collections.filter((layer) => onAtFirst(layer) !== want && this.visibility.isOn(layer.id) === want).map((layer) => layer.id);
    const hash = writeHash({
      view: { zoom: this.map.getZoom(), lat, lon: lng, bearing: this.map.getBearing(), pitch: this.map.getPitch() },
      place: this.place?.code ?? null,
      on: ids(true),
      off: ids(false),
      at: this.ask.at,
      threeD: this.map.getPitch() >= 5,
    });
    history.replaceState(null, '', hash);
  }
}

export function openScreen(container: HTMLElement, screen: HTMLElement, catalogue: Catalogue): void {
  new Screen(container, screen, catalogue);
}
