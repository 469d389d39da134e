import { expect, test } from 'vitest';
import { pointLayers } from '../src/map/resourcelayers';

test('circles grow over zooms that ascend, however deep a layer begins', () => {
  for (const from of [0, 8, 12.9, 13, 15, 18]) {
    for (const { paint } of pointLayers({ id: 'door', colour: '#fff' }, { from, labelFrom: from })) {
      const [, , , ...stops] = (paint as { 'circle-radius': unknown[] })['circle-radius'];
      const zooms = stops.filter((_, i) => i % 2 === 0) as number[];
      expect(zooms).toEqual([...new Set(zooms)].sort((a, b) => a - b));
    }
  }
});
