// The streaming page of the demo, dressed by a stand-in: in light and dark, on a desk and on a phone.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { christmas, dashain, overlap, usual } from './support/festivals.mjs';
import { barriers, Cinema, countFades, wider } from './support/seat.mjs';
import { StandIn } from './support/stand_in.mjs';
import { comesTrue } from './support/waiting.mjs';

leavesNothingOpen();

// High enough for the whole page: to show more than the window does, a screenshot resizes it, and all moves.
const sizes = { 'a desk': { width: 1280, height: 1200 }, 'a phone': { width: 360, height: 2200 } };

const same_to_the_eye = 8; // of 255: Chromium does not round the edges of curves alike each time

let cinema;
before(async () => { cinema = await Cinema.open(); });
after(() => cinema?.close());

function note_shifts() {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) window.shifts.push(`${value} ${sources.map(({ node }) => node?.id || node?.className || node?.nodeName)}`);
  }).observe({ type: 'layout-shift', buffered: true });
}

// A visitor of the page, in a profile of their own.
class Visitor {
  static async comes(test, stand_in, { country = 'NP', ...look } = {}) {
    const visitor = new Visitor();
    const page = visitor.page = await cinema.page(test, look);
    visitor.complaints = [];
    page.on('console', (message) => { if (message.type() === 'error') visitor.complaints.push(message.text()); });
    page.on('pageerror', (error) => visitor.complaints.push(String(error)));
    await page.addInitScript(countFades);
    await page.addInitScript(note_shifts);
    await page.goto(`${stand_in.origin}/demo/stream/?country=${country}`);
    return visitor;
  }

  // Waits until the page says that it is this festival, or none, and no fade goes on.
  async sees(festival) {
    await this.page.locator('#name', { hasText: festival ?? 'None today' }).waitFor();
    await comesTrue(() => this.page.evaluate((dressed) => document.documentElement.hasAttribute('data-hc-theme') === dressed &&
      window.fading === 0 && document.getAnimations().length === 0, festival !== null), `dressed by ${festival}`);
  }
  async jumps(said) {
    await this.page.getByRole('button', { name: 'Jump to the next start or end' }).click();
    await this.page.locator('#said', { hasText: said }).waitFor();
  }

  // Without what tells the time.
  async looks() {
    const show = (visible) => this.page.evaluate((visible) => {
      for (const id of ['now', 'until', 'next', 'said', 'jump']) document.getElementById(id).style.visibility = visible;
    }, visible);
    await show('hidden');
    const seen = await this.page.screenshot();
    await show('');
    return seen;
  }

  async hasNoComplaint() {
    assert.deepEqual(this.complaints, []);
    assert.deepEqual(await this.page.evaluate(() => window.forbidden), []);
    assert.deepEqual(await this.page.evaluate(() => window.shifts), []);
  }
}

// A year in which Dashain comes, Christmas beside it, and both go.
function calendar(stand_in) {
  stand_in.wears('GLOBAL', usual, { tell: false });
  stand_in.wears('NP', usual, { tell: false });
  const at = (days) => stand_in.instant(days * 86_400);
  stand_in.turns = [
    { at: at(1), name: 'Dashain', turn: 'start', change: () => stand_in.wears('NP', dashain, { until: at(4) }) },
    { at: at(2), name: 'Christmas', turn: 'start', change: () => {
      stand_in.wears('NP', overlap, { until: at(4) });
      stand_in.wears('GLOBAL', christmas, { until: at(5) });
    } },
    { at: at(3), name: 'Dashain', turn: 'end', change: () => stand_in.wears('NP', christmas, { until: at(5) }) },
    { at: at(4), name: 'Christmas', turn: 'end', change: () => {
      stand_in.wears('NP', usual);
      stand_in.wears('GLOBAL', usual);
    } },
  ];
}

