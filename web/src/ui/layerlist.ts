// The list of layers with their switches.
import { coloursOf, groupsOf, kindOf, placesOf, titleOf } from '../catalogue';
import { gridZooms, pointZooms } from '../zooms';
import type { Catalogue, Collection } from '../types';
import { both, h } from './h';
import { swatch } from './swatch';

export interface LayerList {
  element: HTMLElement;
  /** Dims the layers that are not drawn at this zoom. */
  atZoom(zoom: number): void;
  /** Shows the switches and the numbers of features as they are now. */
  renew(catalogue: Catalogue): void;
}

interface Switches {
  isOn(layer: string): boolean;
  toggle(layer: string, on: boolean): void;
}

/** The zoom from which something of the layer is drawn. */
function drawnFrom(layer: Collection, catalogue: Catalogue): number {
  const places = placesOf(catalogue);
  const kind = kindOf(layer);
  if (kind === 'grid') return layer.level && layer.places ? 0 : gridZooms(layer, places).lineFrom;
  if (kind === 'point') return pointZooms(layer, places).from;
  return kind === 'building' ? Math.max(12.5, layer.zooms.min) : layer.zooms.min;
}

function row(layer: Collection, colour: string, switches: Switches): HTMLLabelElement {
  const box = h('input', {
    type: 'checkbox',
    role: 'switch',
    'data-layer': layer.id,
    onchange: (event) => switches.toggle(layer.id, (event.target as HTMLInputElement).checked),
  });
  box.checked = switches.isOn(layer.id);
  return h(
    'label',
    { class: 'layer', 'data-layer-row': layer.id },
    swatch(layer, colour),
    both(titleOf(layer)),
    h('span', { class: 'far', title: '放大后可见 Zoom in to see' }, '放大可见'),
    h('span', { class: 'count' }, layer.count.toLocaleString('en-US')),
    box,
    h('span', { class: 'track', 'aria-hidden': 'true' }),
  );
}

export function layerList(catalogue: Catalogue, switches: Switches): LayerList {
  const colours = coloursOf(catalogue);
  const rows: { element: HTMLElement; from: number }[] = [];
  const groups = groupsOf(catalogue).map((group) => {
    const lines = group.layers.map((layer) => {
      const element = row(layer, colours.get(layer.id) as string, switches);
      rows.push({ element, from: drawnFrom(layer, catalogue) });
      return element;
    });
    return h('details', { class: 'group', open: true }, h('summary', {}, both(group.title)), ...lines);
  });
  return {
    element: h('section', { class: 'layers', 'aria-label': '图层 Layers' }, ...groups),
    atZoom: (zoom) => {
      for (const { element, from } of rows) element.classList.toggle('is-far', zoom < from);
    },
    renew: ({ collections }) => {
      for (const { id, count } of collections) {
        const line = rows.find(({ element }) => element.dataset['layerRow'] === id)?.element;
        line?.querySelector('.count')?.replaceChildren(count.toLocaleString('en-US'));
        const box = line?.querySelector('input');
        if (box) box.checked = switches.isOn(id);
      }
    },
  };
}
