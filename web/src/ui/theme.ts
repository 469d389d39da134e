// The control of a theme: level, measure, layer, field and filter, and below them the legend.
import { Problem } from '../api';
import { titleOf } from '../catalogue';
import type { Design } from '../design';
import { MEASURES, type Measure, type Theme, needsField, needsFilter, needsLayer, numbersOf, shadeOf, told } from '../theme';
import type { Catalogue, Collection, StatsAnswer } from '../types';
import { type Words, measureWords, schemeWords, unitWords } from '../words';
import { both, h } from './h';

const text = ({ zh, en }: Words): string => (en && en !== zh ? `${zh} ${en}` : zh);

type Name = 'level' | 'measure' | 'layer' | 'field';

function select(name: Name, label: string, changed: () => void): HTMLSelectElement {
  return h('select', { class: 'place-list', 'data-theme': name, 'aria-label': label, onchange: changed });
}

function fill(list: HTMLSelectElement, options: { value: string; label: string }[], chosen: string): void {
  list.replaceChildren(...options.map(({ value, label }) => h('option', { value }, label)));
  list.value = options.some(({ value }) => value === chosen) ? chosen : (options[0]?.value ?? '');
}

export class ThemePanel {
  readonly element: HTMLElement;
  private readonly lists: Record<Name, HTMLSelectElement>;
  private readonly filter: HTMLInputElement;
  private readonly told = h('div', { class: 'theme-told', 'aria-live': 'polite' });

  /** `choose` is called with what the reader chose, null for none. */
  constructor(
    private readonly catalogue: Catalogue,
    private readonly chosen: (theme: Theme | null) => void,
  ) {
    const changed = (): void => this.chosen(this.read());
    this.lists = {
      level: select('level', '网格层级 Grid level', changed),
      measure: select('measure', '指标 Measure', changed),
      // A condition says something of one layer only.
      layer: select('layer', '图层 Layer', () => {
        this.filter.value = '';
        changed();
      }),
      field: select('field', '数值字段 Field', changed),
    };
    this.filter = h('input', { type: 'text', class: 'place-list', 'data-theme': 'filter', 'aria-label': '条件 Filter (CQL2)', placeholder: '条件 Filter，如 kind = \'shelter\'', spellcheck: 'false', onchange: changed });
    this.element = h('section', { class: 'section theme', 'aria-label': '主题 Theme' }, h('h2', {}, both({ zh: '主题', en: 'Theme' })), ...Object.values(this.lists), this.filter, this.told);
    this.choose(null);
  }

  /** Shows what is chosen, offers what goes with it, and gives it with what was left open: the first that fits. */
  choose(theme: Theme | null): Theme | null {
    const measure = theme?.measure ?? 'count';
    const grids = this.catalogue.collections.filter(({ kind }) => kind === 'grid');
    const levels = grids.map((layer) => ({ value: layer.id, label: (layer.overlay ? `${schemeWords(layer.scheme ?? '').zh} · ` : '') + text(titleOf(layer)) }));
    fill(this.lists.level, [{ value: '', label: '不显示 None' }, ...levels], theme?.level ?? '');
    fill(this.lists.measure, MEASURES.map((each) => ({ value: each, label: text(measureWords(each)) })), measure);
    const layers = this.layersFor(measure).map((layer) => ({ value: layer.id, label: text(titleOf(layer)) }));
    fill(this.lists.layer, layers, theme?.layer || this.lists.layer.value);
    const layer = this.catalogue.collections.find(({ id }) => id === this.lists.layer.value);
    const fields = numbersOf(layer?.fields ?? []).map((field) => ({ value: field.name, label: text({ zh: field.title || field.name, en: field.titleEn ?? '' }) }));
    fill(this.lists.field, fields, theme?.field ?? '');
    this.filter.value = theme?.filter ?? '';
    this.lists.measure.hidden = !theme;
    this.lists.layer.hidden = !theme || !needsLayer(measure);
    this.lists.field.hidden = !theme || !needsField(measure);
    this.filter.hidden = !theme || !needsLayer(measure);
    return theme && this.whole(theme);
  }