describe('the streaming page', () => {
  for (const colorScheme of ['light', 'dark'])
    for (const [where, viewport] of Object.entries(sizes))
      it(`has no barrier in ${colorScheme} on ${where}, and looks after a festival as it did before`, async (test) => {
        const stand_in = await StandIn.opens(test);
        calendar(stand_in);
        const visitor = await Visitor.comes(test, stand_in, { colorScheme, viewport });
        await visitor.sees(null);
        const bare = await visitor.looks();
        for (const [festival, said] of [['Dashain', 'Dashain begins'], ['Christmas', 'Christmas begins'], ['Christmas', 'Dashain ends'], [null, 'Christmas ends']]) {
          await visitor.jumps(said);
          await visitor.sees(festival);
          assert.deepEqual(await barriers(visitor.page), [], said);
          assert.equal(await wider(visitor.page), 0, said);
          const apart = await cinema.difference(bare, await visitor.looks());
          assert.ok(festival ? apart > 100 : apart <= same_to_the_eye, `${said}: ${apart}`);
        }
        await visitor.hasNoComplaint();
      });

  it('says which festival it is, until when, and what it multiplies', async (test) => {
    const stand_in = await StandIn.opens(test);
    calendar(stand_in);
    const visitor = await Visitor.comes(test, stand_in, { timezoneId: 'Asia/Kathmandu' });
    await visitor.sees(null);
    const { next } = stand_in.clock();
    const day = (instant) => new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'Asia/Kathmandu' }).format(new Date(instant));
    await visitor.page.locator('#next', { hasText: `Dashain begins on ${day(next.at)}` }).waitFor();
    await visitor.jumps('Dashain begins');
    await visitor.sees('Dashain');
    await visitor.page.locator('#now', { hasText: day(next.at) }).waitFor();
    await visitor.page.locator('#until', { hasText: day(stand_in.documents.get('NP').at(-1).validUntil) }).waitFor();
    assert.deepEqual(await visitor.page.locator('.bonuses li').allTextContents(), ['×3 gifts', '×2 coins', '×1.5 experience']);
    await visitor.page.locator('.banner', { hasText: 'Happy Dashain!' }).waitFor();
    await visitor.page.locator('.shelf', { hasText: 'Gifts of Dashain' }).waitFor();
    assert.equal(await visitor.page.locator('.badge').isVisible(), true);
    await visitor.jumps('Christmas begins');
    await visitor.sees('Christmas');
    assert.deepEqual(await visitor.page.locator('.bonuses li').allTextContents(), ['×3 gifts', '×2.5 coins', '×1.5 experience']);
    await visitor.hasNoComplaint();
  });

  it('wears what the chosen country wears, two countries at a time', async (test) => {
    const stand_in = await StandIn.opens(test);
    stand_in.wears('NP', dashain);
    stand_in.wears('GLOBAL', usual);
    const nepal = await Visitor.comes(test, stand_in);
    const abroad = await Visitor.comes(test, stand_in, { country: 'AU' });
    await nepal.sees('Dashain');
    await abroad.sees(null);
    await abroad.page.getByLabel('Country').selectOption('NP');
    await abroad.sees('Dashain');
    assert.match(abroad.page.url(), /\?country=NP$/);
    await abroad.page.reload();
    await abroad.sees('Dashain');
    await abroad.page.getByLabel('Country').selectOption('GLOBAL');
    await abroad.sees(null);
    await nepal.sees('Dashain');
    stand_in.wears('GLOBAL', christmas);
    await abroad.sees('Christmas');
    await nepal.sees('Dashain');
    for (const visitor of [nepal, abroad]) await visitor.hasNoComplaint();
  });

  it('stays useful where the server is away, and says so', async (test) => {
    const stand_in = await StandIn.opens(test);
    calendar(stand_in);
    stand_in.wears('NP', dashain, { tell: false });
    const visitor = await Visitor.comes(test, stand_in);
    await visitor.sees('Dashain');
    await stand_in.close();
    await visitor.page.getByRole('button', { name: 'Jump to the next start or end' }).click();
    await visitor.page.locator('#said', { hasText: 'The clock was not set' }).waitFor();
    await visitor.sees('Dashain');
    stand_in.wears('NP', usual, { tell: false });
    await stand_in.open();
    await visitor.sees(null);
  });

  it('is reached from the events, and leads back', async (test) => {
    const stand_in = await StandIn.opens(test);
    const visitor = await Visitor.comes(test, stand_in);
    await visitor.page.getByRole('link', { name: 'Events' }).click();
    await visitor.page.getByRole('link', { name: 'See a stream' }).click();
    await visitor.sees(null);
  });

  it('is used without a mouse', async (test) => {
    const stand_in = await StandIn.opens(test);
    calendar(stand_in);
    const visitor = await Visitor.comes(test, stand_in);
    await visitor.sees(null);
    await visitor.page.keyboard.press('Tab');
    assert.equal(await visitor.page.evaluate(() => document.activeElement.textContent), 'Go to the festival');
    await visitor.page.keyboard.press('Enter');
    await visitor.page.keyboard.press('Tab');
    await visitor.page.keyboard.press('Enter');
    await visitor.sees('Dashain');
  });
});
