// The map itself.
import { AttributionControl, Map, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Design } from '../design';
import { drawnByProcessor } from '../graphics';
import type { View } from '../hash';
import { type Shown, switched } from './visibility';

setWorkerUrl(workerUrl);

/** Where the map begins when nothing says where. */
const CHINA: View = { zoom: 3.4, lat: 34, lon: 105, bearing: 0, pitch: 0 };

/** Chinese is drawn by the browser itself; other letters come from the service. */
const IDEOGRAPH_FONT = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif";

/** Tests wait for `data-idle` on the page's root. */
function tellIdle(map: Map): void {
  const root = document.documentElement;
  const busy = (): void => void (root.dataset['idle'] = 'false');
  map.on('movestart', busy);
  map.on('dataloading', busy);
  map.on('idle', () => (root.dataset['idle'] = 'true'));
}

/** Opens the map at a view, with the layers that are switched on. */
export function createMap(container: HTMLElement, design: Design, shown: Shown, view: View | null): Map {
  const plain = drawnByProcessor();
  document.documentElement.classList.toggle('is-plain', plain);
  const { zoom, lat, lon, bearing, pitch } = view ?? CHINA;
  const map = new Map({
    container,
    style: switched(design.style, shown, pitch),
    localIdeographFontFamily: IDEOGRAPH_FONT,
    attributionControl: false,
    canvasContextAttributes: { antialias: !plain },
    fadeDuration: plain ? 0 : 300,
    maxPitch: 68,
    maxZoom: 20,
    minZoom: 2,
    center: [lon, lat],
    zoom,
    bearing,
    pitch,
    renderWorldCopies: false,
    locale: { 'Map.Title': '地图 Map' },
  });
  map.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-left');
  const owes = Object.values(design.style.sources).some((source) => 'attribution' in source && source.attribution);
  if (owes) map.addControl(new AttributionControl({ compact: false }), 'bottom-right');
  tellIdle(map);
  return map;
}
