// What a page looks like before its scripts have run: whatever the server and the module have to say comes too late.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { dashain, usual } from './support/festivals.mjs';
import { Cinema } from './support/seat.mjs';
import { StandIn } from './support/stand_in.mjs';
import { comesTrue } from './support/waiting.mjs';
import { Wardrobe } from './support/wardrobe.mjs';

leavesNothingOpen();

let cinema;
before(async () => { cinema = await Cinema.open(); });
after(() => cinema?.close());

const dressed = '#b3261e | visible | Happy Dashain! | rgb(122, 23, 18)';
const undressed = ' | hidden | No festival | rgba(0, 0, 0, 0)';
const by_stylesheet = '#b3261e | hidden | No festival | rgba(0, 0, 0, 0)';

// How each frame looked, those that look alike once, until `enough` were seen.
async function frames(page, enough = 3) {
  await comesTrue(() => page.run((enough) => window.frames_seen.length >= enough, enough), `${enough} frames`);
  return [...new Set(await page.run(() => window.frames_seen))];
}

// A page that has been open in a festival, and is loaded again with its module held back.
async function visited(test, stand_in, { until = null, ...how } = {}) {
  stand_in.wears('NP', dashain, { until });
  const page = await Wardrobe.opens(test, cinema, stand_in, how);
  await page.wears('dashain');
  return page;
}
async function loaded_again(page, stand_in, url = page.url) {
  const go = stand_in.hold(/theme\.js|\/theme\/.*\.json/);
  await page.page.goto(url, { waitUntil: 'commit' });
  return go;
}

describe('the first frame', () => {
  for (const stylesheet of [false, true])
    it(`is dressed in the middle of a festival, ${stylesheet ? 'with' : 'without'} a stylesheet`, async (test) => {
      const stand_in = await StandIn.opens(test);
      const page = await visited(test, stand_in, { stylesheet });
      const seen = await page.screenshot();
      const go = await loaded_again(page, stand_in);
      assert.deepEqual(await frames(page), [dressed]);
      assert.equal(await page.run(() => document.documentElement.dataset.hcTheme), 'dashain');
      assert.deepEqual(await page.screenshot(), seen);
      go();
      await page.wears('dashain');
      await page.heard();
      assert.deepEqual(await frames(page), [dressed]);
      assert.deepEqual(await page.screenshot(), seen);
      await page.nothingMoved();
      await page.hasNoComplaint();
    });

  it('is dressed by the snippet within the page too, where the policy allows it by its hash', async (test) => {
    const stand_in = await StandIn.opens(test);
    const page = await visited(test, stand_in);
    const snippet = readFileSync(new URL('../../web/theme/boot.js', import.meta.url), 'utf8');
    const policy = `script-src 'self' 'sha256-${createHash('sha256').update(snippet).digest('base64')}'; style-src 'self'`;
    stand_in.policy = policy;
    stand_in.pages.set('/NP', stand_in.pages.get('/NP').replace('<script src="/demo/boot.js">', () => `<script>${snippet}`));
    await loaded_again(page, stand_in);
    assert.deepEqual(await frames(page), [dressed]);
    await page.hasNoComplaint();
  });

  it('is dark where that is preferred', async (test) => {
    const stand_in = await StandIn.opens(test);
    const page = await visited(test, stand_in, { look: { colorScheme: 'dark' } });
    await loaded_again(page, stand_in);
    assert.deepEqual(await frames(page), [dressed.replace('#b3261e', '#f2b8b5')]);
  });

  it('is undressed once the festival is over, by its end or by the server', async (test) => {
    const stand_in = await StandIn.opens(test);
    const page = await visited(test, stand_in, { until: stand_in.instant(3) });
    await page.page.goto('about:blank');
    await comesTrue(() => stand_in.now > Date.parse(stand_in.documents.get('NP')[0].validUntil), 'the festival is over');
    const go = await loaded_again(page, stand_in);
    assert.deepEqual(await frames(page), [undressed]);
    stand_in.wears('NP', usual, { tell: false });
    go();
    await page.heard();
    assert.deepEqual(await frames(page, 10), [undressed]);
    assert.deepEqual((await page.everything()).stored, {});
    await loaded_again(page, stand_in);
    assert.deepEqual(await frames(page), [undressed]);
  });

  it('of a first visit has the colours of the stylesheet, and they go when the festival goes', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain);
    const go = stand_in.hold(/theme\.js|\/theme\/.*\.json/);
    const page = await Wardrobe.opens(test, cinema, stand_in, { stylesheet: true });
    assert.deepEqual(await frames(page), [by_stylesheet]);
    go();
    await page.wears('dashain');
    const followed = await frames(page);
    assert.deepEqual(followed, [by_stylesheet, dressed]);
    await page.run(() => { window.frames_seen = []; return window.theme.stop(); });
    assert.deepEqual(await frames(page), [undressed]);
    await page.nothingMoved();
  });

  it('flashes nothing where there is no festival', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', usual);
    const page = await Wardrobe.opens(test, cinema, stand_in, { stylesheet: true });
    await page.heard();
    assert.deepEqual(await frames(page, 10), [undressed]);
    assert.equal(await page.run(() => window.fades), 0);
  });

  it('is not that of another country', async (test) => {
    const stand_in = await StandIn.opens(test);
    const page = await visited(test, stand_in);
    stand_in.pages.set('/AU', stand_in.pages.get('/NP').replaceAll('NP', 'AU'));
    const go = await loaded_again(page, stand_in, `${stand_in.origin}/AU`);
    assert.deepEqual(await frames(page), [undressed]);
    go();
    await page.heard();
    assert.deepEqual(await frames(page, 10), [undressed]);
  });

  it('is undressed without a trace where the festival ended meanwhile', async (test) => {
    const stand_in = await StandIn.opens(test);
    const page = await visited(test, stand_in, { hash: '#x' });
    await page.run(() => window.theme.stop());
    const undressed_page = await page.everything();
    await page.run(() => window.theme.start());
    await page.wears('dashain');
    const go = await loaded_again(page, stand_in, 'about:blank').then((release) => { release(); return loaded_again(page, stand_in); });
    assert.deepEqual(await frames(page), [dressed]);
    stand_in.wears('NP', usual, { tell: false });
    go();
    await page.heard();
    await page.wears(null);
    assert.deepEqual(await page.everything(), undressed_page);
    await page.nothingMoved();
  });
});
