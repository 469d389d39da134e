// The properties of a clicked point or building, by their configured titles.
import { titleOf } from '../catalogue';
import type { Picked } from '../map/pick';
import { kindWords } from '../words';
import { both, h } from './h';

function shown(name: string, value: unknown): Node {
  if (typeof value === 'boolean') return both(value ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' });
  return both(name === 'kind' ? kindWords(String(value)) : { zh: String(value), en: '' });
}

export function resource({ layer, properties }: Picked): HTMLElement {
  const known = layer.fields.filter((field) => field.name in properties && properties[field.name] !== '');
  const rest = Object.keys(properties).filter((name) => !layer.fields.some((field) => field.name === name));
  const lines = [
    ...known.map((field) => ({ name: field.name, words: { zh: field.title || field.name, en: field.titleEn ?? '' }, value: properties[field.name] })),
    ...rest.map((name) => ({ name, words: { zh: name, en: '' }, value: properties[name] })),
  ].filter(({ value }) => value !== null && value !== undefined);
  return h(
    'div',
    { class: 'resource' },
    both(titleOf(layer), 'resource-kind both'),
    h('dl', {}, ...lines.map(({ name, words, value }) => h('div', {}, h('dt', {}, both(words)), h('dd', {}, shown(name, value))))),
  );
}
