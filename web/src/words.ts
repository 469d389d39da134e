// The field's words in Chinese and English.

export interface Words {
  zh: string;
  en: string;
}

const words = (zh: string, en: string): Words => ({ zh, en });

export type Tone = 'good' | 'note' | 'warn' | 'bad';

const OUTCOMES: Record<string, Words & { tone: Tone; hint: string }> = {
  inside: { ...words('网格内', 'Inside'), tone: 'good', hint: '' },
  boundary: { ...words('边界上', 'On a boundary'), tone: 'note', hint: '点在共享边界上，按固定规则归属。' },
  near_boundary: { ...words('近边界', 'Near a boundary'), tone: 'note', hint: '定位精度范围跨越多个网格。' },
  overlap: { ...words('重叠', 'Overlap'), tone: 'warn', hint: '多个网格在此重叠，按规则取其一。' },
  gap: { ...words('盲区', 'Gap'), tone: 'warn', hint: '此处没有网格，给出最近的网格。' },
  fallback: { ...words('属地兜底', 'Territorial fallback'), tone: 'note', hint: '没有网格，由所属社区负责。' },
  ambiguous_unit: { ...words('单元不明', 'Unit unknown'), tone: 'note', hint: '同一楼栋有多个单元，请指明单元。' },
  outside: { ...words('范围外', 'Outside'), tone: 'bad', hint: '此点不在任何辖区之内。' },
};

const ROLES: Record<string, Words> = {
  grid_member: words('网格员', 'Grid member'),
  grid_leader: words('网格长', 'Grid leader'),
  deputy_grid_leader: words('副网格长', 'Deputy grid leader'),
  micro_grid_deputy: words('副微网格长', 'Deputy micro-grid leader'),
  micro_grid_leader: words('微网格长', 'Micro-grid leader'),
  micro_grid_member: words('微网格员', 'Micro-grid member'),
  specialist: words('专职网格员', 'Specialist'),
  part_time: words('兼职网格员', 'Part-time member'),
  agent: words('代办员', 'Agent'),
  party_secretary: words('书记', 'Party secretary'),
  deputy_secretary: words('副书记', 'Deputy secretary'),
  secretary: words('书记', 'Secretary'),
  director: words('主任', 'Director'),
  police: words('民警', 'Police officer'),
  police_officer: words('社区民警', 'Police officer'),
  traffic_officer: words('交警', 'Traffic officer'),
  enforcement_officer: words('执法队员', 'Enforcement officer'),
  platform_operator: words('平台操作员', 'Platform operator'),
  area_manager: words('片区管理员', 'Area manager'),
  auxiliary_police: words('辅警', 'Auxiliary police'),
  area_leader: words('片长', 'Area leader'),
  street_leader: words('街长', 'Street leader'),
  lane_leader: words('巷长', 'Lane leader'),
  yard_leader: words('院长', 'Yard leader'),
  building_leader: words('楼栋长', 'Building leader'),
  unit_leader: words('单元长', 'Unit leader'),
  doctor: words('家庭医生', 'Doctor'),
  lawyer: words('法律顾问', 'Lawyer'),
  volunteer: words('志愿者', 'Volunteer'),
  supervisor: words('督导员', 'Supervisor'),
  cadre: words('包联干部', 'Liaison cadre'),
};

const LEVELS: Record<string, Words> = {
  province: words('省', 'Province'),
  city: words('市', 'City'),
  county: words('区县', 'County'),
  street: words('街道/乡镇', 'Street or town'),
  town: words('乡镇', 'Town'),
  community: words('社区/村', 'Community'),
  village: words('村', 'Village'),
  grid: words('网格', 'Grid'),
  micro_grid: words('微网格', 'Micro-grid'),
  compound: words('小区', 'Compound'),
  area: words('片区', 'Area'),
  building: words('楼栋', 'Building'),
  unit: words('单元', 'Unit'),
  platform_grid: words('平台网格', 'Platform grid'),
  beat: words('警务区', 'Police beat'),
  section: words('交管片区', 'Traffic section'),
};

