// node count.mjs FOLDER: prints how many features and vertices @mapbox/vector-tile reads from each uncompressed tile of a folder, as
// JSON: {"FILE": [features, vertices]}. A ring's closing vertex counts.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

const [folder] = process.argv.slice(2);
if (!folder) {
    console.error('usage: node count.mjs FOLDER');
    process.exit(2);
}
const counts = {};
for (const file of readdirSync(folder)) {
    let features = 0;
    let vertices = 0;
    const tile = new VectorTile(new PbfReader(readFileSync(join(folder, file))));
    for (const layer of Object.values(tile.layers)) {
        features += layer.length;
        for (let index = 0; index < layer.length; index += 1) {
            for (const run of layer.feature(index).loadGeometry()) vertices += run.length;
        }
    }
    counts[file] = [features, vertices];
}
console.log(JSON.stringify(counts));
