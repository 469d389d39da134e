// The figures of the README's measurements table, on this machine: node scripts/measure.mjs [SHARED_DATA_FOLDER]
// Every figure is the median of several runs; a peer runs in turn with us where one is at hand (ogr2ogr). Loopback only, every
// loop bounded, every process ended that was started here.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const WANGGE = resolve('target/release/wangge');
const LONDON = resolve(process.argv[2] ?? '../shared/data', 'uk_london');
const RUNS = 5;
const ROWS = 1_000_000;
const TILES = 400;
const LEVELS = [['msoa', 'MSOA11CD', 983], ['lsoa', 'LSOA11CD', 4835], ['oa', 'OA11CD', 25053]];

const folder = mkdtempSync(join(tmpdir(), 'wangge-measure-'));
const rows = [];
const row = (what, figure, peer = '') => rows.push(`| ${what} | ${figure} | ${peer} |`);
const quantile = (times, share) => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];
const median = (times) => quantile(times, 0.5);
const seconds = (work) => {
  const began = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - began) / 1e9;
};
const wangge = (...args) => execFileSync(WANGGE, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });

/** A generator of the same numbers each time (mulberry32). */
function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

async function serve(store) {
  const began = process.hrtime.bigint();
  const child = spawn(WANGGE, ['--store', store, 'serve', '--listen', '127.0.0.1:0'], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const line = await new Promise((done, fail) => {
    child.stdout.once('data', (data) => done(String(data)));
    child.once('exit', () => fail(new Error('the service did not start')));
  });
  const ready = Number(process.hrtime.bigint() - began) / 1e9;
  const base = line.match(/http:\/\/[^/\s]+/)[0];
  const memory = Number(readFileSync(`/proc/${child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;
  const stop = () => new Promise((done) => { child.once('exit', done); child.kill('SIGTERM'); });
  return { base, ready, memory, stop };
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const get = (url) =>
  new Promise((done, fail) => {
    const began = process.hrtime.bigint();
    http.get(url, { agent, headers: { 'Accept-Encoding': 'gzip' } }, (response) => {
      let size = 0;
      response.on('data', (data) => (size += data.length));
      response.on('end', () => done({ ms: Number(process.hrtime.bigint() - began) / 1e6, size, status: response.statusCode }));
    }).on('error', fail);
  });

const tileOf = (lon, lat, z) => {
  const n = 2 ** z;
  const rad = (lat * Math.PI) / 180;
  return [z, Math.floor(((lon + 180) / 360) * n), Math.floor(((1 - Math.asinh(Math.tan(rad)) / Math.PI) / 2) * n)];
};

/** Tiles around random places of a box, each asked for twice: made, then kept. */
async function tiles(name, store, layers, [west, south, east, north], zooms) {
  const service = await serve(store);
  const random = dice(1);
  const asked = new Set();
  while (asked.size < TILES) {
    const z = zooms[Math.floor(random() * zooms.length)];
    asked.add(tileOf(west + random() * (east - west), south + random() * (north - south), z).join('/'));
    if (asked.size >= 4 ** zooms.at(-1)) break;
  }
  await get(`${service.base}/healthz`);
  const ask = async () => {
    const answers = [];
    for (const tile of asked) answers.push(await get(`${service.base}/api/tiles/${layers}/${tile}`));
    return answers.filter((answer) => answer.status === 200);
  };
  const cold = await ask();
  const warm = await ask();
  await service.stop();
  const show = (answers) => `p50 ${median(answers.map((a) => a.ms)).toFixed(2)} ms, p99 ${quantile(answers.map((a) => a.ms), 0.99).toFixed(2)} ms`;
  const kb = (Math.max(...cold.map((a) => a.size)) / 1024).toFixed(0);
  row(`${name}: cold tile over HTTP (${cold.length} tiles, z ${zooms[0]}–${zooms.at(-1)}, largest ${kb} KB gzipped)`, show(cold));
  row(`${name}: warm tile over HTTP`, show(warm));
}

async function starting(name, store) {
  const starts = [];
  for (let run = 0; run < RUNS; run += 1) {
    const service = await serve(store);
    starts.push(service);
    await service.stop();
  }
  row(`${name}: start until ready`, `${median(starts.map((s) => s.ready)).toFixed(2)} s`);
  row(`${name}: memory when ready`, `${median(starts.map((s) => s.memory)).toFixed(0)} MB`);
}

function london() {
  const source = (level) => join(LONDON, `london_${level}.geojson.zst`);
  const plain = join(folder, 'oa.geojson');
  execFileSync('zstd', ['-dqf', source('oa'), '-o', plain]);
  const hasPeer = spawnSync('ogr2ogr', ['--version']).status === 0;
  const [ours, theirs] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    rmSync(join(folder, 'one.gpkg'), { force: true });
    wangge('--store', 'one.gpkg', 'scheme', 'add', 'census', '--levels', 'oa');
    ours.push(seconds(() => wangge('--store', 'one.gpkg', 'import', plain, '--layer', 'census.oa', '--fields', 'code=OA11CD')));
    if (!hasPeer) continue;
    rmSync(join(folder, 'peer.gpkg'), { force: true });
    const args = ['-f', 'GPKG', 'peer.gpkg', plain, '-makevalid', '-nlt', 'MULTIPOLYGON', '-lco', 'SPATIAL_INDEX=NO'];
    theirs.push(seconds(() => execFileSync('ogr2ogr', args, { cwd: folder, stdio: 'ignore' })));
  }
  const rate = (times) => `${Math.round(25053 / median(times)).toLocaleString('en')} features/s`;
  const peer = hasPeer ? `ogr2ogr -makevalid to GeoPackage: ${rate(theirs)}; ratio ${median(ours.map((time, run) => theirs[run] / time)).toFixed(2)}` : '';
  row('London: import of 25,053 output areas (GeoJSON, 342,489 vertices)', `${rate(ours)} (${median(ours).toFixed(2)} s)`, peer);

  wangge('--store', 'london.gpkg', 'scheme', 'add', 'census', '--levels', 'msoa,lsoa,oa');
  for (const [level, code] of LEVELS) {
    wangge('--store', 'london.gpkg', 'import', source(level), '--layer', `census.${level}`, '--fields', `code=${code},parent=parent`);
  }
  const random = dice(7);
  const table = ['id,lon,lat'];
  for (let id = 0; id < ROWS; id += 1) table.push(`${id},${(-0.5 + random() * 0.8).toFixed(6)},${(51.3 + random() * 0.38).toFixed(6)}`);
  writeFileSync(join(folder, 'points.csv'), table.join('\n'));
  const times = [1, 2, 3].map(() => seconds(() => wangge('--store', 'london.gpkg', 'locate', 'points.csv', '-o', 'out.csv')));
  row('London: `wangge locate` of 1,000,000 CSV rows, three levels, start included', `${Math.round(ROWS / median(times)).toLocaleString('en')} rows/s`);
}

try {
  const hasLondon = existsSync(LONDON);
  if (hasLondon) {
    london();
    await starting('London (30,871 areas)', 'london.gpkg');
    await tiles('London', 'london.gpkg', 'census.oa', [-0.5, 51.3, 0.3, 51.68], [8, 9, 10, 11, 12, 13, 14]);
  } else {
    console.error(`no ${LONDON}: the London rows are left out`);
  }
  const fill = [1, 2, 3].map((run) => seconds(() => wangge('--store', `demo${run}.gpkg`, 'demo')));
  row('Demo: generate and store six places', `${median(fill).toFixed(1)} s`);
  await starting('Demo', 'demo1.gpkg');
  const layers = 'base.county,base.street,base.community,base.grid,base.micro_grid,building,party_station,camera';
  await tiles('Demo (8 layers)', 'demo1.gpkg', layers, [104.6, 27.95, 105.05, 28.55], [8, 9, 10, 11, 12, 13, 14]);
  const cpu = readFileSync('/proc/cpuinfo', 'utf8').match(/model name\s*:\s*(.*)/)?.[1] ?? 'unknown';
  console.log(`${cpu}; medians of ${RUNS} runs\n\n| what | figure | peer in the same run |\n|---|---|---|\n${rows.join('\n')}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
