// The locate answer, section by section.
import { levelTitle } from '../catalogue';
import type { Picked } from '../map/pick';
import type { Answer, Candidate, Catalogue, Link, Overlay, Staff } from '../types';
import { levelWords, outcomeWords, roleWords, schemeWords, warningWords } from '../words';
import { coordinates } from './coordinates';
import { both, h } from './h';
import { resource } from './resource';

export interface Surroundings {
  catalogue: Catalogue;
  /** Brings the map near enough to see the layer's grid around the asked point. */
  zoomTo(layer: string): void;
}

function section(zh: string, en: string, ...children: Node[]): HTMLElement {
  return h('section', { class: 'section' }, h('h3', {}, both({ zh, en })), ...children);
}

function badge(outcome: string, certain: boolean): HTMLElement {
  const words = outcomeWords(outcome);
  return h('p', { class: `badge tone-${words.tone}`, 'data-outcome': outcome }, h('span', { class: 'dot' }), both(words), !certain && h('span', { class: 'unsure' }, '不确定 uncertain'));
}

function head(answer: Answer): HTMLElement {
  const owner = answer.grid ?? answer.community;
  const { hint } = outcomeWords(answer.outcome);
  return h(
    'header',
    { class: 'owner' },
    badge(answer.outcome, answer.certain),
    owner && h('h2', {}, owner.name || owner.code),
    !!owner?.name && h('p', { class: 'code' }, owner.code),
    !!hint && h('p', { class: 'hint' }, hint),
  );
}

function step(link: Link, scheme: string, { catalogue, zoomTo }: Surroundings): HTMLElement {
  const level = link.level ? levelTitle(catalogue, scheme, link.level) : levelWords('');
  return h(
    'button',
    { type: 'button', title: '缩放到这一级 Zoom to this level', onclick: () => zoomTo(`${scheme}.${link.level}`) },
    h('span', { class: 'step-name' }, link.name || link.code),
    both(level, 'step-level'),
    !!link.name && h('span', { class: 'code' }, link.code),
  );
}

function chain(links: Link[], scheme: string, around: Surroundings): HTMLElement {
  const steps = links.map((link, i) => h('li', { class: i === links.length - 1 ? 'step is-owner' : 'step' }, step(link, scheme, around)));
  return h('ol', { class: 'chain' }, ...steps);
}

function person({ name, role, level }: Staff, scheme: string, catalogue: Catalogue): HTMLElement {
  const where = level ? levelTitle(catalogue, scheme, level).zh : '';
  return h(
    'li',
    { class: 'person' },
    h('span', { class: 'avatar', 'aria-hidden': 'true' }, [...name][0] ?? '·'),
    h('span', { class: 'person-name' }, name),
    both(roleWords(role), 'person-role both'),
    !!where && h('span', { class: 'chip' }, where),
  );
}

function people(staff: Staff[], scheme: string, catalogue: Catalogue): HTMLElement {
  if (staff.length === 0) return h('p', { class: 'none' }, '没有登记人员 ', h('span', { class: 'en', lang: 'en' }, 'No staff on record'));
  return h('ul', { class: 'people' }, ...staff.map((each) => person(each, scheme, catalogue)));
}

function candidate({ code, name, share, distance_m: metres }: Candidate): HTMLElement {
  const percent = typeof share === 'number' ? `${Math.round(share * 100)} %` : '';
  return h(
    'li',
    { class: 'candidate' },
    h('span', {}, name || code),
    h('span', { class: 'code' }, code),
    h('span', { class: 'measure' }, percent, !!metres && ` ${metres.toFixed(metres < 10 ? 1 : 0)} m`),
    !!percent && h('span', { class: 'bar', style: `--share:${share}` }),
  );
}

function overlay(item: Overlay, around: Surroundings): HTMLElement {
  return h(
    'div',
    { class: 'overlay' },
    h('p', { class: 'overlay-head' }, both(schemeWords(item.scheme)), badge(item.outcome, true)),
    ...(item.chain.length ? [chain(item.chain, item.scheme, around)] : []),
    ...(item.staff?.length ? [people(item.staff, item.scheme, around.catalogue)] : []),
  );
}

function warnings(list: string[]): HTMLElement {
  return h('ul', { class: 'warnings' }, ...list.map((text) => h('li', {}, both(warningWords(text)))));
}

/** Everything that is known of the clicked point, most important first. */
export function answerView(answer: Answer, picked: Picked | null, around: Surroundings): Node[] {
  const candidates = answer.candidates ?? [];
  const overlays = answer.overlays ?? [];
  const sections = [
    picked && section('所点对象', 'Clicked feature', resource(picked)),
    answer.warnings?.length && section('提示', 'Warnings', warnings(answer.warnings)),
    answer.chain.length && section('责任链', 'Responsible chain', chain(answer.chain, answer.scheme, around)),
    answer.chain.length && section('责任人', 'Staff', people(answer.staff, answer.scheme, around.catalogue)),
    candidates.length && section('候选网格', 'Candidates', h('ul', { class: 'candidates' }, ...candidates.map(candidate))),
    overlays.length && section('其他网格体系', 'Other schemes', ...overlays.map((item) => overlay(item, around))),
    section('坐标', 'Coordinates', coordinates(answer)),
  ];
  return [head(answer), ...sections.filter((each): each is HTMLElement => each instanceof HTMLElement)];
}
