// A theme: grids of one level, painted by classes of a number. Pure.
import type { Stale } from './stale';
import type { Field, StatsAnswer, StatsClass } from './types';

export const MEASURES = ['count', 'sum', 'mean', 'area', 'density', 'share'] as const;
export type Measure = (typeof MEASURES)[number];

export interface Theme {
  /** `SCHEME.LEVEL`. */
  level: string;
  measure: Measure;
  /** Empty where the measure is of no layer. */
  layer: string;
  /** Empty where the measure is of no field. */
  field: string;
  /** CQL2 text; may be empty. */
  filter: string;
}

export const needsLayer = (measure: Measure): boolean => measure !== 'area';
export const needsField = (measure: Measure): boolean => measure === 'sum' || measure === 'mean';
export const needsFilter = (measure: Measure): boolean => measure === 'share';

export const numbersOf = (fields: Field[]): Field[] => fields.filter(({ type }) => type === 'integer' || type === 'real');

/** Whether nothing is missing of what is to be asked. */
export function isWhole({ measure, layer, field, filter }: Theme): boolean {
  return (!needsLayer(measure) || !!layer) && (!needsField(measure) || !!field) && (!needsFilter(measure) || !!filter);
}

/** Whether its numbers may be others: any level of the scheme may decide in which grid something counts. */
export function concerns(stale: Stale, { level, layer }: Theme): boolean {
  if (typeof stale === 'string') return true;
  const scheme = level.slice(0, level.lastIndexOf('.') + 1);
  return stale.has(layer) || [...stale].some((id) => id.startsWith(scheme));
}

/** The question to the service, of what the measure takes. */
export function queryOf({ measure, layer, field, filter }: Theme): string {
  const query = new URLSearchParams({ measure });
  if (needsLayer(measure)) query.set('layer', layer);
  if (needsField(measure)) query.set('field', field);
  if (needsLayer(measure) && filter) query.set('filter', filter);
  return query.toString();
}

/** Which of so many shades a class takes: few classes take shades far from each other. */
export function shadeOf(number: number, classes: number, shades: number): number {
  return classes < 2 ? 0 : Math.round((number * (shades - 1)) / (classes - 1));
}

/** The class that a value is in; null where there is no value. */
export function classOf(value: number | null, classes: StatsClass[]): number | null {
  if (value === null) return null;
  const found = classes.findIndex(({ from, to }) => from <= value && value <= to);
  return found < 0 ? null : found;
}

/** The shade of each grid by its code; one beyond the last where a grid has no value. */
export function shadesOf({ values, classes }: StatsAnswer, shades: number): Map<string, number> {
  const pairs = values.flatMap(({ code, value }): [string, number][] => {
    const number = classOf(value, classes);
    return code ? [[code, number === null ? shades : shadeOf(number, classes.length, shades)]] : [];
  });
  return new Map(pairs);
}

/** A number as a legend writes it: four digits that count, and none after the point of a large one. */
export function told(value: number): string {
  const digits = Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 };
  return value.toLocaleString('en-US', digits);
}
