// The demo's page in the hands of a visitor.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Hotclock } from './support/hotclock.mjs';
import { Cinema } from './support/seat.mjs';
import { comesTrue } from './support/waiting.mjs';

leavesNothingOpen();

let cinema;
before(async () => { cinema = await Cinema.open(); });
after(() => cinema?.close());

describe('the page', () => {
  it('opens where serve says, and at the root', async (test) => {
    const hotclock = await Hotclock.serves(test);
    await comesTrue(() => hotclock.said.includes(`open ${hotclock.page} in a browser`), () => hotclock.said);
    const seat = await cinema.seat(test, hotclock.page.replace(/demo\/$/, ''));
    assert.equal(seat.page.url(), hotclock.page);
    assert.equal(await seat.page.title(), 'Hotclock live');
    await seat.hasNoComplaint();
  });

  it('joins and leaves rooms, and a viewer logs in and out', async (test) => {
    const seat = await cinema.seat(test, (await Hotclock.serves(test)).page);
    await seat.joins('A stream', 7, 'stream:7');
    await seat.joins('A throne', 8, 'throne:8');
    await seat.joins('The rankings', undefined, 'rankings');
    await seat.joins('Rankings of a category', 'music', 'rankings:music');
    await seat.joins('Rankings of a country', 'NP', 'rankings:country:NP');
    await seat.page.getByRole('button', { name: 'Leave throne:8' }).click();
    await seat.page.getByText('You left throne:8.').waitFor();

    await seat.logsIn(4);
    await seat.page.getByText('You are user 4.').waitFor();
    for (const room of ['stream:7', 'rankings', 'rankings:music', 'rankings:country:NP']) await seat.isIn(room);
    assert.equal(await seat.page.locator('#rooms > li').count(), 5);

    await seat.page.getByRole('button', { name: 'Log out' }).click();
    await seat.is('connected');
    await seat.isIn('stream:7');
    assert.equal(await seat.page.locator('#rooms [data-room="user:4"]').count(), 0);
    await seat.hasNoComplaint();
  });

  it("is refused another user's room, and says why", async (test) => {
    const seat = await cinema.seat(test, (await Hotclock.serves(test)).page);
    await seat.logsIn(4);
    await seat.asksFor('A user', 5);
    assert.equal(await seat.refusal(), "user:5: this is another user's room");
    assert.equal(await seat.page.locator('#rooms [data-room="user:5"]').count(), 0);
    await seat.asksFor('Rankings of a category', 'no such');
    await seat.page.getByText('there is no such room').waitFor();
    await seat.hasNoComplaint();
  });

  it('shows a script in an event as the text that it is', async (test) => {
    const hotclock = await Hotclock.serves(test);
    const seat = await cinema.seat(test, hotclock.page);
    const script = '<script>window.struck = 1</script><img src=x onerror="window.struck = 2">';
    hotclock.post('festival:deactivated', { festivalId: '1', name: script });
    hotclock.post(script, { [script]: script });
    await seat.hears('festival:deactivated', `${script} is over.`);
    await seat.hears(script, script);
    hotclock.throne({ stream: 7, username: script, seconds: 60 });
    await seat.page.reload();
    await seat.page.locator('#coming').getByText(script).waitFor();
    assert.equal(await seat.page.evaluate(() => window.struck), undefined);
    assert.equal(await seat.page.locator('main script, main img').count(), 0);
    await seat.hasNoComplaint();
  });

  it('is there for who asked for the demo alone, and so are its tokens', async (test) => {
    const hotclock = await Hotclock.serves(test, { demo: false });
    for (const part of ['', 'coming', 'token?user=4']) {
      const answer = await fetch(hotclock.page + part);
      assert.equal(answer.status, 404, part);
      await answer.text();
    }
    assert.doesNotMatch(hotclock.said, /in a browser/);
  });

  it('gets no token for nobody', async (test) => {
    const hotclock = await Hotclock.serves(test);
    for (const user of ['', '0', '-4', '4x', '99999999999999999999']) {
      const answer = await fetch(`${hotclock.page}token?user=${user}`);
      assert.equal(answer.status, 400, user);
      assert.deepEqual(await answer.json(), { error: 'say whose token: /demo/token?user=17' });
    }
  });

  it('cannot be served twice on one port, and serve says what to do', async (test) => {
    const hotclock = await Hotclock.serves(test);
    const another = await Hotclock.serves(test);
    await another.end('SIGTERM');
    assert.throws(() => another.command('serve', '--demo', '--port', hotclock.port), ({ status, stderr }) => {
      assert.equal(status, 5);
      assert.equal(stderr, `hotclock: realtime: port ${hotclock.port} of 127.0.0.1 is in use by another program: ` +
        'choose another by --port or the setting realtime.port (0: any that is free)\n');
      return true;
    });
  });
});
