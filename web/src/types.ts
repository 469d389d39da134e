// What the service answers, as the contract writes it.

export type Box = [west: number, south: number, east: number, north: number];

export interface Field {
  name: string;
  title?: string | null;
  titleEn?: string | null;
  type: 'text' | 'integer' | 'real' | 'boolean' | 'time';
}

export interface Place {
  code: string;
  name: string;
  bbox: Box;
}

export type Kind = 'grid' | 'point' | 'line' | 'building' | 'area' | 'base';

/** One layer: a grid level of a scheme, or a resource. */
export interface Collection {
  id: string;
  title?: string | null;
  titleEn?: string | null;
  geometry: string;
  /** How the service draws it. */
  kind: Kind;
  extent: { spatial: { bbox: Box[] } } | null;
  count: number;
  color: string | null;
  zooms: { min: number; max: number };
  fields: Field[];
  scheme: string | null;
  level: string | null;
  overlay: boolean;
  places?: Place[];
}

export interface Scheme {
  name: string;
  overlay: boolean;
  levels: string[];
}

/** A style that the service makes. */
export interface StyleEntry {
  id: string;
  title: string;
  titleEn?: string | null;
}

export interface StyleList {
  default: string;
  styles: StyleEntry[];
}

export interface Catalogue {
  collections: Collection[];
  schemes: Scheme[];
  version: number;
}

/** What one grid has. */
export interface StatsValue {
  code: string | null;
  name: string | null;
  value: number | null;
  /** Of a share: how many of how many. */
  of?: [number, number];
}

/** Grids with values from one to another, both included. */
export interface StatsClass {
  from: number;
  to: number;
  grids: number;
}

/** Numbers by grid. */
export interface StatsAnswer {
  unit: string | null;
  version: number;
  total: number | null;
  total_of?: [number, number];
  outside: number | null;
  outside_of?: [number, number];
  classes: StatsClass[];
  values: StatsValue[];
}

export interface Link {
  level?: string;
  code: string;
  name?: string | null;
}

export interface Staff {
  role: string;
  name: string;
  level?: string;
  code?: string;
}

export interface Candidate {
  code: string;
  name?: string | null;
  level?: string;
  share?: number | null;
  distance_m?: number | null;
}

export interface Overlay {
  scheme: string;
  outcome: string;
  grid: Link | null;
  chain: Link[];
  staff?: Staff[];
}

export interface Answer extends Omit<Overlay, 'staff'> {
  lon: number;
  lat: number;
  crs: string;
  approximate: boolean;
  version: number;
  certain: boolean;
  community: Link | null;
  staff: Staff[];
  candidates?: Candidate[];
  overlays?: Overlay[];
  warnings?: string[];
}
