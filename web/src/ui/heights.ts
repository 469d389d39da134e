// The legend of a layer of buildings: how their heights are known.
import type { Design } from '../design';
import { both, h } from './h';

const entry = (kind: string, colour: string, zh: string, en: string): HTMLElement =>
  h('li', { style: `--colour:${colour}` }, h('span', { class: `swatch swatch-${kind}`, 'aria-hidden': 'true' }), both({ zh, en }));

/** Null where the layer is none of buildings. */
export function heightLegend(design: Design, layer: string): HTMLElement | null {
  const heights = design.heightsOf(layer);
  if (!heights) return null;
  const { measured, estimated, unknown } = heights;
  return h(
    'ul',
    { class: 'heights', 'data-heights': layer },
    measured !== null && entry('building', measured, '有高度', 'height known'),
    estimated !== null && entry('building', estimated, '按层数估算', 'estimated from floors'),
    entry('hatched', unknown, '无高度', 'no height'),
  );
}
