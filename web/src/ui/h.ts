// Elements in one line, and words in two languages.
import type { Words } from '../words';

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | ((event: Event) => void) | null | undefined>;

/** Makes an element: attributes by name, listeners as `onclick` and so on; children that are null or false are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return element;
}

/** Chinese first, English beside it and smaller. */
export function both({ zh, en }: Words, className = 'both'): HTMLElement {
  return h('span', { class: className }, h('span', { class: 'zh' }, zh), en && en !== zh && h('span', { class: 'en', lang: 'en' }, en));
}

const SVG = 'http://www.w3.org/2000/svg';

/** A 20 × 20 line icon from one path. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

export const ICONS = {
  close: 'M5 5l10 10M15 5L5 15',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  done: 'M4 10.500l4 4 8-9',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  compass: 'M10 3l3 7-3 7-3-7zM7 10h6',
  menu: 'M3 5.500h14M3 10h14M3 14.500h14',
  home: 'M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4',
};
