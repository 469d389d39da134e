// The legend's sample of a layer.
import { kindOf } from '../catalogue';
import type { Collection } from '../types';
import { h } from './h';

export function swatch(layer: Collection, colour: string): HTMLElement {
  const kind = kindOf(layer);
  const shape = kind === 'grid' && layer.overlay ? 'dashed' : kind;
  return h('span', { class: `swatch swatch-${shape}`, style: `--colour:${colour}`, 'aria-hidden': 'true' });
}
