// The streaming page before the program: what the calendar says, the page wears.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Hotclock } from './support/hotclock.mjs';
import { barriers, Cinema, wider } from './support/seat.mjs';
import { comesTrue } from './support/waiting.mjs';

leavesNothingOpen();

let cinema;
before(async () => { cinema = await Cinema.open(); });
after(() => cinema?.close());

const most_jumps = 5; // to a turn that concerns everybody: the demo has some within minutes

class Theatre {
  static async opens(test) {
    const theatre = new Theatre();
    theatre.hotclock = await Hotclock.serves(test);
    theatre.origin = new URL(theatre.hotclock.page).origin;
    await comesTrue(async () => (await theatre.document('GLOBAL')).festival, 'a festival dresses everybody', 30_000);
    return theatre;
  }

  async document(country) { return (await fetch(`${this.origin}/theme/${country}.json`)).json(); }

  async visitor(test, country, look) {
    const page = await cinema.page(test, look);
    page.complaints = [];
    page.on('console', (message) => { if (message.type() === 'error') page.complaints.push(message.text()); });
    page.on('pageerror', (error) => page.complaints.push(String(error)));
    await page.goto(`${this.origin}/demo/stream/?country=${country}`);
    return page;
  }

  // Waits until the page wears the newest document of a country; that document.
  wears(page, country) {
    return comesTrue(async () => {
      const document = await this.document(country);
      const worn = await page.evaluate(() => [window.document.documentElement.dataset.hcThemeVersion, window.document.getElementById('name').textContent]);
      return worn[0] === String(document.version) && worn[1] === document.festival.name && document;
    }, `the page wears what ${country} wears`, 30_000);
  }
  async newer(country, version) {
    return comesTrue(async () => (await this.document(country)).version > version, `${country} wears something newer`, 30_000);
  }
}

async function unharmed(page) {
  assert.deepEqual(page.complaints, []);
  assert.deepEqual(await page.evaluate(() => window.forbidden), []);
}

describe('the streaming page before the program', () => {
  for (const colorScheme of ['light', 'dark'])
    it(`wears what the program says in ${colorScheme}, and has no barrier`, async (test) => {
      const theatre = await Theatre.opens(test);
      const page = await theatre.visitor(test, 'GLOBAL', { colorScheme, reducedMotion: 'reduce' });
      const { colors, dark, elements, bonuses } = await theatre.wears(page, 'GLOBAL');
      const primary = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--hc-color-primary'));
      assert.equal(primary, (colorScheme === 'dark' ? dark : colors).primary);
      assert.equal((await page.locator('.banner').textContent()).trim(), elements.banner.text);
      assert.equal(await page.locator('#gift').textContent(), `×${bonuses.giftMultiplier}`);
      assert.deepEqual(await barriers(page), []);
      assert.equal(await wider(page), 0);
      await unharmed(page);
    });

  it('follows the calendar when the clock jumps, for all who watch', async (test) => {
    const theatre = await Theatre.opens(test);
    const [page, another] = [await theatre.visitor(test, 'GLOBAL'), await theatre.visitor(test, 'GLOBAL')];
    const { version } = await theatre.wears(page, 'GLOBAL');
    await theatre.wears(another, 'GLOBAL');
    for (let jumps = 0; (await theatre.document('GLOBAL')).version === version; ++jumps) {
      assert.ok(jumps < most_jumps, 'nothing happens in the calendar');
      await page.getByRole('button', { name: 'Jump' }).click();
      await page.locator('#said', { hasText: 'in a moment' }).waitFor();
      const turn = Date.parse((await (await fetch(`${theatre.origin}/demo/clock`)).json()).next.at);
      await comesTrue(async () => Date.parse((await (await fetch(`${theatre.origin}/demo/clock`)).json()).now) > turn + 1500, 'the turn has come', 30_000);
    }
    await theatre.wears(page, 'GLOBAL');
    await theatre.wears(another, 'GLOBAL');
    await unharmed(page);
  });

  it('is undressed of a festival that an editor ends', async (test) => {
    const theatre = await Theatre.opens(test);
    const page = await theatre.visitor(test, 'GLOBAL');
    const { festival, version } = await theatre.wears(page, 'GLOBAL');
    theatre.hotclock.command('festivals', 'end', festival.id, '--reason', 'a test');
    await theatre.newer('GLOBAL', version);
    const next = await theatre.document('GLOBAL');
    assert.notEqual(next.festival?.id, festival.id);
    if (next.festival) await theatre.wears(page, 'GLOBAL');
    else await page.locator('html:not([data-hc-theme])').waitFor();
    await unharmed(page);
  });

  it('is dressed from its first frame when it is opened again', async (test) => {
    const theatre = await Theatre.opens(test);
    const page = await theatre.visitor(test, 'NP');
    const { name } = await theatre.wears(page, 'NP');
    await page.route(/theme\.js|theme\/.*\.json/, () => {}); // neither ever comes
    await page.goto(page.url(), { waitUntil: 'commit' });
    await comesTrue(() => page.evaluate((name) => document.documentElement.dataset.hcTheme === name && Boolean(document.querySelector('.banner')), name), 'the first frame is dressed');
    await unharmed(page);
  });
});