  private whole(theme: Theme): Theme {
    const { layer, field } = this.lists;
    const [hasLayer, hasField] = [needsLayer(theme.measure), needsField(theme.measure)];
    return { ...theme, layer: hasLayer ? theme.layer || layer.value : '', field: hasField ? theme.field || field.value : '', filter: hasLayer ? theme.filter : '' };
  }

  /** Layers that can be measured so: points first, as they are what is counted mostly. */
  private layersFor(measure: Measure): Collection[] {
    const fit = this.catalogue.collections.filter((layer) => layer.kind !== 'base' && (!needsField(measure) || numbersOf(layer.fields).length > 0));
    return [...fit.filter(({ kind }) => kind === 'point'), ...fit.filter(({ kind }) => kind !== 'point')];
  }

  /** What the reader chose: what does not go with the measure or the layer falls back to the first that does. */
  private read(): Theme | null {
    const { level, measure, layer, field } = this.lists;
    if (!level.value) return null;
    const theme: Theme = { level: level.value, measure: (measure.value || 'count') as Measure, layer: layer.value, field: field.value, filter: this.filter.value.trim() };
    this.choose(theme);
    // A condition says something of its layer only.
    return { ...theme, layer: layer.value, field: field.value, filter: layer.value === theme.layer ? theme.filter : '' };
  }

  wait(): void {
    this.told.classList.add('is-waiting');
    this.told.setAttribute('aria-busy', 'true');
  }

  /** Nothing to tell, or what is missing. */
  empty(): void {
    const { level, measure, layer } = this.lists;
    const hint = (zh: string, en: string): void => this.tell([h('p', { class: 'hint' }, both({ zh, en }))]);
    if (!level.value) this.tell([]);
    else if (!layer.value) hint('没有可统计的图层：合计与平均需要数值字段', 'No layer fits: a sum or a mean needs numbers');
    else if (needsFilter(measure.value as Measure) && !this.filter.value) hint('请填写条件：占比是满足条件的数量占全部的比例', 'A share needs a filter');
    else this.tell([]);
  }

  fail(error: unknown): void {
    const problem = error instanceof Problem ? error : new Problem('出错了 Error', String(error), 0);
    this.tell([h('p', { class: 'theme-fault', role: 'alert' }, both({ zh: '无法统计', en: 'No numbers' }), ' ', problem.message)]);
  }

  /** The classes from the greatest down, each with its colour, its values and the number of its grids. */
  legend(answer: StatsAnswer, { theme }: Design): void {
    const { classes, unit, values } = answer;
    const line = (colour: string, range: Node | string, grids: number): HTMLElement =>
      h('li', { style: `--colour:${colour}` }, h('span', { class: 'swatch swatch-class', 'aria-hidden': 'true' }), h('span', { class: 'range' }, range), h('span', { class: 'count' }, `${grids.toLocaleString('en-US')} 个`));
    const lines = classes.map(({ from, to, grids }, number) => {
      const range = told(from) === told(to) ? told(from) : `${told(from)} – ${told(to)}`;
      return line(theme.colors[shadeOf(number, classes.length, theme.colors.length)] as string, range, grids);
    });
    const none = values.filter(({ value }) => value === null).length;
    if (none > 0) lines.unshift(line(theme.none, both({ zh: '无数据', en: 'no value' }), none));
    const words = unitWords(unit);
    const sum = (zh: string, en: string, value: number | null, of?: [number, number]): HTMLElement | null =>
      value === null ? null : h('p', { class: 'theme-sum' }, both({ zh, en }), h('b', {}, `${told(value)}${words ? ` ${words}` : ''}${of ? `（${of[0]} / ${of[1]}）` : ''}`));
    const outside = answer.outside === 0 ? null : answer.outside;
    this.tell([h('ul', { class: 'classes', 'data-classes': String(classes.length) }, ...lines.reverse()), sum('全部', 'All', answer.total, answer.total_of), sum('网格外', 'Outside', outside, answer.outside_of)].filter((each): each is HTMLElement => each !== null));
  }

  private tell(nodes: HTMLElement[]): void {
    this.told.classList.remove('is-waiting');
    this.told.removeAttribute('aria-busy');
    this.told.replaceChildren(...nodes);
  }
}
