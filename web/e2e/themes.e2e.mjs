// Themes and heat against a running service with the demo places: `BASE_URL=http://127.0.0.1:8080 npm run e2e`.
// Environment as for screen.e2e.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BASE, faults, idle, open, shot } from './page.mjs';

/** 珙县, whole. */
const WHOLE = '#place=511526&map=9.6/28.35/104.8';
/** Ground of 珙县 where no bubble lies. */
const GONGXIAN = { lon: 104.758, lat: 28.398 };

let browser;
let page;

before(async () => {
  ({ browser, page } = await open(WHOLE));
});

after(() => browser?.close());

const pick = (name, value) => page.locator(`[data-theme="${name}"]`).selectOption(value);
const hash = () => page.evaluate(() => location.hash);
const answered = () => page.waitForFunction(() => document.querySelector('.theme-told .classes') && !document.querySelector('.theme-told.is-waiting'));

/** What the map shows of a level's theme: the state of each drawn grid, by its code. */
const painted = (level) =>
  page.evaluate((id) => {
    const { map } = window.wangge;
    if (map.getLayoutProperty(`${id}|theme`, 'visibility') !== 'visible') return null;
    const found = map.queryRenderedFeatures({ layers: [`${id}|theme`] });
    return Object.fromEntries(found.map(({ properties, state }) => [properties.code, state.class]));
  }, level);

/** What the service answers, as the map should paint it. */
async function expected(level, query) {
  const { values, classes } = await (await fetch(`${BASE}/api/stats/${level}?${query}`)).json();
  const shade = (value) => {
    const number = classes.findIndex(({ from, to }) => from <= value && value <= to);
    return value === null ? 5 : Math.round((number * 4) / Math.max(1, classes.length - 1));
  };
  return { classes, shades: new Map(values.map(({ code, value }) => [code, shade(value)])) };
}

async function assertPainted(level, query) {
  const [{ shades }, drawn] = [await expected(level, query), await painted(level)];
  const codes = Object.keys(drawn);
  assert.ok(codes.length > 3, `${codes.length} grids are drawn`);
  for (const code of codes) assert.equal(drawn[code], shades.get(code), code);
}

