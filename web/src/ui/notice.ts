// The whole screen's other states: loading, no layers, no answer.
import { Problem } from '../api';
import { h } from './h';

function card(kind: string, ...children: (Node | string)[]): HTMLElement {
  return h('div', { class: `notice notice-${kind}`, role: kind === 'error' ? 'alert' : 'status' }, h('div', { class: 'panel notice-card' }, ...children));
}

export const loadingNotice = (): HTMLElement =>
  card('loading', h('span', { class: 'spinner', 'aria-hidden': 'true' }), h('p', {}, '正在读取图层 ', h('span', { class: 'en', lang: 'en' }, 'Reading layers')));

export const emptyNotice = (): HTMLElement =>
  card(
    'empty',
    h('img', { src: './mark.svg', alt: '', width: 44, height: 44 }),
    h('h2', {}, '还没有图层'),
    h('p', { class: 'en', lang: 'en' }, 'The store has no layers yet.'),
    h('p', {}, '装入六个示范地区，然后刷新本页：'),
    h('pre', {}, h('code', {}, 'wangge demo')),
    h('p', {}, '或导入自己的数据 ', h('span', { class: 'en', lang: 'en' }, 'or import your own')),
    h('pre', {}, h('code', {}, 'wangge import FILE --layer NAME')),
  );

export function errorNotice(error: unknown, retry: () => void): HTMLElement {
  const problem = error instanceof Problem ? error : new Problem('出错了 Something failed', String(error), 0);
  return card(
    'error',
    h('h2', {}, '无法打开一张图'),
    h('p', { class: 'en', lang: 'en' }, 'The map cannot be opened.'),
    h('p', { class: 'detail' }, h('strong', {}, problem.title), ' ', problem.message),
    h('button', { type: 'button', class: 'primary', onclick: retry }, '重试 Retry'),
  );
}
