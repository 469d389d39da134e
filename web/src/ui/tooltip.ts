// The name of the resource under the pointer, or what a bubble of many stands for, or what a grid of the theme has.
import { type Map, Popup } from 'maplibre-gl';
import { resourceAt } from '../map/pick';
import type { Design } from '../design';
import { type Members, membersOf } from '../cluster';
import type { Catalogue, Collection } from '../types';
import { told } from '../theme';
import type { Themes } from '../themes';
import { type Words, kindWords, measureWords, unitWords } from '../words';
import { titleOf } from '../catalogue';
import { both, h } from './h';

/** Lines of a bubble; the rest is summed up. */
const MOST = 6;

/** How many a bubble stands for, and of what. */
function bubble(layer: Collection, { total, by, other }: Members): HTMLElement {
  const rest = by.slice(MOST).reduce((sum, { count }) => sum + count, other);
  const line = (words: Words, count: number) => h('div', { class: 'tip-count' }, both(words), h('b', {}, String(count)));
  const lines = by.slice(0, MOST).map(({ field, value, count }) => line(field === 'kind' ? kindWords(value) : { zh: value, en: '' }, count));
  if (rest > 0 && lines.length > 0) lines.push(line({ zh: '其他', en: 'Other' }, rest));
  return h('div', {}, h('strong', {}, String(total)), both(titleOf(layer)), ...lines);
}

/** What a painted grid has. */
function painted({ theme, answer, value }: NonNullable<ReturnType<Themes['at']>>): HTMLElement {
  const number = value.value === null ? '无数据' : `${told(value.value)} ${unitWords(answer.unit)}`;
  const of = value.of && h('span', {}, `${value.of[0]} / ${value.of[1]}`);
  return h('div', {}, h('strong', {}, value.name ?? value.code ?? ''), h('div', { class: 'tip-count' }, both(measureWords(theme.measure)), h('b', {}, number)), of);
}

export function tooltips(map: Map, catalogue: Catalogue, design: () => Design, themes: Themes): void {
  const popup = new Popup({ closeButton: false, closeOnClick: false, className: 'tip-popup', offset: 12, maxWidth: '260px' });
  map.on('mousemove', ({ point, lngLat }) => {
    const found = map.isMoving() ? null : resourceAt(map, catalogue, point);
    map.getCanvas().style.cursor = found ? 'pointer' : '';
    const grid = found || map.isMoving() ? null : themes.at(point);
    if (grid) return void popup.setLngLat(lngLat).setDOMContent(painted(grid)).addTo(map);
    if (!found) return void popup.remove();
    const members = membersOf(found.properties);
    if (members) return void popup.setLngLat(found.at ?? lngLat).setDOMContent(bubble(found.layer, members)).addTo(map);
    const name = String(found.properties['name'] ?? found.properties['code'] ?? '');
    const height = design().heightWords(found.layer.id, found.properties);
    const lines = [both(titleOf(found.layer)), height && both(height, 'both height')];
    popup.setLngLat(lngLat).setDOMContent(h('div', {}, h('strong', {}, name), ...lines)).addTo(map);
  });
  map.on('mouseout', () => popup.remove());
}
