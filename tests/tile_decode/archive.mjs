// node archive.mjs FILE.pmtiles: reads addresses [[z,x,y],…] as JSON from stdin and prints what the pmtiles package finds:
// {"header":…,"metadata":…,"tiles":[hexadecimal bytes of the unpacked tile, or null where there is none]}
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { PMTiles } from 'pmtiles';

class Source {
    constructor(path) {
        this.path = path;
        this.file = openSync(path);
    }

    getKey() {
        return this.path;
    }

    async getBytes(offset, length) {
        const bytes = new Uint8Array(length);
        const read = readSync(this.file, bytes, 0, length, offset);
        return { data: bytes.buffer.slice(0, read) };
    }
}

const [file] = process.argv.slice(2);
if (!file) {
    console.error('usage: node archive.mjs FILE.pmtiles < ADDRESSES');
    process.exit(2);
}
const source = new Source(file);
const archive = new PMTiles(source);
const tiles = [];
for (const [z, x, y] of JSON.parse(readFileSync(0, 'utf8'))) {
    const found = await archive.getZxy(z, x, y);
    tiles.push(found ? Buffer.from(found.data).toString('hex') : null);
}
const answer = { header: await archive.getHeader(), metadata: await archive.getMetadata(), tiles };
process.stdout.write(JSON.stringify(answer));
closeSync(source.file);
