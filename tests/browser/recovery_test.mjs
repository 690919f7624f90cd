// The server dies and comes back: the page comes back by itself, and with what it missed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Hotclock } from './support/hotclock.mjs';
import { Cinema } from './support/seat.mjs';

leavesNothingOpen();

const serverIsAway = [/ERR_CONNECTION_(REFUSED|RESET)/, /ERR_EMPTY_RESPONSE/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /WebSocket connection to .* failed/];
const over = (i) => `Festival ${i} is over.`;

let cinema;
before(async () => { cinema = await Cinema.open(); });
after(() => cinema?.close());

describe('a page whose server goes and comes back', { concurrency: true }, () => {
  for (const user of [undefined, 4])
    it(`recovers from a kill, and shows what it missed exactly once: ${user ? 'a viewer with a name' : 'a visitor'}`, async (test) => {
      const hotclock = await Hotclock.serves(test);
      const seat = await cinema.seat(test, hotclock.page);
      if (user) await seat.logsIn(user);
      await seat.joins('A stream', 7, 'stream:7');
      const tell = (i, room) => hotclock.post('festival:deactivated', { festivalId: String(i), name: `Festival ${i}` }, room);
      tell(1);
      tell(2, 'stream:7');
      await seat.hears('festival:deactivated', over(2));

      await hotclock.kill();
      await seat.is('offline');
      tell(3, 'stream:7');
      tell(4, 'stream:8');  // where nobody is
      tell(5);
      await hotclock.start();
      assert.equal(await seat.is('recovered'), '2 missed events brought after');
      tell(6, 'stream:7');
      const last = await seat.hears('festival:deactivated', over(6));

      assert.deepEqual(await seat.titles(), [1, 2, 3, 5, 6].map(over));
      assert.equal(await seat.repeats(), 0);
      assert.equal(await seat.page.getByText('while you were away').count(), 2);
      assert.equal(await last.getByText('while you were away').count(), 0);
      await seat.hasNoComplaint(serverIsAway);
    });

  it('says that nothing was missed where nothing happened while it was stopped', async (test) => {
    const hotclock = await Hotclock.serves(test);
    const seat = await cinema.seat(test, hotclock.page);
    await hotclock.end('SIGTERM');
    await seat.is('offline');
    await hotclock.start();
    assert.equal(await seat.is('recovered'), 'nothing was missed');
    assert.equal(await seat.count(), 0);
    await seat.hasNoComplaint(serverIsAway);
  });
});
