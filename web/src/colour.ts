// Shades of a colour. Pure.

/** Red, green and blue of `#rrggbb`, 0 to 255; null for any other way to write a colour. */
function channels(colour: string): [number, number, number] | null {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour)?.[1];
  if (!hex) return null;
  const value = parseInt(hex, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** `share` of `other` mixed into `colour`; `colour` itself where either is not `#rrggbb`. */
export function mix(colour: string, other: string, share: number): string {
  const a = channels(colour);
  const b = channels(other);
  if (!a || !b) return colour;
  const parts = a.map((value, i) => Math.round(value + ((b[i] as number) - value) * share));
  return `#${parts.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Neighbouring tints, so that grids beside each other can be told apart without being loud. */
export function tintsOf(colour: string): string[] {
  return ['#3fbf9f', '#4f86d9', '#a87fd0', '#c9a35a', '#5fb0c4'].map((other) => mix(colour, other, 0.55));
}
