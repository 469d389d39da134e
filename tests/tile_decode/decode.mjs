// node decode.mjs FILE…: prints what @mapbox/vector-tile reads from each uncompressed tile (of a .mlt file: @maplibre/mlt), as JSON,
// one line a file: {"layers":[{"name","version","extent","features":[{"id","type","properties","geometry"}]}]}
// `geometry` is a list of points ([x,y]), of lines, or of polygons (a list of closed rings, the outer one first) by
// `type` (Point, LineString, Polygon; of another one, Unknown, the runs as they are). MLT has no version.
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { VectorTile, classifyRings } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

register('./resolve.mjs', import.meta.url);
const { GEOMETRY_TYPE, decodeTile } = await import('@maplibre/mlt');

const KINDS = ['Unknown', 'Point', 'LineString', 'Polygon'];
const MLT_KINDS = {
    [GEOMETRY_TYPE.POINT]: 'Point',
    [GEOMETRY_TYPE.MULTIPOINT]: 'Point',
    [GEOMETRY_TYPE.LINESTRING]: 'LineString',
    [GEOMETRY_TYPE.MULTILINESTRING]: 'LineString',
    [GEOMETRY_TYPE.POLYGON]: 'Polygon',
    [GEOMETRY_TYPE.MULTIPOLYGON]: 'Polygon',
};
const pair = ({ x, y }) => [x, y];

function geometry(kind, runs) {
    switch (kind) {
        case 'Point': return runs.flat().map(pair);
        case 'Polygon': return classifyRings(runs).map((rings) => rings.map((ring) => ring.map(pair)));
        default: return runs.map((line) => line.map(pair));
    }
}

function layer(of) {
    const features = Array.from({ length: of.length }, (_, index) => {
        const read = of.feature(index);
        const type = KINDS[read.type];
        return { id: read.id ?? null, type, properties: read.properties, geometry: geometry(type, read.loadGeometry()) };
    });
    return { name: of.name, version: of.version, extent: of.extent, features };
}

function table(of) {
    const features = of.getFeatures().map((read) => {
        const type = MLT_KINDS[read.geometry.type];
        return { id: read.id ?? null, type, properties: read.properties, geometry: geometry(type, read.geometry.coordinates) };
    });
    return { name: of.name, extent: of.extent, features };
}

// Where a 64-bit number of MLT comes as a BigInt.
const plain = (_, value) => (typeof value === 'bigint' ? Number(value) : value);

const files = process.argv.slice(2);
if (files.length === 0) {
    console.error('usage: node decode.mjs FILE…');
    process.exit(2);
}
for (const file of files) {
    const bytes = readFileSync(file);
    const layers = file.endsWith('.mlt')
        ? decodeTile(bytes).map(table)
        : Object.values(new VectorTile(new PbfReader(bytes)).layers).map(layer);
    process.stdout.write(`${JSON.stringify({ layers }, plain)}\n`);
}
