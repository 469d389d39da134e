// node clusters.mjs FILE: reads [[lon,lat,kind],…] and prints what supercluster counts in all clusters and points of each zoom, 0 to
// 14, as JSON: [{"total":…,"kinds":{"KIND":…}},…]. Clusters are those of our layers by default: 64 pixels, each point from zoom 13 on.
import { readFileSync } from 'node:fs';
import Supercluster from 'supercluster';

const [file] = process.argv.slice(2);
if (!file) {
    console.error('usage: node clusters.mjs FILE');
    process.exit(2);
}
const add = (sums, key, count) => { sums[key] = (sums[key] ?? 0) + count; };
const index = new Supercluster({
    radius: 64,
    extent: 512,
    maxZoom: 12,
    map: ({ kind }) => ({ [`kind=${kind}`]: 1 }),
    reduce: (sums, more) => Object.entries(more).forEach(([key, count]) => add(sums, key, count)),
});
index.load(JSON.parse(readFileSync(file, 'utf8')).map(([lon, lat, kind]) => (
    { type: 'Feature', properties: { kind }, geometry: { type: 'Point', coordinates: [lon, lat] } })));

function counted(zoom) {
    let total = 0;
    const kinds = {};
    for (const { properties } of index.getClusters([-180, -90, 180, 90], zoom)) {
        total += properties.point_count ?? 1;
        const own = properties.cluster ? properties : { [`kind=${properties.kind}`]: 1 };
        for (const [key, count] of Object.entries(own)) {
            if (key.startsWith('kind=')) add(kinds, key.slice('kind='.length), count);
        }
    }
    return { total, kinds };
}
process.stdout.write(JSON.stringify(Array.from({ length: 15 }, (_, zoom) => counted(zoom))));
