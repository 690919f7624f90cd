// The theme client in Chromium, where a stand-in says what is worn and when.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { christmas, dashain, overlap, usual } from './support/festivals.mjs';
import { Cinema } from './support/seat.mjs';
import { StandIn } from './support/stand_in.mjs';
import { comesTrue } from './support/waiting.mjs';
import { Wardrobe } from './support/wardrobe.mjs';

leavesNothingOpen();

let cinema;
before(async () => { cinema = await Cinema.open(); });
after(() => cinema?.close());

const red = 'rgb(179, 38, 30)';
const backgroundOf = (locator) => locator.evaluate((element) => getComputedStyle(element).backgroundColor);
const connected = (page) => comesTrue(() => page.run(() => window.socket?.connected), 'the socket is connected');

describe('a page in a festival', () => {
  it('is dressed in all that the document says, and tells of it', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain);
    const page = await Wardrobe.opens(test, cinema, stand_in);
    await page.wears('dashain');
    assert.equal(await page.property('--hc-color-on-primary'), '#ffffff');
    assert.equal(await page.property('--hc-image-background'), 'url("/demo/art/sparkles.svg")');
    assert.equal(await page.property('--hc-font-heading'), '"Mukta", serif');
    assert.equal(await backgroundOf(page.banner), red);
    assert.equal(await page.banner.innerText().then((text) => text.split('\n')[0]), 'Happy Dashain!');
    assert.equal(await page.banner.getByRole('link').getAttribute('href'), '/demo/');
    assert.equal(await page.page.locator('section h2').textContent(), 'Gifts of Dashain');
    assert.equal(await backgroundOf(page.page.locator('#frame')), 'rgb(122, 23, 18)');
    assert.equal(await page.run(() => document.documentElement.dataset.hcThemeVersion), '1');
    assert.deepEqual(await page.run(() => window.changes), ['Dashain']);
    assert.deepEqual(await page.run(() => window.theme.current.festival), { id: '1', name: 'Dashain' });
    await page.hasNoComplaint();
  });

  it('follows a festival that overlaps, with the greater bonuses, and returns to the one that runs on', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain);
    const page = await Wardrobe.opens(test, cinema, stand_in);
    await page.wears('dashain');
    await connected(page);
    stand_in.wears('NP', overlap);
    await page.wears('christmas');
    assert.deepEqual(await page.run(() => window.theme.bonuses()), overlap.bonuses);
    assert.equal(await page.property('--hc-image-background'), '');
    assert.equal(await page.page.locator('section h2').textContent(), 'Gifts');
    stand_in.wears('NP', dashain);
    await page.wears('dashain');
    stand_in.wears('NP', usual);
    await page.wears(null);
    assert.deepEqual(await page.run(() => window.theme.bonuses()), { giftMultiplier: 1, coinMultiplier: 1, experienceMultiplier: 1 });
    assert.deepEqual(await page.run(() => window.changes), ['Dashain', 'Christmas', 'Dashain', null]);
  });

  it('takes everything off at validUntil by itself, and asks what follows', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain, { until: stand_in.instant(3600) });
    const page = await Wardrobe.opens(test, cinema, stand_in, { hash: '#undressed' });
    await comesTrue(() => page.run(() => Boolean(window.theme)), 'the module is there');
    const undressed = await page.everything();
    await page.run(() => window.theme.start());
    await page.wears('dashain');
    // The server is late: it says what is over already.
    stand_in.documents.get('NP')[0].validUntil = stand_in.instant(1.5);
    await page.run(() => window.theme.refresh());
    await page.wears(null);
    assert.deepEqual(await page.everything(), undressed);
    const asked = stand_in.times(/NP\.json/);
    await comesTrue(() => stand_in.times(/NP\.json/) > asked, 'the server is asked again');
    stand_in.wears('NP', christmas, { tell: false });
    await page.run(() => dispatchEvent(new Event('online'))); // or wait for the next time it asks
    await page.wears('christmas');
  });

  it('passes from one festival into the next without a bare moment, where the server is a little late', async (test) => {
    const stand_in = await StandIn.opens(test);
    const { validUntil } = stand_in.wears('NP', dashain, { until: stand_in.instant(15) });
    const page = await Wardrobe.opens(test, cinema, stand_in, { before: (page) => page.clock.install(), look: { reducedMotion: 'reduce' } });
    await page.wears('dashain');
    await connected(page);
    await page.page.clock.pauseAt(Date.parse(validUntil) + 300);
    stand_in.wears('NP', christmas);
    await comesTrue(() => page.run(() => window.changes.includes('Christmas')), 'the next festival is worn');
    assert.deepEqual(await page.run(() => window.changes), ['Dashain', 'Christmas']);
  });

  it('is bare two seconds after the end where the server says nothing new', async (test) => {
    const stand_in = await StandIn.opens(test);
    const { validUntil } = stand_in.wears('NP', dashain, { until: stand_in.instant(3600) });
    const page = await Wardrobe.opens(test, cinema, stand_in, { before: (page) => page.clock.install(), look: { reducedMotion: 'reduce' } });
    await page.wears('dashain');
    await page.page.clock.pauseAt(Date.parse(validUntil) + 300);
    assert.deepEqual(await page.run(() => window.changes), ['Dashain']);
    await page.page.clock.runFor(1700);
    assert.deepEqual(await page.run(() => window.changes), ['Dashain', null]);
  });

  it('takes it off months ahead, on the instant', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain, { until: stand_in.instant(60 * 86400) });
    const page = await Wardrobe.opens(test, cinema, stand_in, { before: (page) => page.clock.install(), look: { reducedMotion: 'reduce' } });
    await page.wears('dashain');
    for (const days of [20, 20, 19]) await page.page.clock.fastForward(days * 86400_000);
    await page.wears('dashain');
    await page.page.clock.fastForward(86400_000);
    await page.wears(null);
  });

  it('takes it off when the machine wakes after the end', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain, { until: stand_in.instant(3600) });
    const page = await Wardrobe.opens(test, cinema, stand_in);
    await page.wears('dashain');
    await page.run(() => {
      window.skipped = 3600_000;
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.wears(null);
  });

  it('never goes back to an older document', async (test) => {
    const stand_in = await StandIn.opens(test);
    const old = stand_in.wears('NP', christmas);
    stand_in.wears('NP', dashain);
    const page = await Wardrobe.opens(test, cinema, stand_in);
    await page.wears('dashain');
    await connected(page);
    const asked = stand_in.times(/theme\/NP\.json\?v=1/);
    stand_in.tell(old);
    stand_in.documents.set('NP', [old]); // a node that is behind
    await page.run(() => window.theme.refresh());
    await page.run(() => window.theme.refresh());
    await page.wears('dashain');
    assert.equal(stand_in.times(/theme\/NP\.json\?v=1/), asked);
    assert.equal(await page.run(() => window.changes.length), 1);
  });

  it('is that of its own country, or of GLOBAL where the country has none', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('GLOBAL', usual);
    stand_in.wears('NP', dashain);
    const nepal = await Wardrobe.opens(test, cinema, stand_in, { country: 'NP' });
    const australia = await Wardrobe.opens(test, cinema, stand_in, { country: 'AU' });
    await nepal.wears('dashain');
    await australia.heard();
    await Promise.all([connected(nepal), connected(australia)]);
    stand_in.wears('GLOBAL', christmas);
    await australia.wears('christmas');
    await nepal.wears('dashain');
    // From now on Australia has its own, whatever its number.
    stand_in.wears('AU', dashain);
    await australia.wears('dashain');
    stand_in.wears('GLOBAL', usual);
    stand_in.wears('NP', usual);
    await nepal.wears(null);
    await australia.wears('dashain');
    assert.equal(stand_in.times(/GLOBAL\.json\?v=3/), 0);
  });

  it('keeps its dress while the server is away, and hears what it missed', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain);
    const page = await Wardrobe.opens(test, cinema, stand_in);
    await page.wears('dashain');
    await connected(page);
    await stand_in.close();
    await comesTrue(() => page.run(() => !window.socket.connected), 'the socket is away');
    await page.run(() => window.theme.refresh());
    await page.wears('dashain');
    stand_in.wears('NP', christmas, { tell: false });
    await stand_in.open();
    await page.wears('christmas');
    await page.hasNoComplaint();
  });

  it('keeps it while the browser is offline, falls back at its end, and is dressed anew as it is online', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain, { until: stand_in.instant(3600) });
    const page = await Wardrobe.opens(test, cinema, stand_in);
    await page.wears('dashain');
    const { stored } = await page.everything();
    assert.match(stored['hotclock-theme'], /Dashain/);
    await page.page.context().setOffline(true);
    await page.run(() => window.theme.refresh());
    await page.wears('dashain');
    await page.run(() => { window.skipped = 3600_000; return window.theme.refresh(); });
    await page.wears(null);
    assert.deepEqual((await page.everything()).stored, {});
    stand_in.wears('NP', christmas, { tell: false });
    await page.page.context().setOffline(false);
    await page.wears('christmas');
  });

  it('is dressed from its last visit where the server cannot be asked', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain);
    const page = await Wardrobe.opens(test, cinema, stand_in);
    await page.wears('dashain');
    await page.page.route('**/theme/**', (route) => route.abort());
    await page.page.reload();
    await page.wears('dashain');
    assert.equal((await page.run(() => window.theme.start())).festival.name, 'Dashain');
    await page.page.unroute('**/theme/**');
    stand_in.wears('NP', usual, { tell: false });
    await page.wears(null); // it has gone on asking
  });

  it('believes the server, not its memory, where versions began anew', async (test) => {
    const stand_in = await StandIn.opens(test);
    for (let version = 0; version < 5; ++version) stand_in.wears('NP', dashain);
    const page = await Wardrobe.opens(test, cinema, stand_in);
    await page.wears('dashain');
    stand_in.documents.clear();
    stand_in.wears('NP', christmas, { tell: false });
    await page.page.reload();
    await page.wears('christmas');
  });

  it('fades where motion is welcome, by colours where the browser knows no view transitions, else not at all', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain);
    const none = () => { delete Document.prototype.startViewTransition; };
    const welcome = await Wardrobe.opens(test, cinema, stand_in, { look: { reducedMotion: 'no-preference' } });
    const older = await Wardrobe.opens(test, cinema, stand_in, { look: { reducedMotion: 'no-preference' }, before: (page) => page.addInitScript(none) });
    const reduced = await Wardrobe.opens(test, cinema, stand_in, { look: { reducedMotion: 'reduce' } });
    for (const page of [welcome, older, reduced]) {
      await page.wears('dashain');
      await page.run(() => {
        window.transitions = 0;
        addEventListener('transitionrun', () => { ++window.transitions; });
      });
      await connected(page);
    }
    const fades = await welcome.run(() => window.fades);
    stand_in.wears('NP', christmas);
    for (const page of [welcome, older, reduced]) await page.wears('christmas');
    assert.equal(await welcome.run(() => window.fades), fades + 1);
    assert.ok(await older.run(() => window.transitions) > 0);
    await comesTrue(() => older.run(() => document.adoptedStyleSheets.length === 1), 'only the skins stay');
    assert.equal(await reduced.run(() => window.fades + window.transitions), 0);
    for (const page of [welcome, older, reduced]) await page.hasNoComplaint();
  });

  it('is dark where that is preferred, and follows when it changes', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain);
    const page = await Wardrobe.opens(test, cinema, stand_in, { look: { colorScheme: 'dark' } });
    await page.wears('dashain');
    assert.equal(await page.property('--hc-color-primary'), '#f2b8b5');
    assert.equal(await page.property('--hc-color-accent'), '#ffd166');
    await page.page.emulateMedia({ colorScheme: 'light' });
    await comesTrue(async () => await page.property('--hc-color-primary') === '#b3261e', 'the light colours are back');
    await page.page.emulateMedia({ colorScheme: 'dark' });
    await comesTrue(async () => await page.property('--hc-color-primary') === '#f2b8b5', 'the dark colours are back');
    await page.run(() => window.theme.stop());
    assert.equal(await page.run(() => document.documentElement.hasAttribute('style')), false);
  });

  it('dresses what comes later, and undresses what is taken away', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain);
    const page = await Wardrobe.opens(test, cinema, stand_in);
    await page.wears('dashain');
    await page.run(() => {
      window.late = document.createElement('p');
      window.late.dataset.hcElement = 'badge';
      window.late.dataset.hcText = '';
      window.late.append('late');
      document.body.append(window.late);
    });
    await comesTrue(() => page.run(() => window.late.textContent === 'Dashain'), 'the late one is dressed');
    await page.run(() => window.late.remove());
    await comesTrue(() => page.run(() => window.late.textContent === 'late'), 'and undressed');
  });

  it('preloads what comes next with its images, and wears it at its instant with nobody to ask', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain, { until: stand_in.instant(3600) });
    const page = await Wardrobe.opens(test, cinema, stand_in);
    await page.wears('dashain');
    assert.equal(await page.run(() => window.theme.preload('a-viewer')), null);
    await assert.rejects(page.run(() => window.theme.preload()), /status 401/);
    stand_in.upcoming.set('NP', { ...stand_in.wears('AU', christmas), country: 'NP' });
    assert.equal((await page.run(() => window.theme.preload('a-viewer'))).name, 'christmas');
    assert.equal(stand_in.times(/snow\.svg/), 1);
    await page.page.context().setOffline(true);
    await page.run(() => { window.skipped = 3600_000; return window.theme.refresh(); });
    await page.wears('christmas');
  });
});

