import { expect, test } from 'vitest';
import layers from '../../data/layers.toml?raw';
import places from '../../data/places.toml?raw';
import warnings from '../../src/query/locate/warnings.rs?raw';
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

test('every warning that a lookup can give comes in Chinese first, by its code, and others as they are', () => {
  const source = warnings.slice(warnings.indexOf('fn code('), warnings.indexOf('fn text('));
  const codes = all(source, /"(\w+)"/g);
  expect(codes).toContain('looks_swapped');
  for (const code of codes) expect(warningWords(`${code}: as it is: so`), code).toEqual({ zh: chinese, en: 'as it is: so' });
  for (const text of ['the moon is full', 'moon: it is full', 'no_scheme', 'constructor: none']) {
    expect(warningWords(text)).toEqual({ zh: text, en: '' });
  }
});
