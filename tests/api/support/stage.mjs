// What tests of one node stand on: a demo's database, a job whose slots last, and the node.
import { after } from 'node:test';
import { Database, File } from './database.mjs';
import { Node, Place } from './node.mjs';

export const draft = {
  name: 'Tihar', type: 'cultural', country: 'NP', priority: 10,
  startsAt: '2030-11-24T18:15:00Z', endsAt: '2030-11-29T18:14:59.999Z',
  theme: { name: 'tihar', colors: { primary: '#b3261e' } }, skins: ['marigold'], bonuses: { giftMultiplier: 2 }, gifts: [],
};

const never = 'schedule = "0 0 29 2 *"\n';
const nap = `kind = "command"\n${never}lease = "5 s"\n[settings]\nargv = ["/usr/bin/sleep", "1000"]\ngrace = "0 s"\n`;

// Whatever was raised falls when the tests of the file have ended.
export async function raise({ settings = {}, jobs = {}, engine = process.env.API_ENGINE ?? 'sqlite', name = 'a' } = {}) {
  const place = new Place();
  after(() => place.remove());
  const database = engine === 'postgresql' ? await Database.make() : new File(place);
  after(() => database.drop());
  for (const [name, text] of Object.entries({ nap, ...jobs })) place.file(`jobs.d/${name}.toml`, text);
  const node = new Node(place, database.url, {
    name,
    settings: { scheduler: { look_for_lost: '100 ms' }, commands: { allow: ['/usr/bin/sleep'] }, ...settings },
  });
  after(() => node.strike());
  node.writeSettings();
  if (engine === 'postgresql') node.command('migrate');
  node.command('demo', '--users', '50', '--streams', '3');
  await node.start();
  return { place, database, node };
}
