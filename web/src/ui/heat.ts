// Which layers of points are shown as heat.
import { titleOf } from '../catalogue';
import type { Catalogue } from '../types';
import { both, h } from './h';

export interface HeatSwitch {
  element: HTMLElement;
  /** Presses the buttons of these layers and no others. */
  show(layers: ReadonlySet<string>): void;
}

/** Null where there are no points. */
export function heatSwitch({ collections }: Catalogue, toggle: (layer: string, heat: boolean) => void): HeatSwitch | null {
  const points = collections.filter(({ kind }) => kind === 'point');
  if (points.length === 0) return null;
  const buttons = points.map((layer) => {
    const { zh, en } = titleOf(layer);
    const button: HTMLButtonElement = h('button', { type: 'button', class: 'place', 'data-heat': layer.id, 'aria-pressed': 'false', title: en || zh }, zh);
    button.addEventListener('click', () => toggle(layer.id, button.getAttribute('aria-pressed') !== 'true'));
    return { button, id: layer.id };
  });
  const element = h('details', { class: 'heat' }, h('summary', {}, both({ zh: '热力图', en: 'Heat map' })), h('div', { class: 'places', role: 'group', 'aria-label': '热力图 Heat map' }, ...buttons.map(({ button }) => button)));
  return {
    element,
    show: (layers) => {
      for (const { button, id } of buttons) button.setAttribute('aria-pressed', String(layers.has(id)));
      if (layers.size > 0) element.open = true;
    },
  };
}
