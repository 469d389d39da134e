// The mock's locate: plain point in polygon. Some grids are made to answer with the rarer outcomes, so that they can be seen.
import { holds } from './plane.mjs';
import { staffOf } from './layers.mjs';

const LEVELS = ['county', 'street', 'community', 'grid', 'micro_grid'];
const RARE = { 3: 'boundary', 5: 'overlap', 7: 'gap', 9: 'fallback' };

const level = (layers, id, at) => {
  const found = layers.find((layer) => layer.id === id)?.features.find((feature) => holds(feature.geometry, at));
  return found && { level: id.split('.')[1], code: found.properties.code, name: found.properties.name };
};

function outside(base) {
  return { ...base, outcome: 'outside', certain: true, grid: null, community: null, chain: [], staff: [], candidates: [], overlays: [], warnings: ['looks_like_gcj02: the point lies outside every grid as wgs84 and inside when read as gcj02; ask with crs=gcj02 if that is what it is'] };
}

/** The answer of `GET /api/locate` for degrees on WGS 84. */
export function locate(layers, lon, lat) {
  if (Math.abs(lat) > 90) return { detail: `lat is ${lat}, outside -90 to 90 degrees; lon and lat look swapped` };
  const base = { lon, lat, crs: 'wgs84', approximate: false, at: new Date().toISOString(), version: 12, scheme: 'base' };
  const chain = LEVELS.map((name) => level(layers, `base.${name}`, [lon, lat])).filter(Boolean);
  if (chain.length === 0) return outside(base);
  const owner = chain.at(-1);
  const grid = chain.find((link) => link.level === 'grid');
  const outcome = RARE[Number(grid?.code.slice(-6, -3)) % 10 === 4 ? Number(owner.code.slice(-4)) % 10 : 0] ?? 'inside';
  const police = level(layers, 'police.area', [lon, lat]);
  const rare = outcome !== 'inside';
  return {
    ...base, outcome, certain: !rare, grid: owner, community: chain.find((link) => link.level === 'community') ?? null, chain,
    staff: staffOf(owner.code),
    candidates: rare ? [{ code: owner.code, name: owner.name, share: 0.7, distance_m: 0 }, { code: `${owner.code}9`, name: '微网格9', share: 0.3, distance_m: 12.4 }] : [],
    overlays: police ? [{ scheme: 'police', outcome: 'inside', grid: police, chain: [police], staff: [{ role: 'police', name: '郑卫民' }] }] : [],
    warnings: [],
  };
}
