// The three styles against a running service with the demo places, each at four zooms: `BASE_URL=http://127.0.0.1:8080 npm run e2e`.
// Environment as for screen.e2e.mjs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BASE, faults, idle, open, shot } from './page.mjs';

const STYLES = ['dark', 'light', 'print'];
/** County, town, grids, houses; the last one tilted. */
const VIEWS = ['9.2/28.42/104.78', '11.8/28.437/104.72', '14.3/28.4386/104.7092', '16.4/28.4386/104.7092/-18/55'];

let browser;
let page;

before(async () => {
  ({ browser, page } = await open(''));
});

after(() => browser?.close());

/** How many colours a sparse sample of the map's pixels has. */
async function coloursDrawn() {
  return page.evaluate(
    () =>
      new Promise((done) => {
        const { map } = window.wangge;
        map.once('render', () => {
          const gl = map.painter.context.gl;
          const pixels = new Uint8Array(gl.drawingBufferWidth * gl.drawingBufferHeight * 4);
          gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
          const seen = new Set();
          for (let at = 0; at < pixels.length; at += 4 * 97) seen.add(`${pixels[at]},${pixels[at + 1]},${pixels[at + 2]}`);
          done(seen.size);
        });
        map.triggerRepaint();
      }),
  );
}

describe('the styles', { concurrency: false }, () => {
  for (const style of STYLES) {
    for (const [at, view] of VIEWS.entries()) {
      test(`${style} draws the map at ${view}`, async () => {
        const chosen = style === 'dark' ? '' : `&style=${style}`;
        await page.goto('about:blank');
        await page.goto(`${BASE}/#place=511526&map=${view}${chosen}`);
        await page.waitForSelector('[data-layer-row]');
        await idle(page);
        assert.ok((await coloursDrawn()) > 20, 'the canvas is empty');
        assert.equal(await page.locator(`[data-style="${style}"]`).getAttribute('aria-pressed'), 'true');
        await shot(page, `${style}-${at + 1}`);
      });
    }
  }

  test('a press changes the style and keeps the view, the switches and the asked point', async () => {
    await page.goto('about:blank');
    await page.goto(`${BASE}/#place=511526&map=13.2/28.4386/104.7092&off=camera&at=104.7092,28.4386`);
    await page.waitForSelector('.answer[data-state="answer"]');
    await idle(page);
    await page.locator('[data-style="light"]').click();
    await page.waitForFunction(() => window.wangge.map.getStyle()?.name === 'wangge light');
    await idle(page);
    const hash = await page.evaluate(() => location.hash);
    assert.match(hash, /style=light/);
    assert.match(hash, /map=13\.2\/28\.43/);
    const state = await page.evaluate(() => {
      const { map } = window.wangge;
      const features = map.queryRenderedFeatures();
      return {
        outlined: features.some(({ layer }) => layer.id.startsWith('~owner|line')),
        named: features.some(({ layer }) => layer.id.endsWith('|label')),
        cameras: map.getLayoutProperty('camera|circle', 'visibility'),
        mode: document.documentElement.dataset.mode,
      };
    });
    assert.deepEqual(state, { outlined: true, named: true, cameras: 'none', mode: 'light' });
    await shot(page, 'light-answer');
  });

  test('an address with another style changes it in the same tab', async () => {
    await page.evaluate(() => void (location.hash = location.hash.replace('style=light', 'style=print')));
    await page.waitForFunction(() => window.wangge.map.getStyle()?.name === 'wangge print');
    await idle(page);
  });

  test('the legend tells what has no height', async () => {
    assert.match(await page.locator('[data-heights="building"]').innerText(), /有高度[^]*无高度/);
  });

  test('nothing failed and nothing was asked of another host', () => {
    assert.deepEqual(faults, []);
  });
});
