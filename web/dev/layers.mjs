// The layers of the mock service: grids from ground.mjs, and resources scattered over them.
import { divide, random } from './ground.mjs';
import { holds, boxOf } from './plane.mjs';

const PLACES = [
  { code: '511526', name: '珙县', centre: [104.73, 28.42], reach: 0.24 },
  { code: '510703', name: '涪城区', centre: [104.7, 31.43], reach: 0.2 },
  { code: '511302', name: '顺庆区', centre: [106.1, 30.85], reach: 0.19 },
  { code: '210902', name: '海州区', centre: [121.65, 42.01], reach: 0.09 },
  { code: '320281', name: '江阴市', centre: [120.27, 31.85], reach: 0.24 },
  { code: '330114', name: '钱塘区', centre: [120.42, 30.3], reach: 0.2 },
];
const LEVELS = [
  ['county', '区县', 'County'],
  ['street', '街道/乡镇', 'Street or town'],
  ['community', '社区/村', 'Community or village'],
  ['grid', '网格', 'Grid'],
  ['micro_grid', '微网格', 'Micro-grid'],
];
const STREETS = ['巡场镇', '孝儿镇', '底洞镇', '上罗镇', '洛表镇', '珙泉镇', '曹营镇', '王家镇', '沐滩镇', '观斗乡', '玉和乡', '罗渡乡'];
const COMMUNITIES = ['益民', '和平', '新华', '滨河', '文昌', '金河', '翠屏', '东升', '民主', '桂花', '向阳', '花园', '红星', '建设'];
const PEOPLE = ['王安宁', '李嘉禾', '张明远', '刘思齐', '陈守信', '杨清和', '赵同舟', '黄知行', '周若水', '吴平川'];

const pick = (list, next) => list[Math.floor(next() * list.length)];

function nameOf(depth, i, next) {
  if (depth === 1) return STREETS[i % STREETS.length];
  if (depth === 2) return `${pick(COMMUNITIES, next)}${next() < 0.6 ? '社区' : '村'}`;
  if (depth === 3) return `第${'一二三四五六七八九十'[i % 10]}网格`;
  return `微网格${i + 1}`;
}

const feature = (properties, geometry) => ({ type: 'Feature', properties, geometry });
const text = (name, title, titleEn) => ({ name, title, titleEn, type: 'text' });
const CODE_FIELDS = [text('code', '编码', 'Code'), text('name', '名称', 'Name'), text('parent', '上级', 'Parent')];

function gridLayers(nodes) {
  return LEVELS.map(([level, title, titleEn], depth) => ({
    id: `base.${level}`, title, titleEn, geometry: 'polygon', scheme: 'base', level, overlay: false, color: null,
    zooms: { min: [0, 5, 8, 10, 12][depth], max: 14 }, fields: CODE_FIELDS,
    features: nodes.filter((node) => node.depth === depth)
      .map(({ code, name, parent, geometry }) => feature({ code, name, parent }, geometry)),
  }));
}

function policeLayer() {
  const nodes = PLACES.flatMap((place, i) => divide({ ...place, counts: [9], seed: 70 + i, nameOf: (_, k) => `${k + 1}号警务区` }));
  return {
    id: 'police.area', title: '警务区', titleEn: 'Police area', geometry: 'polygon', scheme: 'police', level: 'area', overlay: true,
    color: '#e8899a', zooms: { min: 6, max: 14 }, fields: CODE_FIELDS,
    features: nodes.filter((node) => node.depth === 1)
      .map(({ code, name, geometry }) => feature({ code: `P${code}`, name, parent: null }, geometry)),
  };
}

/** Points thrown into the grids of one level, a few each. */
function scatter(grids, each, next, make) {
  return grids.flatMap((grid) => {
    if (next() > each % 1 && each < 1) return [];
    const box = boxOf(grid.geometry);
    for (let turn = 0; turn < 40; turn += 1) {
      const at = [box[0] + next() * (box[2] - box[0]), box[1] + next() * (box[3] - box[1])];
      if (holds(grid.geometry, at)) return [feature(make(grid.properties), { type: 'Point', coordinates: at })];
    }
    return [];
  });
}

function pointLayer(grids, seed, id, title, titleEn, color, each, kinds) {
  const next = random(seed);
  let serial = 0;
  const make = (grid) => {
    serial += 1;
    return { code: `${id}-${serial}`, name: `${grid.name.slice(0, 4)}${pick(kinds, next)}`, parent: grid.code, kind: pick(kinds, next), capacity: Math.floor(next() * 400) };
  };
  return {
    id, title, titleEn, geometry: 'point', scheme: null, level: null, overlay: false, color, zooms: { min: 6, max: 14 },
    fields: [...CODE_FIELDS, text('kind', '类型', 'Kind'), { name: 'capacity', title: '容量', titleEn: 'Capacity', type: 'integer' }],
    features: scatter(grids, each, next, make),
  };
}

function buildingLayer() {
  const next = random(9);
  const features = [];
  for (const { centre, code } of PLACES) {
    for (let i = 0; i < 500; i += 1) {
      const row = Math.floor(i / 25), column = i % 25;
      if (next() < 0.12) continue;
      const x = centre[0] - 0.0208 + (column - 12) * 0.00075 + (row % 3) * 0.0001;
      const y = centre[1] + 0.0186 + (row - 10) * 0.0006;
      const w = 0.0002 + next() * 0.0003, d = 0.00016 + next() * 0.0002;
      const corner = [[x, y], [x + w, y], [x + w, y + d], [x, y + d], [x, y]];
      const height = Math.round(9 + next() ** 3 * 90);
      features.push(feature({ code: `${code}-B${i}`, name: `${i + 1}号楼`, parent: code, height, floors: Math.round(height / 3) }, { type: 'Polygon', coordinates: [corner] }));
    }
  }
  return {
    id: 'building', title: '楼栋', titleEn: 'Building', geometry: 'polygon', scheme: null, level: null, overlay: false, color: null,
    zooms: { min: 13, max: 16 }, features,
    fields: [...CODE_FIELDS, { name: 'height', title: '高度(米)', titleEn: 'Height (m)', type: 'real' }, { name: 'floors', title: '层数', titleEn: 'Floors', type: 'integer' }],
  };
}

/** All layers of the mock, in the order in which the service would list them. */
export function mockLayers() {
  const counts = [10, 5, 4, 3];
  const nodes = PLACES.flatMap((place, i) => divide({ ...place, counts, nameOf, seed: 11 + i }));
  const grids = gridLayers(nodes);
  const communities = grids[2].features, leaves = grids[4].features;
  return [
    ...grids,
    policeLayer(),
    pointLayer(communities, 1, 'party_station', '党群服务站', 'Party service station', '#f2695c', 1, ['党群服务站', '暖心驿站']),
    pointLayer(communities, 2, 'emergency_resource', '应急资源', 'Emergency resource', '#f5b34a', 1, ['避难场所', '物资仓库', '消防栓']),
    pointLayer(communities, 3, 'outsourced_point', '第三方服务点', 'Outsourced point', '#b08cf0', 0.7, ['居家养老', '家政服务', '电商站']),
    pointLayer(leaves, 4, 'camera', '视频监控', 'Camera', '#58b9f0', 1, ['枪机', '球机']),
    buildingLayer(),
  ];
}

/** Made-up staff of a grid. */
export function staffOf(code) {
  const next = random(Number(code.slice(-9)) || 1);
  return ['grid_leader', 'grid_member', 'specialist', 'agent'].slice(0, 2 + Math.floor(next() * 3))
    .map((role) => ({ role, name: pick(PEOPLE, next) }));
}
