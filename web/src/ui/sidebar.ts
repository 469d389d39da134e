// The left panel: title, places, style, theme, layers, version.
import type { Catalogue } from '../types';
import { ICONS, both, h, icon } from './h';

export const versionLine = ({ version }: Catalogue): string => `数据版本 ${version}`;

export function sidebar(catalogue: Catalogue, places: HTMLElement[], styles: HTMLElement, themes: HTMLElement, layers: HTMLElement): HTMLElement {
  const toggle = h('button', { type: 'button', class: 'round fold', 'aria-label': '收起或展开图层面板 Fold or unfold the layer panel', 'aria-expanded': 'true' }, icon(ICONS.menu));
  const panel = h(
    'aside',
    { class: 'panel sidebar', 'aria-label': '图层面板 Layer panel' },
    h(
      'header',
      { class: 'brand' },
      h('img', { src: './mark.svg', alt: '', width: 34, height: 34 }),
      h('h1', {}, h('span', { class: 'zh' }, '网格一张图'), h('span', { class: 'en', lang: 'en' }, 'wangge · one map of grids')),
      toggle,
    ),
    h(
      'div',
      { class: 'sidebar-body' },
      places.length > 0 && h('section', { class: 'section' }, h('h2', {}, both({ zh: '地区', en: 'Places' })), ...places),
      h('section', { class: 'section' }, h('h2', {}, both({ zh: '样式', en: 'Style' })), styles),
      themes,
      layers,
    ),
    h('footer', { class: 'sidebar-foot' }, h('span', { 'data-version': true }, versionLine(catalogue)), h('span', { class: 'en', lang: 'en' }, 'Data version'), h('span', { class: 'tip' }, '点击地图查询责任人')),
  );
  const fold = (folded: boolean): void => {
    panel.classList.toggle('is-folded', folded);
    toggle.setAttribute('aria-expanded', String(!folded));
  };
  toggle.addEventListener('click', () => fold(!panel.classList.contains('is-folded')));
  fold(window.matchMedia('(max-width: 760px)').matches);
  return panel;
}
