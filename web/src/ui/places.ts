// The place switcher: buttons for a few places, a list for many.
import type { Place } from '../types';
import { h } from './h';

/** More places than this go into a drop-down list. */
const FEW = 12;

export interface Places {
  element: HTMLElement;
  show(code: string | null): void;
}

function buttons(places: Place[], go: (place: Place) => void): Places {
  const made = places.map((place) => {
    const button = h('button', { type: 'button', class: 'place', 'data-place': place.code, 'aria-pressed': 'false', title: place.code, onclick: () => go(place) }, place.name);
    return { button, code: place.code };
  });
  return {
    element: h('div', { class: 'places' }, ...made.map(({ button }) => button)),
    show: (code) => {
      for (const each of made) each.button.setAttribute('aria-pressed', String(each.code === code));
    },
  };
}

function list(places: Place[], go: (place: Place) => void): Places {
  const select = h('select', { class: 'place-list', 'aria-label': '选择地区 Choose a place' }, h('option', { value: '' }, `选择地区 · ${places.length}`), ...places.map((place) => h('option', { value: place.code }, `${place.name} ${place.code}`)));
  select.addEventListener('change', () => {
    const place = places.find(({ code }) => code === select.value);
    if (place) go(place);
  });
  return { element: select, show: (code) => void (select.value = code ?? '') };
}

export function placeSwitcher(places: Place[], go: (place: Place) => void): Places {
  return places.length > FEW ? list(places, go) : buttons(places, go);
}
