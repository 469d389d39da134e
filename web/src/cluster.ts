// What a point of a tile tells that stands for many features. Pure.

export interface Members {
  total: number;
  /** By the values of one field, the most frequent first. */
  by: { field: string; value: string; count: number }[];
  /** Those of rarer values and without one; 0 where the layer counts by no field. */
  other: number;
}

/** Who a point stands for; null where it is a feature itself. */
export function membersOf(properties: Record<string, unknown>): Members | null {
  if (properties['cluster'] !== true) return null;
  const counted = Object.entries(properties).flatMap(([key, count]) => {
    const at = key.indexOf('=');
    return at < 1 ? [] : [{ field: key.slice(0, at), value: key.slice(at + 1), count: Number(count) }];
  });
  const by = counted.sort((a, b) => b.count - a.count);
  return { total: Number(properties['point_count'] ?? 0), by, other: Number(properties['other'] ?? 0) };
}

/** The zoom to go to so that it comes apart, not beyond `last`: always nearer than now. */
export function zoomApart(properties: Record<string, unknown>, now: number, last: number): number {
  const apart = Number(properties['expansion_zoom'] ?? 0);
  return Math.min(last, Math.max(apart, now + 0.5));
}