describe('a page that is undressed', () => {
  for (const stylesheet of [false, true])
    it(`is as it was before, after stop, ${stylesheet ? 'with' : 'without'} a stylesheet`, async (test) => {
      const stand_in = await StandIn.opens(test);
      const page = await Wardrobe.opens(test, cinema, stand_in, { stylesheet, hash: '#undressed' });
      await comesTrue(() => page.run(() => Boolean(window.theme)), 'the module is there');
      const undressed = await page.everything();
      const seen = await page.screenshot();
      stand_in.wears('NP', dashain, { tell: false });
      await page.run(() => window.theme.start());
      await page.wears('dashain');
      assert.notDeepEqual(await page.screenshot(), seen);
      await page.run(() => window.theme.stop());
      assert.deepEqual(await page.everything(), undressed);
      await page.settles();
      assert.deepEqual(await page.screenshot(), seen);
      // And nobody listens any more.
      const asked = stand_in.times(/theme\//);
      assert.equal(await page.run(() => window.socket.listeners('theme:changed').length + window.socket.listeners('connect').length), 0);
      await page.run(() => { dispatchEvent(new Event('online')); document.dispatchEvent(new Event('visibilitychange')); });
      await page.page.emulateMedia({ colorScheme: 'dark' });
      await page.settles();
      assert.equal(stand_in.times(/theme\//), asked);
      // It can be dressed again.
      await page.page.emulateMedia({ colorScheme: 'light' });
      await page.run(() => window.theme.start());
      await page.wears('dashain');
      await page.hasNoComplaint();
    });

  it('stays so where it is stopped in the middle of a fade', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain);
    const page = await Wardrobe.opens(test, cinema, stand_in, { hash: '#undressed' });
    await comesTrue(() => page.run(() => Boolean(window.theme)), 'the module is there');
    const undressed = await page.everything();
    await page.run(async () => {
      await window.theme.start(); // the fade has been asked for, its change is still to come
      await window.theme.stop();
    });
    await page.settles();
    assert.deepEqual(await page.everything(), undressed);
    await page.hasNoComplaint();
  });

  it('looks the same after a whole festival as before, and nothing moved', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', usual);
    const page = await Wardrobe.opens(test, cinema, stand_in, { stylesheet: true });
    await page.heard();
    await connected(page);
    const undressed = await page.everything();
    const seen = await page.screenshot();
    stand_in.wears('NP', dashain);
    await page.wears('dashain');
    stand_in.wears('NP', overlap);
    await page.wears('christmas');
    stand_in.wears('NP', usual);
    await page.wears(null);
    assert.deepEqual(await page.everything(), undressed);
    assert.deepEqual(await page.screenshot(), seen);
    await page.nothingMoved();
    await page.hasNoComplaint();
  });
});
