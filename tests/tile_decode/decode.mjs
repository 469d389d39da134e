// node decode.mjs FILE: prints what @mapbox/vector-tile reads from an uncompressed tile, as JSON:
// {"layers":[{"name","version","extent","features":[{"id","type","properties","geometry"}]}]}
// `geometry` is a list of points ([x,y]), of lines, or of polygons (a list of closed rings, the outer one first) by
// `type` (Point, LineString, Polygon).
import { readFileSync } from 'node:fs';
import { VectorTile, classifyRings } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

const KINDS = ['Unknown', 'Point', 'LineString', 'Polygon'];
const pair = ({ x, y }) => [x, y];

function geometry(feature) {
    const runs = feature.loadGeometry();
    switch (KINDS[feature.type]) {
        case 'Point': return runs.flat().map(pair);
        case 'LineString': return runs.map((line) => line.map(pair));
        default: return classifyRings(runs).map((rings) => rings.map((ring) => ring.map(pair)));
    }
}

function layer(of) {
    const features = Array.from({ length: of.length }, (_, index) => {
        const read = of.feature(index);
        return { id: read.id ?? null, type: KINDS[read.type], properties: read.properties, geometry: geometry(read) };
    });
    return { name: of.name, version: of.version, extent: of.extent, features };
}

const [file] = process.argv.slice(2);
if (!file) {
    console.error('usage: node decode.mjs FILE');
    process.exit(2);
}
const tile = new VectorTile(new PbfReader(readFileSync(file)));
const layers = Object.values(tile.layers).map(layer);
process.stdout.write(JSON.stringify({ layers }));