const SCHEMES: Record<string, Words> = {
  base: words('基础网格', 'Base grids'),
  police: words('公安', 'Police'),
  traffic: words('交管', 'Traffic'),
  platform: words('平台网格', 'Platform grids'),
  dedicated: words('专属网格', 'Dedicated grids'),
  census: words('普查区', 'Census areas'),
};

/** Values of a field `kind`. */
const KINDS: Record<string, Words> = {
  service_center: words('党群服务中心', 'Service centre'),
  compound_station: words('小区驿站', 'Compound station'),
  warm_station: words('暖心驿站', 'Rest station'),
  teaching_site: words('教学点', 'Teaching site'),
  district_committee: words('区委', 'District committee'),
  street_committee: words('街道党工委', 'Street committee'),
  community_committee: words('社区党委', 'Community committee'),
  grid_branch: words('网格党支部', 'Grid branch'),
  compound_branch: words('小区党支部', 'Compound branch'),
  property_branch: words('物业党支部', 'Property managers’ branch'),
  business_district_branch: words('商圈党支部', 'Business district branch'),
  online_branch: words('网上党支部', 'Online branch'),
  shelter: words('避难场所', 'Shelter'),
  hydrant: words('消火栓', 'Hydrant'),
  team: words('应急队伍', 'Team'),
  warehouse: words('物资仓库', 'Warehouse'),
  home_care: words('居家养老', 'Home care'),
  home_service: words('家政服务', 'Home service'),
  property_management: words('物业服务', 'Property management'),
  e_commerce: words('电商服务', 'E-commerce'),
  e_commerce_incubator: words('电商孵化', 'E-commerce incubator'),
  town_centre: words('乡镇便民服务中心', 'Town service centre'),
  sub_centre: words('便民服务分中心', 'Sub-centre'),
  court: words('法庭', 'Court'),
  mediation_room: words('调解室', 'Mediation room'),
};

const MEASURES: Record<string, Words> = {
  count: words('数量', 'Count'),
  sum: words('合计', 'Sum'),
  mean: words('平均', 'Mean'),
  area: words('面积', 'Area'),
  density: words('密度', 'Density'),
  share: words('占比', 'Share'),
};

const UNITS: Record<string, string> = {
  'km²': 'km²',
  '1/km²': '个/km²',
  '%': '%',
};

const raw = (key: string): Words => words(key, '');

export const outcomeWords = (key: string) => OUTCOMES[key] ?? { ...raw(key), tone: 'note' as Tone, hint: '' };
export const roleWords = (key: string): Words => ROLES[key] ?? raw(key);
export const levelWords = (key: string): Words => LEVELS[key] ?? raw(key);
export const schemeWords = (key: string): Words => SCHEMES[key] ?? raw(key);
export const measureWords = (key: string): Words => MEASURES[key] ?? raw(key);
export const unitWords = (unit: string | null): string => (unit === null ? '' : (UNITS[unit] ?? unit));
export const kindWords = (key: string): Words => KINDS[key] ?? raw(key);

/** What the service warns of, by the code that stands before the colon. */
const WARNINGS: Record<string, string> = {
  no_scheme: '还没有设置网格体系，请先用 wangge scheme add 设置。',
  looks_like_wgs84: '该点不在任何网格内；按 WGS84 坐标则在网格内，请核对坐标系。',
  looks_like_gcj02: '该点不在任何网格内；按 GCJ-02（火星坐标）则在网格内，请核对坐标系。',
  looks_like_bd09: '该点不在任何网格内；按 BD-09（百度坐标）则在网格内，请核对坐标系。',
  looks_swapped: '该点不在任何网格内；经度和纬度可能颠倒了。',
  unknown_unit: '这里没有唯一对应所填编码或名称的单元。',
  candidates_cut: '可能的网格太多，只列出最可能的。',
};

/** A warning of the service, which speaks English. */
export function warningWords(text: string): Words {
  const end = text.indexOf(': ');
  const code = text.slice(0, Math.max(end, 0));
  return Object.hasOwn(WARNINGS, code) ? words(WARNINGS[code] as string, text.slice(end + 2)) : raw(text);
}
