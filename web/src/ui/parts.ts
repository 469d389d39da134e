// The grids right below the current place, asked for when their list is unfolded.
import { partsOf } from '../api';
import { titleOf } from '../catalogue';
import type { Collection, Place } from '../types';
import { both, h } from './h';

export class Parts {
  readonly element: HTMLDetailsElement;
  private readonly body = h('div', { class: 'places' });
  private place: Place | null = null;
  /** The place whose parts are listed. */
  private listed: Place | null = null;

  /** `layer` holds the parts; `go` is called with the one that is pressed. */
  constructor(
    private readonly layer: Collection,
    private readonly go: (part: Place) => void,
  ) {
    this.element = h('details', { class: 'parts', ontoggle: () => void this.fill() }, h('summary', {}, both(titleOf(layer))), this.body);
  }

  /** Offers the parts of another place, or none. */
  show(place: Place | null): void {
    this.place = place;
    this.element.hidden = !place;
    this.press(null);
    void this.fill();
  }

  private async fill(): Promise<void> {
    const { place } = this;
    if (!place || !this.element.open || place === this.listed) return;
    this.listed = place;
    this.body.replaceChildren(h('span', { class: 'spinner', role: 'status', 'aria-label': '正在读取 Reading' }));
    const parts = await partsOf(this.layer.id, place).catch(() => null);
    if (this.listed !== place) return;
    // The next unfolding asks again.
    if (!parts) this.listed = null;
    this.body.replaceChildren(...(parts?.map((part) => this.button(part)) ?? [h('span', {}, '读取失败 Failed')]));
  }

  private button(part: Place): HTMLButtonElement {
    const act = (): void => {
      this.press(part.code);
      this.go(part);
    };
    return h('button', { type: 'button', class: 'place', 'data-part': part.code, 'aria-pressed': 'false', title: part.code, onclick: act }, part.name);
  }

  private press(code: string | null): void {
    for (const button of this.body.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset['part'] === code));
  }
}
