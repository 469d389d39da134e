// The right panel (on small screens a sheet from below): waits, answers, fails, closes.
import { Problem } from '../api';
import { ICONS, h, icon } from './h';

export class Panel {
  readonly element: HTMLElement;
  private readonly body = h('div', { class: 'answer-body', 'aria-live': 'polite' });

  /** `closed` is called when the reader closes the panel. */
  constructor(private readonly closed: () => void) {
    const close = h('button', { type: 'button', class: 'round close', 'aria-label': '关闭 Close (Esc)', title: '关闭 Close (Esc)', onclick: () => this.close() }, icon(ICONS.close));
    this.element = h('aside', { class: 'panel answer', 'aria-label': '查询结果 Answer', hidden: true }, close, this.body);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !this.element.hidden) this.close();
    });
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  wait(): void {
    this.show('loading', [h('div', { class: 'skeleton', role: 'status', 'aria-label': '正在查询 Locating' }, ...[60, 85, 40, 100, 100, 100, 70].map((width) => h('span', { style: `width:${width}%` })))]);
  }

  answer(nodes: Node[]): void {
    this.show('answer', nodes);
  }

  fail(error: unknown, retry: () => void): void {
    const problem = error instanceof Problem ? error : new Problem('出错了 Error', String(error), 0);
    this.show('error', [
      h('header', { class: 'owner', role: 'alert' }, h('p', { class: 'badge tone-bad' }, h('span', { class: 'dot' }), '查询失败 Failed'), h('h2', {}, problem.title), h('p', { class: 'hint' }, problem.message)),
      h('button', { type: 'button', class: 'primary', onclick: retry }, '重试 Retry'),
    ]);
  }

  close(): void {
    this.element.hidden = true;
    this.body.replaceChildren();
    this.closed();
  }

  private show(state: string, nodes: Node[]): void {
    this.element.hidden = false;
    this.element.dataset['state'] = state;
    this.body.replaceChildren(...nodes);
    this.body.scrollTop = 0;
  }
}
