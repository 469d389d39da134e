// The map itself.
import { Map, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { drawnByProcessor } from '../graphics';
import type { Catalogue } from '../types';
import { IDEOGRAPH_FONT } from './theme';
import { styleOf } from './style';

setWorkerUrl(workerUrl);

/** Tests wait for `data-idle` on the page's root. */
function tellIdle(map: Map): void {
  const root = document.documentElement;
  const busy = (): void => void (root.dataset['idle'] = 'false');
  map.on('movestart', busy);
  map.on('dataloading', busy);
  map.on('idle', () => (root.dataset['idle'] = 'true'));
}

export function createMap(container: HTMLElement, catalogue: Catalogue): Map {
  const plain = drawnByProcessor();
  document.documentElement.classList.toggle('is-plain', plain);
  const map = new Map({
    container,
    style: styleOf(catalogue),
    localIdeographFontFamily: IDEOGRAPH_FONT,
    attributionControl: false,
    canvasContextAttributes: { antialias: !plain },
    fadeDuration: plain ? 0 : 300,
    maxPitch: 68,
    maxZoom: 20,
    minZoom: 2,
    center: [105, 34],
    zoom: 3.4,
    renderWorldCopies: false,
    locale: { 'Map.Title': '地图 Map' },
  });
  map.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-left');
  tellIdle(map);
  return map;
}
