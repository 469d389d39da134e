import { expect, test } from 'vitest';
import { membersOf, zoomApart } from '../src/cluster';

const cluster = { cluster: true, point_count: 12, point_count_abbreviated: '12', expansion_zoom: 11, 'kind=team': 3, 'kind=a=b': 7, other: 2 };

test('members are told by their values, the most frequent first', () => {
  expect(membersOf(cluster)).toEqual({
    total: 12,
    by: [
      { field: 'kind', value: 'a=b', count: 7 },
      { field: 'kind', value: 'team', count: 3 },
    ],
    other: 2,
  });
});

test('a feature that is alone stands for itself', () => {
  expect(membersOf({ code: '1', kind: 'team' })).toBeNull();
});

test('a cluster is opened at the zoom at which it comes apart, and never further away', () => {
  expect(zoomApart(cluster, 9.2, 20)).toBe(11);
  expect(zoomApart(cluster, 11.4, 20)).toBe(11.9);
  expect(zoomApart(cluster, 19.8, 20)).toBe(20);
});
