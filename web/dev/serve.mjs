// A mock of the service for work on the screen: `npm run mock`, then `npm run dev`, or open the mock itself after
// `npm run build`. Environment: PORT (8080), MOCK=empty (no layers) or MOCK=broken (every question fails).
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import GeoJSONVT from 'geojson-vt';
import vtpbf from 'vt-pbf';
import { mockLayers } from './layers.mjs';
import { boxOf, unionOf } from './plane.mjs';
import { locate } from './locate.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const mode = process.env.MOCK ?? 'full';
const layers = mode === 'empty' ? [] : mockLayers();
const indexes = new Map();
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.md': 'text/plain' };

function collection({ features, ...layer }) {
  const boxes = features.map((feature) => boxOf(feature.geometry));
  const places = layer.id === 'base.county' && features.map(({ properties: { code, name } }, i) => ({ code, name, bbox: boxes[i] }));
  return { ...layer, itemType: 'feature', extent: { spatial: { bbox: [unionOf(boxes)] } }, count: features.length, ...(places && { places }) };
}

function collections() {
  const schemes = [{ name: 'base', overlay: false, levels: ['county', 'street', 'community', 'grid', 'micro_grid'] }, { name: 'police', overlay: true, levels: ['area'] }];
  return { collections: layers.map(collection), version: 12, schemes: mode === 'empty' ? [] : schemes };
}

function tile(id, z, x, y) {
  const layer = layers.find((candidate) => candidate.id === id);
  if (!layer) return null;
  if (!indexes.has(id)) {
    indexes.set(id, new GeoJSONVT({ type: 'FeatureCollection', features: layer.features }, { maxZoom: layer.zooms.max, buffer: 64 }));
  }
  const found = indexes.get(id).getTile(z, x, y);
  return found && Buffer.from(vtpbf.fromGeojsonVt({ [id]: found }, { version: 2 }));
}

function json(response, status, body) {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

const problem = (response, status, title, detail) => json(response, status, { type: 'about:blank', title, status, detail });

async function file(response, path) {
  const name = normalize(path === '/' ? '/index.html' : path);
  try {
    const body = await readFile(join(dist, name));
    response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(body);
  } catch {
    problem(response, 404, 'Not found', `${path} is not here`);
  }
}

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const path = decodeURIComponent(url.pathname);
  const asked = /^\/api\/tiles\/([^/]+)\/(\d+)\/(\d+)\/(\d+)(\.mvt)?$/.exec(path);
  if (mode === 'broken' && path.startsWith('/api/')) return problem(response, 503, 'Unavailable', 'the store is being loaded');
  if (path === '/readyz') return json(response, 200, { ready: true });
  if (path === '/api/collections') return json(response, 200, collections());
  if (path === '/api/locate') {
    const found = locate(layers, Number(url.searchParams.get('lon')), Number(url.searchParams.get('lat')));
    return found.detail ? problem(response, 400, 'Bad request', found.detail) : json(response, 200, found);
  }
  if (!asked) return file(response, path);
  const body = tile(asked[1], Number(asked[2]), Number(asked[3]), Number(asked[4]));
  if (!body) return response.writeHead(204).end();
  response.writeHead(200, { 'content-type': 'application/vnd.mapbox-vector-tile' }).end(body);
}

const port = Number(process.env.PORT ?? 8080);
createServer((request, response) => void answer(request, response)).listen(port, '127.0.0.1', () => {
  console.log(`mock on http://127.0.0.1:${port} (${layers.length} layers)`);
});
