// What jobs do reaches who is concerned, and nobody else.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Hotclock } from './support/hotclock.mjs';
import { Cinema } from './support/seat.mjs';

leavesNothingOpen();

let cinema;
before(async () => { cinema = await Cinema.open(); });
after(() => cinema?.close());

describe('a visitor', () => {
  it('sees a throne fall when its time is up, in a stream of the list of the next ones', async (test) => {
    const hotclock = await Hotclock.serves(test);
    hotclock.throne({ stream: 7, username: 'asha', seconds: 40 });
    const seat = await cinema.seat(test, hotclock.page);
    await seat.page.getByRole('button', { name: 'Watch stream 7' }).first().click();
    await seat.isIn('stream:7');
    const due = hotclock.throne({ stream: 7, username: 'ben', seconds: 2 });
    const event = await seat.hears('throne:expired', 'The throne of ben in stream 7 has fallen.');
    await event.getByText('1,250 coins').waitFor();
    assert.equal(await event.count(), 1);
    const late = hotclock.posted('throne:expired', '"username":"ben"') - due;
    assert.ok(late >= 0 && late < 1000, `${late} ms after its time`);
    await seat.hasNoComplaint();
  });

  it('gets the bonus that is paid, once, and nobody else hears of it', async (test) => {
    const hotclock = await Hotclock.serves(test);
    const { user, amount } = hotclock.holder();
    const seat = await cinema.seat(test, hotclock.page);
    const other = await cinema.seat(test, hotclock.page);
    await seat.page.locator('#holders button').first().click();
    await seat.isIn(`user:${user}`);
    await other.logsIn(user + 1_000_000);
    for (let i = 0; i < 2; ++i) hotclock.command('run', 'og-daily-bonus');
    hotclock.post('festival:deactivated', { festivalId: '1', name: 'The test' });
    for (const one of [seat, other]) await one.hears('festival:deactivated', 'The test is over.');
    const bonus = await seat.hears('og:bonus', `${amount} coins`);
    assert.equal(await bonus.count(), 1);
    assert.equal(await other.events('og:bonus').count(), 0);
    for (const one of [seat, other]) await one.hasNoComplaint();
  });

  it('sees every kind of event told in words', async (test) => {
    const hotclock = await Hotclock.serves(test);
    const seat = await cinema.seat(test, hotclock.page);
    await seat.logsIn(4);
    await seat.joins('Rankings of a category', 'music', 'rankings:music');
    const theme = { colors: { primary: '#e07a1f' } };
    hotclock.post('festival:activated', { festivalId: '3', name: 'Tihar', theme, bonuses: {}, skins: [], endsAt: '2026-11-11T18:14:59Z' });
    hotclock.post('theme:changed', { country: 'NP', version: 4, theme });
    hotclock.post('trust:changed', { userId: '4', score: 61.5, level: 'high', previousLevel: 'medium' }, 'user:4');
    hotclock.post('ranking:updated', { scope: 'category:music', computedAt: '2026-11-23T12:10:00Z',
      top: [{ streamId: '17', rank: 1, previousRank: 3, score: 87.25 }] }, 'rankings:music');
    hotclock.post('og:bonus', { userId: '4' }, 'user:4');
    await seat.hears('festival:activated', 'primary #e07a1f');
    await seat.hears('theme:changed', 'A new theme for NP.');
    await seat.hears('trust:changed', 'Trust went from medium to high, with a score of 61.5.');
    await seat.hears('ranking:updated', 'up 2');
    await seat.hears('og:bonus', '"userId": "4"');  // that is no bonus: it is shown as it came
    await seat.hasNoComplaint();
  });
});
