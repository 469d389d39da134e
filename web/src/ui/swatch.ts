// The legend's sample of a layer.
import type { Collection } from '../types';
import { h } from './h';

/** Its colour is `--colour` of the row that it stands in. */
export function swatch({ kind, overlay }: Collection): HTMLElement {
  const shape = kind === 'grid' && overlay ? 'dashed' : kind;
  return h('span', { class: `swatch swatch-${shape}`, 'aria-hidden': 'true' });
}
