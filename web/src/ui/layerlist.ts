// The list of layers with their switches.
import { groupsOf, titleOf } from '../catalogue';
import type { Design } from '../design';
import type { Catalogue, Collection } from '../types';
import { both, h } from './h';
import { heightLegend } from './heights';
import { swatch } from './swatch';

export interface LayerList {
  element: HTMLElement;
  /** Dims the layers that are not drawn at this zoom. */
  atZoom(zoom: number): void;
  /** Takes the colours, zooms and legends of a design. */
  dress(design: Design): void;
  /** Shows the switches and the numbers of features as they are now. */
  renew(catalogue: Catalogue): void;
}

interface Switches {
  isOn(layer: string): boolean;
  toggle(layer: string, on: boolean): void;
}

function row(layer: Collection, switches: Switches): HTMLLabelElement {
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
    swatch(layer),
    both(titleOf(layer)),
    h('span', { class: 'far', title: '放大后可见 Zoom in to see' }, '放大可见'),
    h('span', { class: 'count' }, layer.count.toLocaleString('en-US')),
    box,
    h('span', { class: 'track', 'aria-hidden': 'true' }),
  );
}

export function layerList(catalogue: Catalogue, switches: Switches): LayerList {
  const rows: { layer: Collection; element: HTMLElement; legend: HTMLElement; from: number }[] = [];
  let at = 0;
  const groups = groupsOf(catalogue).map((group) => {
    const lines = group.layers.flatMap((layer) => {
      const line = { layer, element: row(layer, switches), legend: h('div', {}), from: 0 };
      rows.push(line);
      return [line.element, line.legend];
    });
    return h('details', { class: 'group', open: true }, h('summary', {}, both(group.title)), ...lines);
  });
  const atZoom = (zoom: number): void => {
    at = zoom;
    for (const { element, from } of rows) element.classList.toggle('is-far', zoom < from);
  };
  return {
    element: h('section', { class: 'layers', 'aria-label': '图层 Layers' }, ...groups),
    atZoom,
    dress: (design) => {
      for (const line of rows) {
        const { id, zooms } = line.layer;
        line.element.style.setProperty('--colour', design.colourOf(id));
        line.legend.replaceChildren(heightLegend(design, id) ?? '');
        line.from = design.drawnFrom(id, zooms.min);
      }
      atZoom(at);
    },
    renew: ({ collections }) => {
      for (const { id, count } of collections) {
        const line = rows.find(({ layer }) => layer.id === id)?.element;
        line?.querySelector('.count')?.replaceChildren(count.toLocaleString('en-US'));
        const box = line?.querySelector('input');
        if (box) box.checked = switches.isOn(id);
      }
    },
  };
}
