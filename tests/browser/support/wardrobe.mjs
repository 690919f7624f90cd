// A small page that asks for everything a theme can dress, and what is seen of it.
import assert from 'node:assert/strict';
import { countFades } from './seat.mjs';
import { comesTrue } from './waiting.mjs';

const body = `
<header data-hc-element="banner" data-hc-reserve hidden class="banner"><p data-hc-text>No <em>festival</em></p>
  <a data-hc-link href="/usual">More</a></header>
<main id="frame" data-hc-skin="any"><h1>A stream</h1><img data-hc-logo src="/demo/icon.svg" alt="Hotclock" width="32" height="32">
  <span id="badge" data-hc-element="badge" data-hc-reserve hidden data-hc-text>badge</span></main>
<section data-hc-element="giftShelf"><h2 data-hc-text>Gifts</h2></section>
<p id="below">What lies below stays where it is.</p>`;

const style = `
body { margin: 0; font: 16px/1.5 sans-serif; background: var(--hc-color-background, #eee); color: var(--hc-color-text, #111);
  font-family: var(--hc-font-body, sans-serif); }
.banner { height: 3rem; background: var(--hc-color-primary, #555) var(--hc-image-background, none); color: var(--hc-color-on-primary, #fff); }
[data-hc-reserve][hidden] { visibility: hidden; }
.banner[data-hc-reserve] { display: flex; }
.banner p { flex: none; width: 20rem; margin: 0; }
#badge { display: inline-block; height: 1.5rem; width: 8rem; }
#frame { border: 4px solid #999; padding: 1rem; }
h2 { height: 2rem; overflow: hidden; }`;

const script = `
import { io } from "/demo/socket.io.js";
import { HotclockTheme } from "/demo/theme.js";
window.skipped = 0;
window.changes = [];
addEventListener("themechange", ({ detail: { current } }) => window.changes.push(current?.festival?.name ?? null));
window.socket = io({ reconnectionDelay: 50, reconnectionDelayMax: 100 });
window.theme = new HotclockTheme({ country: document.documentElement.dataset.hcCountry, socket: window.socket, now: () => Date.now() + window.skipped });
if (location.hash !== "#undressed") window.theme.start();`;

// Before any script of a page's: what each frame looks like, and what moves.
function observe() {
  window.frames_seen = [];
  window.shifts = [];
  const look = () => {
    if (document.getElementById('below')) window.frames_seen.push([getComputedStyle(document.documentElement).getPropertyValue('--hc-color-primary'),
      getComputedStyle(document.querySelector('header')).visibility, document.querySelector('header p').textContent,
      getComputedStyle(document.getElementById('frame')).backgroundColor].join(' | '));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) window.shifts.push(`${value} ${sources.map(({ node }) => node?.nodeName ?? '?')}`);
  }).observe({ type: 'layout-shift', buffered: true });
}

// What a theme could leave behind. The order of attributes tells nothing.
function everything() {
  const of = (node) => (node.nodeType !== Node.ELEMENT_NODE ? node.nodeValue : [node.nodeName,
    ...[...node.attributes].map(({ name, value }) => `${name}=${value}`).sort(), [...node.childNodes].map(of)]);
  return { elements: of(document.documentElement), sheets: document.adoptedStyleSheets.length, boot: 'hotclockUndress' in window,
    stored: { ...localStorage }, background: getComputedStyle(document.body).backgroundColor };
}

export class Wardrobe {
  // A page of `country` in a profile of its own; `stylesheet`: whether it links the country's CSS.
  static async opens(test, cinema, stand_in, { country = 'NP', stylesheet = false, hash = '', look = {}, before = () => {} } = {}) {
    const link = stylesheet ? `<link rel="stylesheet" href="/theme/${country}.css" data-hc-css>` : '';
    stand_in.pages.set('/wardrobe.css', style);
    stand_in.pages.set('/wardrobe.js', script);
    stand_in.pages.set(`/${country}`, `<!doctype html><html lang="en" data-hc-country="${country}"><head><meta charset="utf-8"><title>Wardrobe</title>
      <meta name="color-scheme" content="light dark"><link rel="icon" href="/demo/icon.svg"><script src="/demo/boot.js"></script>${link}<link rel="stylesheet" href="/wardrobe.css">
      <script type="module" src="/wardrobe.js"></script></head><body>${body}</body></html>\n`);
    const wardrobe = new Wardrobe();
    wardrobe.page = await cinema.page(test, look);
    wardrobe.complaints = [];
    wardrobe.requests = [];
    wardrobe.page.on('pageerror', (error) => wardrobe.complaints.push(String(error)));
    wardrobe.page.on('request', (request) => wardrobe.requests.push(request.url()));
    await wardrobe.page.addInitScript(countFades);
    await wardrobe.page.addInitScript(observe);
    await before(wardrobe.page);
    wardrobe.url = `${stand_in.origin}/${country}${hash}`;
    await wardrobe.page.goto(wardrobe.url, { waitUntil: 'commit' });
    return wardrobe;
  }

  run(act, value) { return this.page.evaluate(act, value); }
  property(name) { return this.run((name) => getComputedStyle(document.documentElement).getPropertyValue(name), name); }
  everything() { return this.run(everything); }
  get banner() { return this.page.locator('header'); }

  // What is on the screen now, also of a page that is still loading.
  async screenshot() {
    this.devtools ??= await this.page.context().newCDPSession(this.page);
    return (await this.devtools.send('Page.captureScreenshot')).data;
  }

  // Waits until the page wears a festival, by its name in the document; null: the default look.
  async wears(name) {
    await comesTrue(() => this.run((name) => window.theme && document.documentElement.getAttribute('data-hc-theme') === name, name),
      `the page wears ${name}`);
    await this.settles();
  }
  // Until the server was heard, whatever it said.
  async heard() { await comesTrue(() => this.run(() => window.theme?.start().then(() => true)), 'the module has started'); }
  // Until two frames were shown and no fade goes on.
  settles() {
    return this.run(() => new Promise((done) => {
      const calm = () => (window.fading || document.getAnimations().length ? requestAnimationFrame(calm) : requestAnimationFrame(done));
      requestAnimationFrame(calm);
    }));
  }

  async nothingMoved() { assert.deepEqual(await this.run(() => window.shifts), []); }
  async hasNoComplaint() {
    assert.deepEqual(this.complaints, []);
    assert.deepEqual(await this.run(() => window.forbidden), []);
  }
}
