// What of the map is behind the data.

/** What of the map may be out of date: some layers, all of them, or all of them if there is a newer version. */
export type Stale = ReadonlySet<string> | 'all' | 'if newer';

export const NOTHING: Stale = new Set<string>();

export const isNothing = (stale: Stale): boolean => typeof stale !== 'string' && stale.size === 0;

/** Both together. */
export function together(one: Stale, other: Stale): Stale {
  if (isNothing(one) || one === other) return other;
  if (isNothing(other)) return one;
  return typeof one === 'string' || typeof other === 'string' ? 'all' : new Set([...one, ...other]);
}

/** What an event's data say; all if newer where they name no layer, as when only people changed. */
export function staleOf(data: string): Stale {
  const { layers } = JSON.parse(data) as { layers?: { layer: string }[] };
  return layers?.length ? new Set(layers.map(({ layer }) => layer)) : 'if newer';
}
