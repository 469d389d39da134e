import { beforeEach, expect, test, vi } from 'vitest';
import type { Design } from '../src/design';
import type { Theme } from '../src/theme';
import { Themes } from '../src/themes';
import type { StatsAnswer } from '../src/types';
import type { ThemePanel } from '../src/ui/theme';

interface Asked {
  theme: Theme;
  signal: AbortSignal;
  answer: (total: number) => void;
  fail: (error: Error) => void;
}

const asked: Asked[] = [];
vi.mock('../src/api', () => ({
  fetchStats: (theme: Theme, signal: AbortSignal) =>
    new Promise<StatsAnswer>((done, fail) => {
      asked.push({ theme, signal, answer: (total) => done({ unit: null, version: 1, total, outside: 0, classes: [], values: [] }), fail });
    }),
}));

const theme = (layer: string): Theme => ({ level: 'base.grid', measure: 'count', layer, field: '', filter: '' });
const ask = (number: number): Asked => asked[number] as Asked;
const settled = () => new Promise((done) => setTimeout(done));

let said: string[];
let themes: Themes;

beforeEach(() => {
  asked.length = 0;
  said = [];
  const panel = {
    choose: (chosen: Theme | null) => chosen,
    wait: () => {},
    empty: () => said.push('empty'),
    fail: (error: Error) => said.push(error.message),
    legend: ({ total }: StatsAnswer) => said.push(String(total)),
  };
  const map = { on: () => {}, getSource: () => undefined, triggerRepaint: () => {} };
  const design = { theme: { colors: ['#000000'], none: '#ffffff' } };
  themes = new Themes(map as never, panel as unknown as ThemePanel, () => design as unknown as Design, (level) => said.push(`paint ${level}`));
});

test('an answer that comes after another theme was chosen is not shown', async () => {
  themes.choose(theme('camera'));
  themes.choose(theme('gate'));
  expect([ask(0).signal.aborted, ask(1).theme.layer]).toEqual([true, 'gate']);
  ask(1).answer(2);
  await settled();
  ask(0).answer(1);
  await settled();
  expect(said).toEqual(['paint base.grid', '2']);
});

test('no theme means that nothing is painted, also when an answer is on its way', async () => {
  themes.choose(theme('camera'));
  themes.choose(null);
  ask(0).answer(1);
  await settled();
  expect(said).toEqual(['paint ', 'empty']);
});

test('edits that come faster than answers are asked about once more, and each answer is shown', async () => {
  themes.choose(theme('camera'));
  for (let edit = 0; edit < 5; edit += 1) themes.renew(new Set(['camera']));
  expect([asked.length, ask(0).signal.aborted]).toEqual([1, false]);
  ask(0).answer(1);
  await settled();
  expect(asked.length).toBe(2);
  ask(1).answer(6);
  await settled();
  expect([asked.length, said.filter((each) => !each.startsWith('paint'))]).toEqual([2, ['1', '6']]);
});

test('a fault is told, paints nothing, and is asked about again when something changes', async () => {
  themes.choose(theme('camera'));
  ask(0).fail(new Error('no'));
  await settled();
  expect(said).toEqual(['paint ', 'empty', 'no']);
  themes.renew(new Set(['gate']));
  expect(asked.length).toBe(1);
  themes.renew(new Set(['camera']));
  expect(asked.length).toBe(2);
});
