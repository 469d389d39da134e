// Puts the map, the panels and the address bar together.
import type { LngLatBoundsLike, Map, VectorTileSource } from 'maplibre-gl';
import { fetchCatalogue, fetchStyle } from './api';
import { Ask } from './ask';
import { extentOf, onAtFirst, partsLayerOf, placesOf, planOf } from './catalogue';
import { Design } from './design';
import { type Remembered, readHash, writeHash } from './hash';
import { listen } from './live';
import { createMap } from './map/create';
import { followWithGraticule } from './map/graticule';
import { type Shown, Visibility, switched } from './map/visibility';
import { roomFor } from './room';
import { type Stale, NOTHING, isNothing, together } from './stale';
import { Themes } from './themes';
import type { Catalogue, Place, StyleList } from './types';
import { controls } from './ui/controls';
import { cursorLine } from './ui/cursor';
import { type HeatSwitch, heatSwitch } from './ui/heat';
import { type LayerList, layerList } from './ui/layerlist';
import { Parts } from './ui/parts';
import { placeSwitcher } from './ui/places';
import { sidebar, versionLine } from './ui/sidebar';
import { styleSwitch } from './ui/styles';
import { ThemePanel } from './ui/theme';
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

/** The style that is asked for where there is such a one, else the default. */
export function chosenStyle({ styles, default: first }: StyleList, wanted: string | null): string {
  return styles.find(({ id }) => id === wanted)?.id ?? first;
}

class Screen {
  private readonly map: Map;
  private readonly ask: Ask;
  private readonly places: Place[];
  private readonly switcher;
  private readonly shown: Shown;
  private readonly parts: Parts | null;
  private readonly styles;
  /** The style that was chosen last; another one may still be on its way. */
  private worn: string;
  private list: LayerList | null = null;
  private themes: Themes | null = null;
  private heat: HeatSwitch | null = null;
  private place: Place | null;
  /** A grid of the place that was gone to instead of the whole. */
  private part: Place | null = null;
  /** The address as this screen wrote it. */
  private written = location.hash;
  /** What is still to be caught up with, and whether that goes on now. */
  private stale = NOTHING;
  private renewing = false;
  /** How often tiles were asked for anew. */
  private renewals = 0;

  constructor(
    container: HTMLElement,
    page: HTMLElement,
    private readonly catalogue: Catalogue,
    private readonly known: StyleList,
    private design: Design,
  ) {
    const remembered = readHash(location.hash);
    this.places = placesOf(catalogue);
    this.place = startPlace(this.places, remembered.place);
    this.shown = { on: firstlyOn(catalogue, remembered), heat: new Set(remembered.heat), theme: '' };
    this.worn = chosenStyle(known, remembered.style);
    this.styles = styleSwitch(known.styles, (id) => void this.wear(id));
    this.showDesign();
    this.map = createMap(container, design, this.shown, remembered.view);
    (window as unknown as { wangge: object }).wangge = { map: this.map };
    this.ask = new Ask(this.map, catalogue, () => this.design, () => this.remember(), () => void this.renew('if newer'));
    this.switcher = this.places.length > 0 ? placeSwitcher(this.places, (place) => this.goTo(place)) : null;
    const below = partsLayerOf(catalogue);
    this.parts = below && new Parts(below, (part) => this.goToPart(part));
    this.showPlace();
    if (!remembered.view) this.fit(false);
    this.map.once('load', () => this.loaded(page, remembered));
  }

  /** What needs the style: nothing can be pressed before it is there. */
  private loaded(page: HTMLElement, { at, theme }: Remembered): void {
    const visibility = new Visibility(this.map, this.shown);
    const toggle = (layer: string, on: boolean): void => {
      visibility.set(layer, on);
      this.remember();
    };
    this.list = layerList(this.catalogue, { isOn: (layer) => this.shown.on.has(layer), toggle });
    this.list.dress(this.design);
    const [themes, panel] = this.openThemes(visibility);
    this.fillPage(page, this.list, panel);
    window.addEventListener('hashchange', () => {
      const now = readHash(location.hash);
      visibility.only(firstlyOn(this.catalogue, now));
      visibility.onlyHeat(now.heat);
      this.heat?.show(this.shown.heat);
      this.follow();
    });
    followWithGraticule(this.map);
    tooltips(this.map, this.catalogue, () => this.design, themes);
    this.ask.listen();
    this.map.on('click', '~places|dot', ({ features }) => {
      const place = this.places.find(({ code }) => code === features?.[0]?.properties['code']);
      if (place) this.goTo(place);
    });
    if (theme) themes.choose(theme);
    this.map.on('moveend', () => this.remember());
    if (at) void this.ask.point(at[0], at[1], null);
    listen((stale) => void this.renew(stale));
  }

  /** Puts on another style. Where two are chosen quickly the later one stays, whichever comes first. */
  private async wear(id: string): Promise<void> {
    if (id === this.worn) return;
    const before = this.worn;
    this.worn = id;
    this.styles.show(id);
    const style = await fetchStyle(id).catch((error: unknown) => console.error(error));
    if (this.worn !== id) return;
    if (!style) {
      this.worn = before;
      return this.styles.show(before);
    }
    this.design = new Design(style);
    this.map.setStyle(switched(style, this.shown, this.map.getPitch()), { diff: false });
    this.showDesign();
    this.list?.dress(this.design);
    this.themes?.dress();
    this.remember();
  }

  private showDesign(): void {
    document.documentElement.dataset['mode'] = this.design.mode;
    this.styles.show(this.worn);
  }

