// Which of the service's styles the map wears.
import type { StyleEntry } from '../types';
import { both, h } from './h';

export interface StyleSwitch {
  element: HTMLElement;
  show(id: string): void;
}

export function styleSwitch(styles: StyleEntry[], choose: (id: string) => void): StyleSwitch {
  const buttons = styles.map(({ id, title, titleEn }) =>
    h('button', { type: 'button', class: 'style-choice', 'data-style': id, onclick: () => choose(id) }, both({ zh: title, en: titleEn ?? '' })),
  );
  return {
    element: h('div', { class: 'places styles', role: 'group', 'aria-label': '地图样式 Map style' }, ...buttons),
    show: (id) => {
      for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset['style'] === id));
    },
  };
}
