// node clusters.mjs FILE: reads [[lon,lat],…] and prints what supercluster counts in all clusters and points of each zoom, as
// JSON: [total at zoom 0, …, at zoom 14].
import { readFileSync } from 'node:fs';
import Supercluster from 'supercluster';

const [file] = process.argv.slice(2);
if (!file) {
    console.error('usage: node clusters.mjs FILE');
    process.exit(2);
}
const index = new Supercluster({ radius: 64, extent: 512, maxZoom: 13 });
index.load(JSON.parse(readFileSync(file, 'utf8')).map((coordinates) => (
    { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates } })));
const count = ({ properties }) => properties.point_count ?? 1;
const total = (zoom) => index.getClusters([-180, -90, 180, 90], zoom).reduce((sum, one) => sum + count(one), 0);
process.stdout.write(JSON.stringify(Array.from({ length: 15 }, (_, zoom) => total(zoom))));