describe('themes', { concurrency: false }, () => {
  test('a level, a measure and a layer paint the grids, with a legend of breaks and counts', async () => {
    await pick('level', 'base.community');
    await pick('layer', 'camera');
    await answered();
    await idle(page);
    const { classes } = await expected('base.community', 'measure=count&layer=camera');
    const lines = await page.locator('.classes li').evaluateAll((all) => all.map((line) => line.innerText.replaceAll(/\s+/g, ' ')));
    assert.equal(lines.length, classes.length);
    const { from, to, grids } = classes.at(-1);
    assert.ok(lines[0].includes(`${from} – ${to}`) && lines[0].includes(`${grids} 个`), lines[0]);
    await assertPainted('base.community', 'measure=count&layer=camera');
    assert.match(await hash(), /theme=base\.community,count,camera/);
    await shot(page, 'theme-dark');
  });

  test('the pointer tells what a grid has', async () => {
    const at = await page.evaluate(({ lon, lat }) => {
      const { map } = window.wangge;
      const { x, y } = map.project([lon, lat]);
      const code = map.queryRenderedFeatures([x, y], { layers: ['base.community|theme'] })[0]?.properties.code;
      return { x, y, code };
    }, GONGXIAN);
    await page.mouse.move(at.x, at.y);
    await page.waitForSelector('.tip-popup b');
    assert.match(await page.locator('.tip-popup').innerText(), /数量/);
  });

  for (const style of ['light', 'print']) {
    test(`${style} paints the same grids`, async () => {
      await page.locator(`[data-style="${style}"]`).click();
      await page.waitForFunction((name) => window.wangge.map.getStyle()?.name === `wangge ${name}`, style);
      await idle(page);
      await assertPainted('base.community', 'measure=count&layer=camera');
      await shot(page, `theme-${style}`);
    });
  }

  test('the address opens the same theme, with its field and its filter', async () => {
    await page.goto('about:blank');
    await page.goto(`${BASE}/${WHOLE}&theme=base.street,sum,emergency_resource,capacity&filter=${encodeURIComponent("kind = 'shelter'")}`);
    await answered();
    await idle(page);
    assert.equal(await page.locator('[data-theme="field"]').inputValue(), 'capacity');
    const filter = new URLSearchParams({ filter: "kind = 'shelter'" });
    await assertPainted('base.street', `measure=sum&layer=emergency_resource&field=capacity&${filter}`);
    await shot(page, 'theme-sum');
  });

  test('a share asks for its filter, and a fault of the filter is told', async () => {
    await pick('measure', 'share');
    await answered();
    await idle(page);
    await assertPainted('base.street', `measure=share&layer=emergency_resource&${new URLSearchParams({ filter: "kind = 'shelter'" })}`);
    const filter = page.locator('[data-theme="filter"]');
    await filter.fill('');
    await filter.press('Enter');
    await page.waitForSelector('.theme-told .hint');
    assert.equal(await painted('base.street'), null);
    assert.deepEqual(faults, []);
    await filter.fill('kind =');
    await filter.press('Enter');
    await page.waitForSelector('.theme-fault');
    assert.match(await page.locator('.theme-fault').innerText(), /character 7/);
    await filter.fill('');
    await filter.press('Enter');
    // The browser tells of the refusal too, as it should.
    assert.ok(faults.splice(0).every((fault) => fault.includes('400')));
  });

  test('what another program writes changes the theme', { skip: !process.env.WANGGE && 'WANGGE and WANGGE_STORE name no program and store' }, async () => {
    await pick('level', 'base.community');
    await pick('measure', 'count');
    await pick('layer', 'gate');
    await answered();
    await idle(page);
    const total = () => page.locator('.theme-sum b').first().innerText();
    const before = await total();
    const file = join(await mkdtemp(join(tmpdir(), 'wangge-')), 'gates.csv');
    const rows = Array.from({ length: 40 }, (_, n) => `THEME-${Date.now()}-${n},门,${GONGXIAN.lon + n * 1e-5},${GONGXIAN.lat}`);
    await writeFile(file, `code,name,lon,lat\n${rows.join('\n')}\n`);
    execFileSync(process.env.WANGGE, ['import', file, '--layer', 'gate', '--fields', 'code=code,name=name']);
    await page.waitForFunction((was) => document.querySelector('.theme-sum b')?.innerText !== was, before);
    assert.equal(Number((await total()).replace(',', '')), Number(before.replace(',', '')) + 40);
    await idle(page);
    await assertPainted('base.community', 'measure=count&layer=gate');
  });

  test('no theme leaves no paint, no state and no address', async () => {
    await pick('level', '');
    await idle(page);
    assert.equal(await painted('base.community'), null);
    const states = await page.evaluate(() => {
      const { map } = window.wangge;
      const found = map.querySourceFeatures('base.community', { sourceLayer: 'base.community' });
      return found.filter(({ properties }) => map.getFeatureState({ source: 'base.community', sourceLayer: 'base.community', id: properties.code }).class !== undefined).length;
    });
    assert.equal(states, 0);
    assert.equal(await page.locator('.classes').count(), 0);
    assert.doesNotMatch(await hash(), /theme=/);
  });

  for (const style of ['dark', 'light', 'print']) {
    test(`${style} shows points as heat in the place of their marks`, async () => {
      await page.goto('about:blank');
      await page.goto(`${BASE}/#place=511526&map=11.3/28.437/104.73${style === 'dark' ? '' : `&style=${style}`}&heat=camera`);
      await page.waitForSelector('[data-heat="camera"][aria-pressed="true"]');
      await idle(page);
      const shown = (part) => page.evaluate((id) => window.wangge.map.getLayoutProperty(id, 'visibility'), `camera|${part}`);
      assert.deepEqual([await shown('heat'), await shown('circle'), await shown('cluster')], ['visible', 'none', 'none']);
      await shot(page, `heat-${style}`);
    });
  }

  test('a press shows the points again', async () => {
    await page.locator('[data-heat="camera"]').click();
    await idle(page);
    const shown = await page.evaluate(() => ['heat', 'circle'].map((part) => window.wangge.map.getLayoutProperty(`camera|${part}`, 'visibility')));
    assert.deepEqual(shown, ['none', 'visible']);
    assert.doesNotMatch(await hash(), /heat=/);
  });

  test('nothing failed and nothing was asked of another host', () => {
    assert.deepEqual(faults, []);
  });
});
