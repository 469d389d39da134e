// The screen against a running service with the demo places: `BASE_URL=http://127.0.0.1:8080 npm run e2e`.
// Environment: BASE_URL; CHROMIUM (default /usr/bin/chromium); SCREENSHOT_DIR to keep pictures; WANGGE and WANGGE_STORE, the program
// and the service's store, to write beside it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BASE, PATIENCE, faults, idle as idleOf, open, shot as shotOf } from './page.mjs';

/** Ground of 珙县 where no bubble lies. */
const GONGXIAN = { lon: 104.758, lat: 28.398 };

let browser;
let page;

const idle = () => idleOf(page);
const shot = (name) => shotOf(page, name);

/** Names of a layer's features that are drawn now. */
const drawn = (layer) =>
  page.evaluate((id) => {
    const found = window.wangge.map.queryRenderedFeatures().filter((feature) => feature.sourceLayer === id);
    return [...new Set(found.map((feature) => feature.properties.name))];
  }, layer);

async function pixelOf({ lon, lat }) {
  return page.evaluate(([x, y]) => {
    const at = window.wangge.map.project([x, y]);
    return [at.x, at.y];
  }, [lon, lat]);
}

const flip = (layer) => page.locator(`[data-layer-row="${layer}"]`).click();

before(async () => {
  ({ browser, page } = await open(''));
});

after(() => browser?.close());

