// POST /api/locate with many points: node scripts/measure-batch.mjs STORE WEST SOUTH EAST NORTH [COUNT]
// For each form the time until the last byte of the answer has come (median of several runs, bytes counted and thrown away, so
// that the client costs little), and by how much the service's peak memory grew. Needs target/release/wangge and
// target/release/examples/points (cargo build --release --example points). Loopback only.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { resolve } from 'node:path';

const [store, ...rest] = process.argv.slice(2);
const corners = rest.slice(0, 4);
const COUNT = rest[4] ?? '1000000';
const RUNS = 5;
const FORMS = { csv: 'text/csv', ndjson: 'application/x-ndjson', json: 'application/json', arrow: 'application/vnd.apache.arrow.stream' };

const service = spawn(resolve('target/release/wangge'), ['--store', store, 'serve', '--listen', '127.0.0.1:0'], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
const line = await new Promise((done, fail) => {
  service.stdout.once('data', (data) => done(String(data)));
  service.once('exit', () => fail(new Error('the service did not start')));
});
const base = line.match(/http:\/\/[^/\s]+/)[0];
const status = (field) => Number(readFileSync(`/proc/${service.pid}/status`, 'utf8').match(new RegExp(`${field}:\\s+(\\d+)`))[1]) / 1024;

const post = (kind, body) =>
  new Promise((done, fail) => {
    const began = process.hrtime.bigint();
    const request = http.request(`${base}/api/locate`, { method: 'POST', headers: { 'Content-Type': kind, 'Content-Length': body.length } }, (response) => {
      let size = 0;
      response.on('data', (data) => (size += data.length));
      response.on('end', () => done({ seconds: Number(process.hrtime.bigint() - began) / 1e9, size, status: response.statusCode }));
      response.on('error', fail);
    });
    request.on('error', fail);
    request.end(body);
  });

try {
  console.log('| form | sent | answered | median | all runs | peak memory grew by |\n|---|---|---|---|---|---|');
  for (const [form, kind] of Object.entries(FORMS)) {
    const body = execFileSync(resolve('target/release/examples/points'), [form, COUNT, ...corners], { maxBuffer: 1 << 30 });
    // The peak is forgotten: what counts is how far it rises from what the service holds now.
    writeFileSync(`/proc/${service.pid}/clear_refs`, '5');
    const before = status('VmRSS');
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await post(kind, body));
    const grown = status('VmHWM') - before;
    if (runs.some((run) => run.status !== 200)) throw new Error(`${form}: ${runs[0].status}`);
    const times = runs.map((run) => run.seconds).sort((a, b) => a - b);
    const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
    console.log(`| ${form} | ${mb(body.length)} | ${mb(runs[0].size)} | ${times[RUNS >> 1].toFixed(2)} s | ${times.map((t) => t.toFixed(2)).join(' ')} | ${grown.toFixed(1)} MiB |`);
  }
} finally {
  service.kill('SIGTERM');
}