  /** The control of themes and of heat. */
  private openThemes(visibility: Visibility): [Themes, HTMLElement] {
    const panel = new ThemePanel(this.catalogue, (theme) => {
      themes.choose(theme);
      this.remember();
    });
    const themes = new Themes(this.map, panel, () => this.design, (level) => visibility.setTheme(level));
    this.themes = themes;
    this.heat = heatSwitch(this.catalogue, (layer, heat) => {
      visibility.setHeat(layer, heat);
      this.heat?.show(this.shown.heat);
      this.remember();
    });
    this.heat?.show(this.shown.heat);
    if (this.heat) panel.element.append(this.heat.element);
    return [themes, panel.element];
  }

  private fillPage(page: HTMLElement, list: LayerList, themes: HTMLElement): void {
    const buttons = controls(this.map, () => this.fit(true));
    page.replaceChildren(sidebar(this.catalogue, this.placesPart(), this.styles.element, themes, list.element), buttons, cursorLine(this.map), this.ask.panel.element);
    const dim = (): void => list.atZoom(this.map.getZoom());
    this.map.on('zoom', dim);
    dim();
  }

  private placesPart(): HTMLElement[] {
    return [this.switcher?.element, this.parts?.element].filter((each): each is HTMLElement => !!each);
  }

  private showPlace(): void {
    this.part = null;
    this.switcher?.show(this.place?.code ?? null);
    this.parts?.show(this.place);
  }

  private goTo(place: Place): void {
    this.place = place;
    this.showPlace();
    this.fit(true);
  }

  private goToPart(part: Place): void {
    this.part = part;
    this.fit(true);
  }

  /** Does what an address says that was written by hand or came from a link. */
  private follow(): void {
    const [was, now] = [readHash(this.written), readHash(location.hash)];
    const differs = (key: keyof Remembered): boolean => JSON.stringify(was[key]) !== JSON.stringify(now[key]);
    this.list?.renew(this.catalogue);
    if (differs('style')) void this.wear(chosenStyle(this.known, now.style));
    if (differs('place')) {
      this.place = startPlace(this.places, now.place);
      this.showPlace();
    }
    if (differs('theme')) this.themes?.choose(now.theme);
    // The panel opens before the view is fitted beside it.
    if (differs('at')) this.ask.follow(now.at);
    // The rest of the address may be left over from the place before.
    if (now.view && differs('view')) this.map.jumpTo({ ...now.view, center: now.view });
    else if (differs('place') || !now.view) this.fit(true);
    this.remember();
  }

  /** Catches up with what has changed, one after the other. */
  private async renew(stale: Stale): Promise<void> {
    this.stale = together(this.stale, stale);
    if (this.renewing) return;
    this.renewing = true;
    while (!isNothing(this.stale)) {
      const next = this.stale;
      this.stale = NOTHING;
      if (await this.catchUp(next)) continue;
      // To be tried again with the next event.
      this.stale = together(this.stale, next);
      break;
    }
    this.renewing = false;
  }

  /** Renews tiles and numbers, or opens another screen where the layers are others; false where the service does not answer. */
  private async catchUp(stale: Stale): Promise<boolean> {
    const fresh = await fetchCatalogue().catch(() => null);
    if (!fresh) return false;
    if (stale === 'if newer' && fresh.version === this.catalogue.version) return true;
    if (planOf(fresh) !== planOf(this.catalogue)) {
      location.reload();
      return true;
    }
    Object.assign(this.catalogue, fresh);
    this.renewals += 1;
    for (const { id } of fresh.collections) {
      if (typeof stale !== 'string' && !stale.has(id)) continue;
      // Another address: the tiles held for the old one are not taken for new.
      const source = this.map.getSource<VectorTileSource>(id);
      source?.setTiles(source.tiles.map((address) => `${address.split('?')[0]}?v=${fresh.version}.${this.renewals}`));
    }
    this.list?.renew(fresh);
    this.themes?.renew(stale);
    document.querySelector('[data-version]')?.replaceChildren(versionLine(fresh));
    return true;
  }

  /** Shows the current place, or the extent of all layers where there is no place. */
  private fit(moving: boolean): void {
    const box = this.part?.bbox ?? this.place?.bbox ?? extentOf(this.catalogue);
    if (!box) return;
    const animate = moving && !matchMedia('(prefers-reduced-motion: reduce)').matches;
    const tilt = { pitch: this.map.getPitch(), bearing: this.map.getBearing() };
    this.map.fitBounds(box as LngLatBoundsLike, { ...tilt, padding: roomFor(this.ask.panel.isOpen), animate, duration: 1400, maxZoom: 16 });
  }

  /** Writes the view, the switches and the asked point into the address. */
  private remember(): void {
    const { lng, lat } = this.map.getCenter();
    const changed = this.catalogue.collections.filter((layer) => onAtFirst(layer) !== this.shown.on.has(layer.id)).map((layer) => layer.id);
    const hash = writeHash({
      view: { zoom: this.map.getZoom(), lat, lon: lng, bearing: this.map.getBearing(), pitch: this.map.getPitch() },
      place: this.place?.code ?? null,
      style: this.worn === this.known.default ? null : this.worn,
      on: changed.filter((id) => this.shown.on.has(id)),
      off: changed.filter((id) => !this.shown.on.has(id)),
      theme: this.themes?.chosen ?? null,
      heat: [...this.shown.heat],
      at: this.ask.at,
    });
    this.written = hash;
    history.replaceState(null, '', hash);
  }
}

export function openScreen(container: HTMLElement, page: HTMLElement, catalogue: Catalogue, styles: StyleList, design: Design): void {
  new Screen(container, page, catalogue, styles, design);
}
