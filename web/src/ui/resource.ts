// The properties of a clicked point or building, by their configured titles.
import { titleOf } from '../catalogue';
import type { Picked } from '../map/pick';
import { both, h } from './h';

const shown = (value: unknown): string => (typeof value === 'boolean' ? (value ? '是 yes' : '否 no') : String(value));

export function resource({ layer, properties }: Picked): HTMLElement {
  const known = layer.fields.filter((field) => field.name in properties && properties[field.name] !== '');
  const rest = Object.keys(properties).filter((name) => !layer.fields.some((field) => field.name === name));
  const lines = [
    ...known.map((field) => ({ words: { zh: field.title || field.name, en: field.titleEn ?? '' }, value: properties[field.name] })),
    ...rest.map((name) => ({ words: { zh: name, en: '' }, value: properties[name] })),
  ].filter(({ value }) => value !== null && value !== undefined);
  return h(
    'div',
    { class: 'resource' },
    both(titleOf(layer), 'resource-kind both'),
    h('dl', {}, ...lines.map(({ words, value }) => h('div', {}, h('dt', {}, both(words)), h('dd', {}, shown(value))))),
  );
}
