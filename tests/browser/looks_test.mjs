// The page for everybody: in light and dark, on a desk and on a phone, by mouse and by keyboard.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Hotclock } from './support/hotclock.mjs';
import { Cinema } from './support/seat.mjs';

leavesNothingOpen();

const sizes = { 'a desk': { width: 1280, height: 900 }, 'a phone': { width: 360, height: 740 } };

let cinema;
before(async () => { cinema = await Cinema.open(); });
after(() => cinema?.close());

// All that a page can show at once.
async function fill(hotclock, seat) {
  await seat.page.getByRole('button', { name: 'Watch all' }).click();
  await seat.logsIn(4);
  const theme = { primary: '#e07a1f', secondary: '#7a1fe0' };
  const top = [1, 2, 3, 4, 5, 6].map((rank) => ({ streamId: String(rank), rank, previousRank: [3, null, 1][rank % 3], score: 90 - rank }));
  await seat.joins('The rankings', undefined, 'rankings');
  hotclock.post('festival:activated', { festivalId: '3', name: 'Tihar', theme, bonuses: {}, skins: [], endsAt: '2026-11-11T18:14:59Z' });
  hotclock.post('ranking:updated', { scope: 'overall', computedAt: '2026-11-23T12:10:00Z', top }, 'rankings');
  hotclock.post('trust:changed', { userId: '4', score: 61.5, level: 'high', previousLevel: 'medium' }, 'user:4');
  hotclock.post('theme:changed', { country: 'NP', version: 4, theme });
  hotclock.post('throne:expired', { throneId: '1', streamId: '7', userId: '4', username: 'a'.repeat(64), totalCoins: 1250 }, 'user:4');
  hotclock.post('something:else', { unknown: 'b'.repeat(200) });
  hotclock.post('og:bonus', { userId: '4', amount: 180, tier: 3, date: '2026-11-23', bonusBalance: 5220 }, 'user:4');
  await seat.hears('og:bonus', '180 coins');
  await seat.asksFor('A user', 5);
  await seat.refusal();
}

describe('the page', () => {
  for (const colorScheme of ['light', 'dark'])
    for (const [where, viewport] of Object.entries(sizes))
      it(`has no barrier in ${colorScheme} on ${where}, empty and full, and never scrolls sideways`, async (test) => {
        const hotclock = await Hotclock.serves(test);
        const seat = await cinema.seat(test, hotclock.page, { colorScheme, viewport, reducedMotion: 'reduce' });
        await seat.page.locator('#coming > li').first().waitFor();
        assert.deepEqual(await seat.barriers(), []);
        assert.equal(await seat.wider(), 0);
        await fill(hotclock, seat);
        assert.deepEqual(await seat.barriers(), []);
        assert.equal(await seat.wider(), 0);
        await seat.hasNoComplaint();
      });

  it('is used without a mouse', async (test) => {
    const seat = await cinema.seat(test, (await Hotclock.serves(test)).page);
    const { keyboard } = seat.page;
    await keyboard.press('Tab');
    assert.equal(await seat.page.evaluate(() => document.activeElement.textContent), 'Go to the events');
    await keyboard.press('Tab');
    assert.equal(await seat.page.evaluate(() => document.activeElement.textContent), 'See a stream in the dress of its festival');
    await keyboard.press('Tab');
    await keyboard.type('4');
    await keyboard.press('Enter');
    await seat.isIn('user:4');
    await seat.page.getByLabel('Stream id').focus();
    await keyboard.type('7');
    await keyboard.press('Enter');
    await seat.isIn('stream:7');
    await seat.page.getByRole('button', { name: 'Leave stream:7' }).focus();
    await keyboard.press('Enter');
    await seat.page.getByText('You left stream:7.').waitFor();
    assert.equal(await seat.page.evaluate(() => document.activeElement.id), 'room-kind');
    await seat.hasNoComplaint();
  });
});
