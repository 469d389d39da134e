// How much of the map the panels leave free.
import type { PaddingOptions } from 'maplibre-gl';

const NARROW = 760;

/** Padding for a view that nothing covers, pixels. */
export function roomFor(answerOpen: boolean): PaddingOptions {
  if (window.innerWidth <= NARROW) return { top: 80, right: 24, left: 24, bottom: answerOpen ? window.innerHeight * 0.6 : 48 };
  return { top: 40, bottom: 48, left: 340, right: answerOpen ? 420 : 80 };
}
