// Buttons on the map: nearer, farther, whole place, north, 2D/3D.
import type { Map } from 'maplibre-gl';
import { ICONS, h, icon } from './h';

/** Tilt of the 3D view, degrees. */
const TILT = 58;

function round(path: string, label: string, act: () => void): HTMLButtonElement {
  return h('button', { type: 'button', class: 'round', 'aria-label': label, title: label, onclick: act }, icon(path));
}

/** Tilts the map, or lays it flat and north up. */
export function setTilt(map: Map, threeD: boolean): void {
  map.easeTo(threeD ? { pitch: TILT, bearing: -18, duration: 700 } : { pitch: 0, bearing: 0, duration: 700 });
}

export function controls(map: Map, home: () => void): HTMLElement {
  const north = round(ICONS.compass, '指北 North up', () => map.easeTo({ bearing: 0 }));
  const tilt = h('button', { type: 'button', class: 'round tilt', 'aria-label': '切换二维三维 Switch 2D and 3D', title: '切换二维三维 2D / 3D', 'data-tilt': true }, '3D');
  tilt.addEventListener('click', () => setTilt(map, map.getPitch() < 5));
  map.on('rotate', () => north.style.setProperty('--turn', `${-map.getBearing()}deg`));
  const name = (): void => {
    const tilted = map.getPitch() >= 5;
    tilt.textContent = tilted ? '2D' : '3D';
    tilt.setAttribute('aria-pressed', String(tilted));
  };
  map.on('pitchend', name);
  map.on('moveend', name);
  name();
  return h(
    'div',
    { class: 'controls', role: 'group', 'aria-label': '地图操作 Map controls' },
    h('div', { class: 'stack' }, tilt, north, round(ICONS.home, '回到当前地区 Back to the place', home)),
    h('div', { class: 'stack' }, round(ICONS.plus, '放大 Zoom in', () => map.zoomIn()), round(ICONS.minus, '缩小 Zoom out', () => map.zoomOut())),
  );
}