describe('the screen', { concurrency: false }, () => {
  test('opens on 珙县 and draws it', async () => {
    await shot('1-start');
    assert.equal(await page.locator('.place[aria-pressed="true"]').innerText(), '珙县');
    assert.ok((await drawn('base.county')).includes('珙县'));
  });

  test('lists the layers with Chinese titles and counts', async () => {
    const rows = await page.locator('[data-layer-row]').evaluateAll((all) => all.map((row) => row.innerText));
    assert.ok(rows.length >= 5, `only ${rows.length} layers`);
    for (const row of rows) assert.match(row, /\p{Script=Han}/u);
    assert.match(await page.locator('[data-layer-row="base.county"] .count').innerText(), /^\d+$/);
  });

  test('writes names on the map', async () => {
    const names = await page.evaluate(() => window.wangge.map.queryRenderedFeatures().filter((feature) => feature.layer.type === 'symbol').map((feature) => feature.properties.name));
    assert.ok(names.includes('珙县'), names.join(' '));
  });

  test('a switch hides a layer, is kept in the address, and shows the layer again', async () => {
    await flip('base.county');
    await idle();
    assert.deepEqual(await drawn('base.county'), []);
    assert.match(await page.evaluate(() => location.hash), /off=base\.county/);
    await flip('base.county');
    await idle();
    assert.ok((await drawn('base.county')).includes('珙县'));
  });

  test('a click answers with the chain from 珙县 down and the staff', async () => {
    await page.mouse.click(...(await pixelOf(GONGXIAN)));
    await page.waitForSelector('.answer[data-state="answer"]', { timeout: PATIENCE });
    await idle();
    const chain = await page.locator('.answer-body > .section > .chain .step-name').allInnerTexts();
    assert.equal(chain[0], '珙县');
    assert.ok(chain.length >= 4, chain.join(' > '));
    const staff = await page.locator('.answer .person-name').allInnerTexts();
    assert.ok(staff.length > 0 && staff.every((name) => name.trim().length > 0), 'no staff');
    assert.match(await page.evaluate(() => location.hash), /place=511526.*at=104\.7/);
    await shot('2-answer');
  });

  test('a step of the chain brings the map near, with the owner outlined', async () => {
    await page.locator('.step.is-owner button').first().click();
    await page.waitForTimeout(1200);
    await idle();
    const outlined = await page.evaluate(() => window.wangge.map.queryRenderedFeatures().some((feature) => feature.layer.id.startsWith('~owner|line')));
    assert.ok(outlined);
    await shot('3-owner');
  });

  test('Escape closes the answer', async () => {
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.answer').isVisible(), false);
  });

  test('3D tilts the map', async () => {
    await page.locator('[data-tilt]').click();
    await page.waitForTimeout(1000);
    await idle();
    assert.ok((await page.evaluate(() => window.wangge.map.getPitch())) > 40);
    await shot('4-tilted');
  });

  test('the same address opens the same view, tilt too', async () => {
    const before = await page.evaluate(() => location.hash);
    await page.reload();
    await page.waitForSelector('[data-layer-row]', { timeout: PATIENCE });
    await idle();
    const zoom = Number(/map=([\d.]+)/.exec(before)[1]);
    assert.ok(Math.abs((await page.evaluate(() => window.wangge.map.getZoom())) - zoom) < 0.02);
    assert.ok((await page.evaluate(() => window.wangge.map.getPitch())) > 40);
  });

  test('another place is one press away', async () => {
    await page.locator('[data-place="320281"]').click();
    await page.waitForTimeout(2000);
    await idle();
    assert.match((await drawn('base.county')).join(' '), /江阴/);
    await shot('5-jiangyin');
  });

  test('a street of a county is two presses away', async () => {
    await page.locator('[data-place="330114"]').click();
    await page.locator('.parts summary').click();
    await page.locator('[data-part="330114002"]').click();
    await page.waitForTimeout(2000);
    await idle();
    assert.ok((await drawn('base.grid')).length > 50);
    await shot('6-baiyang');
  });

  test('a bubble tells what it stands for, and opens where it is pressed', async () => {
    await page.evaluate(() => void (location.hash = '#place=511526&map=9.2/28.2/104.8&on=emergency_resource'));
    await page.waitForTimeout(1500);
    await idle();
    const found = await page.evaluate(() => {
      const { map } = window.wangge;
      const { clientWidth, clientHeight } = map.getContainer();
      const box = [[400, 100], [clientWidth - 100, clientHeight - 100]];
      const bubbles = map.queryRenderedFeatures(box, { layers: ['emergency_resource|cluster'] });
      return bubbles.flatMap(({ geometry, properties }) => {
        const { x, y } = map.project(geometry.coordinates);
        const top = map.queryRenderedFeatures([x, y], { layers: map.getStyle().layers.map(({ id }) => id).filter((id) => /\|(circle|cluster)$/.test(id)) })[0];
        return top?.id === undefined || top.properties.cluster !== true ? [] : [{ x, y, total: top.properties.point_count, apart: top.properties.expansion_zoom }];
      })[0];
    });
    assert.ok(found, 'no bubble is drawn');
    await page.mouse.move(found.x, found.y);
    await page.waitForSelector('.tip-popup strong');
    assert.equal(await page.locator('.tip-popup strong').innerText(), String(found.total));
    await shot('7-bubbles');
    await page.mouse.click(found.x, found.y);
    await page.waitForTimeout(1500);
    await idle();
    assert.ok((await page.evaluate(() => window.wangge.map.getZoom())) >= found.apart - 0.01);
    assert.equal(await page.locator('.answer').isVisible(), false);
  });

  test('another address in the same tab is followed', async () => {
    await page.evaluate(() => void (location.hash = '#place=511526&off=camera&at=104.7092,28.4386'));
    await page.waitForSelector('.answer[data-state="answer"]', { timeout: PATIENCE });
    await page.waitForTimeout(2000);
    await idle();
    assert.equal(await page.locator('.place[aria-pressed="true"]').innerText(), '珙县');
    assert.ok((await drawn('base.county')).includes('珙县'));
    assert.equal(await page.locator('input[data-layer="camera"]').isChecked(), false);
  });

  test('what another program writes comes onto the map by itself', { skip: !process.env.WANGGE && 'WANGGE and WANGGE_STORE name no program and store' }, async () => {
    const count = () => page.locator('[data-layer-row="emergency_resource"] .count').innerText();
    const [before, asked] = [await count(), []];
    page.on('request', (request) => asked.push(request.url()));
    const { lon, lat } = GONGXIAN;
    const file = join(await mkdtemp(join(tmpdir(), 'wangge-')), 'new.csv');
    await writeFile(file, `code,name,kind,lon,lat\nNEW-1,新避难所,shelter,${lon},${lat}\n`);
    execFileSync(process.env.WANGGE, ['import', file, '--layer', 'emergency_resource', '--fields', 'code=code,name=name']);
    await page.waitForFunction((was) => document.querySelector('[data-layer-row="emergency_resource"] .count').innerText !== was, before);
    await idle();
    const tiles = asked.filter((url) => url.includes('/api/tiles/'));
    assert.ok(tiles.some((url) => url.includes('/emergency_resource/')), 'no tile was asked for anew');
    assert.ok(!tiles.some((url) => url.includes('/base.county/')), 'tiles of a layer that did not change were asked for');
  });

  test('nothing failed and nothing was asked of another host', () => {
    assert.deepEqual(faults, []);
  });
});
