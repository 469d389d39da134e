// Longitude and latitude of the answer, with a button that copies them.
import type { Answer } from '../types';
import { ICONS, h, icon } from './h';

/** How long the tick stays, milliseconds. */
const TICK = 1600;

async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without HTTPS only localhost has a clipboard; a selected text box is what remains.
  const box = h('textarea', { class: 'unseen' }, text);
  document.body.append(box);
  box.select();
  document.execCommand('copy');
  box.remove();
}

export function coordinates({ lon, lat, crs, approximate }: Answer): HTMLElement {
  const text = `${lon.toFixed(7)}, ${lat.toFixed(7)}`;
  const button = h('button', { type: 'button', class: 'copy', 'aria-label': '复制坐标 Copy coordinates', title: '复制坐标 Copy' }, icon(ICONS.copy));
  button.addEventListener('click', () => {
    void copy(text).then(() => {
      button.replaceChildren(icon(ICONS.done));
      setTimeout(() => button.replaceChildren(icon(ICONS.copy)), TICK);
    });
  });
  return h('div', { class: 'coordinates' }, h('span', { class: 'code' }, text), h('span', { class: 'chip' }, crs.toUpperCase()), approximate && h('span', { class: 'chip' }, '近似 approximate'), button);
}
