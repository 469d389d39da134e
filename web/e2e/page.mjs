// A browser on a running service, with an ear for everything that goes wrong.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const BASE = (process.env.BASE_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const SHOTS = process.env.SCREENSHOT_DIR;
/** Software rendering on a busy machine is slow, milliseconds. */
export const PATIENCE = 90_000;
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--ignore-gpu-blocklist', '--enable-unsafe-swiftshader', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** What went wrong on the page. */
export const faults = [];

function listen(to) {
  to.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  to.on('console', (message) => {
    // MapLibre tells of images and letters that are missing here only.
    if (['error', 'warning'].includes(message.type()) && !/GL Driver|WebGL|GPU stall/.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  to.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    if (!why.includes('ERR_ABORTED')) faults.push(`failed: ${request.url()} ${why}`);
  });
  to.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  to.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const own = origin === new URL(BASE).origin || ['data:', 'blob:', 'about:'].includes(protocol);
    if (!own) faults.push(`outside request: ${request.url()}`);
  });
}

/** A page on the screen, its map drawn. */
export async function open(hash) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(PATIENCE);
  listen(page);
  await page.goto(`${BASE}/${hash}`);
  await page.waitForSelector('[data-layer-row]');
  await idle(page);
  return { browser, page };
}

export async function idle(page) {
  await page.waitForTimeout(400);
  await page.waitForFunction(() => document.documentElement.dataset.idle === 'true');
}

export async function shot(page, name) {
  if (!SHOTS) return;
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}
