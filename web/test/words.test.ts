import { expect, test } from 'vitest';
import layers from '../../data/layers.toml?raw';
import places from '../../data/places.toml?raw';
import { kindWords, levelWords, roleWords, schemeWords, warningWords } from '../src/words';

const all = (text: string, pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map((found) => found[1] as string))];
const chinese = expect.stringMatching(/\p{Script=Han}/u);
const both = { zh: chinese, en: expect.stringMatching(/[A-Z]/) };

test('every role of the demo has words', () => {
  const roles = all(places, /^role = "(.+?)"/gm);
  expect(roles.length).toBeGreaterThan(15);
  for (const role of roles) expect(roleWords(role), role).toEqual(both);
});

test('every scheme and level of the demo has words', () => {
  const schemes = all(layers, /^\[\[scheme\]\]\nname = "(.+?)"/gm);
  const levels = all(layers, /^levels = \[(.+?)\]/gm).flatMap((list) => JSON.parse(`[${list}]`) as string[]);
  expect(schemes).toContain('traffic');
  expect(levels).toContain('micro_grid');
  for (const scheme of schemes) expect(schemeWords(scheme), scheme).toEqual(both);
  for (const level of levels) expect(levelWords(level), level).toEqual(both);
});

test('every kind of the demo is in Chinese or has words', () => {
  const kinds = all(places, /\bkind = (\[.*?\]|".*?")/g).flatMap((value) => JSON.parse(`[${value}]`).flat() as string[]);
  expect(kinds).toContain('service_center');
  for (const kind of kinds) expect(kindWords(kind).zh, kind).toEqual(chinese);
});

test('known warnings come in Chinese first, others as they are', () => {
  const known = ['no grid scheme is declared; declare one with `wangge scheme add`', ...['accuracy', 'unit', 'category'].map((name) => `${name} is not weighed by this version`)];
  for (const text of known) expect(warningWords(text)).toEqual({ zh: chinese, en: text });
  expect(warningWords('accuracy is not weighed by this version').zh).toContain('定位精度');
  expect(warningWords('the moon is full')).toEqual({ zh: 'the moon is full', en: '' });
});
