// Themes as no editor should write them, and as no server should serve them: nothing of them reaches the page, and
// nothing is asked of another origin.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { dashain, document_of } from './support/festivals.mjs';
import { Cinema } from './support/seat.mjs';
import { StandIn } from './support/stand_in.mjs';
import { comesTrue } from './support/waiting.mjs';
import { Wardrobe } from './support/wardrobe.mjs';

leavesNothingOpen();

let cinema;
before(async () => { cinema = await Cinema.open(); });
after(() => cinema?.close());

const script = '"><img src=https://evil.test/i onerror="window.struck=1"><script>window.struck=2</script>';
const attempts = [
  script, 'red; } body { display: none', '#fff; background: url(https://evil.test/c)', 'url(https://evil.test/u)', '#ffff', '#12345g',
  'https://evil.test/x.svg', '//evil.test/x.svg', '/\\evil.test/x.svg', '/\t/evil.test', 'javascript:window.struck=3', 'data:image/svg+xml,<svg/>',
  '/x.svg") , url("https://evil.test/x', "/x.svg'", '/a b.svg', '/../x.svg', '/x.svg\\', 'https:/evil.test', 'HTTPS://evil.test/x',
  'https://cdn.test.evil.test/x', 'https://cdn.test@evil.test/x', 'var(--x)', 'expression(alert(1))', '@import "https://evil.test/a.css"',
  '\u0000', '\u202e', 'a'.repeat(5000), 7, true, null, [], {}, { toString: 1 }, { valueOf: 1 }, ['#fff'], { length: 3 },
];
const names = ['__proto__', 'constructor', 'x;}', 'a"]', 'Ab', '1a', 'a b', 'a]{}', '-x', 'x'.repeat(50)];

const everywhere = (value) => ({
  festival: { id: value, name: value }, name: value, colors: { primary: value, text: value }, dark: { primary: value },
  images: { background: value, overlay: value }, logo: { image: value, alt: value }, fonts: { body: [value, value], heading: value }, overlay: value,
  skins: [value, { name: value, background: value }, { name: 'skin', background: value, text: value, border: value, image: value }],
  elements: { banner: { visible: value, text: value, link: value }, giftShelf: value },
  bonuses: { giftMultiplier: value, coinMultiplier: value, experienceMultiplier: value }, festivals: [value],
});
const misnamed = (name) => {
  const of = (value) => JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(value)}}`);
  return { ...dashain, name, overlay: name, colors: of('#123456'), dark: of('#123456'), images: of('/x.svg'), fonts: of(['Mukta']),
    elements: of({ visible: true, text: 'struck' }), skins: [{ name, background: '#123456' }] };
};

// The page after it was told `document`, and what it says of itself then.
async function wearing(page, stand_in, document) {
  stand_in.documents.set('NP', [document]);
  stand_in.tell(document);
  await comesTrue(() => page.run((version) => window.theme.current?.version === version, document.version), `version ${document.version}`);
  await page.settles();
}
function struck() {
  const root = document.documentElement;
  const rules = document.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText));
  const links = [...document.querySelectorAll('[href],[src]')].map((element) => element.getAttribute('href') ?? element.getAttribute('src'));
  return { style: root.getAttribute('style') ?? '', rules: rules.join('\n'), links: links.join(' '), struck: window.struck ?? 0,
    strangers: document.querySelectorAll('body img:not([data-hc-logo]), body script, body style').length,
    shown: getComputedStyle(document.body).display, polluted: Object.keys(Object.prototype).length };
}

async function opened(test, stand_in) {
  stand_in.wears('NP', dashain);
  const page = await Wardrobe.opens(test, cinema, stand_in, { look: { reducedMotion: 'reduce' } });
  await page.wears('dashain');
  await comesTrue(() => page.run(() => window.socket?.connected), 'the socket is connected');
  return page;
}

function unharmed(page, stand_in, { style, rules, links, ...rest }, what) {
  for (const text of [style, rules, links]) assert.doesNotMatch(text, /evil|javascript|data:|import|expression|display|var\(|\\|#123456/, what);
  assert.deepEqual(rest, { struck: 0, strangers: 0, shown: 'block', polluted: 0 }, what);
  assert.deepEqual(page.requests.filter((url) => !url.startsWith(`${stand_in.origin}/`)), [], what);
}

describe('a hostile theme', () => {
  it('reaches neither the page nor another origin by any value in any field', async (test) => {
    const stand_in = await StandIn.opens(test);
    const page = await opened(test, stand_in);
    let version = 1;
    for (const value of attempts) {
      await wearing(page, stand_in, document_of('NP', ++version, everywhere(value)));
      unharmed(page, stand_in, await page.run(struck), JSON.stringify(value));
    }
    await page.hasNoComplaint();
  });

  it('reaches nothing by any name', async (test) => {
    const stand_in = await StandIn.opens(test);
    const page = await opened(test, stand_in);
    let version = 1;
    for (const name of names) {
      await wearing(page, stand_in, document_of('NP', ++version, misnamed(name)));
      const seen = await page.run(struck);
      if (name === 'constructor') seen.style = seen.rules = ''; // a word as good as any
      unharmed(page, stand_in, seen, name);
    }
    await page.hasNoComplaint();
  });

  it('shows texts as the texts that they are', async (test) => {
    const stand_in = await StandIn.opens(test);
    const page = await opened(test, stand_in);
    await wearing(page, stand_in, document_of('NP', 2, { ...dashain, elements: { banner: { visible: true, text: script } } }));
    assert.equal(await page.page.locator('header p').textContent(), script);
    assert.equal(await page.page.locator('header p > *').count(), 0);
    unharmed(page, stand_in, await page.run(struck), 'text');
  });

  it('is not kept for the first frame of the next visit either', async (test) => {
    const stand_in = await StandIn.opens(test);
    const page = await opened(test, stand_in);
    let version = 1;
    for (const value of attempts.filter((one) => typeof one === 'string')) {
      await wearing(page, stand_in, document_of('NP', ++version, everywhere(value)));
      const { css, document } = JSON.parse((await page.everything()).stored['hotclock-theme']);
      assert.doesNotMatch(css, /evil|javascript|data:|import|expression|display|var\(|\\/, value);
      assert.deepEqual(document.images, {}, value);
    }
    await page.page.reload();
    await comesTrue(() => page.run(() => window.frames_seen.length > 3), 'frames');
    unharmed(page, stand_in, await page.run(struck), 'reload');
  });

  it('is no document at all, and the page keeps what it wears', async (test) => {
    const stand_in = await StandIn.opens(test);
    const page = await opened(test, stand_in);
    for (const body of ['', 'null', '[]', '"NP"', '{', '{"country":"np","version":9}', '{"country":"NP"}', '{"country":"NP","version":"9"}',
      '{"country":{"toString":1},"version":9}', '<script>window.struck=1</script>']) {
      stand_in.pages.set('/theme/NP.json', body);
      await page.run(() => window.theme.refresh());
      await page.wears('dashain');
    }
    await page.hasNoComplaint();
  });
});
