// node style.mjs FILE…: prints what the validator of the MapLibre style specification finds wrong, as JSON: {"faults":["FILE: …"]}
import { readFileSync } from 'node:fs';
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';

const files = process.argv.slice(2);
if (files.length === 0) {
    console.error('usage: node style.mjs FILE…');
    process.exit(2);
}
const faults = files.flatMap((file) => validateStyleMin(JSON.parse(readFileSync(file, 'utf8'))).map(({ message }) => `${file}: ${message}`));
process.stdout.write(JSON.stringify({ faults }));
