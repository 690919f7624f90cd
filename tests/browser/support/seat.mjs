// A viewer's seat: the demo's page in Chromium, and what it says.
import assert from 'node:assert/strict';
import { axe, chromium } from './packages.mjs';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const patience = 15_000;

// Collects what a policy forbade the page, before any script of the page runs.
function noteForbidden() {
  window.forbidden = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    window.forbidden.push(`${event.effectiveDirective}: ${event.blockedURI}`);
  });
}

async function furthest(pictures) {
  const [one, other] = await Promise.all(pictures.map(async (picture) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), (byte) => byte.charCodeAt(0))]));
    const paper = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    paper.drawImage(bitmap, 0, 0);
    return paper.getImageData(0, 0, bitmap.width, bitmap.height);
  }));
  if (one.width !== other.width || one.height !== other.height) return 255;
  return one.data.reduce((most, value, at) => Math.max(most, Math.abs(value - other.data[at])), 0);
}

// Counts view transitions, and how many of them go on; before any script of the page runs.
export function countFades() {
  window.fades = window.fading = 0;
  const start = Document.prototype.startViewTransition;
  if (!start) return;
  Document.prototype.startViewTransition = function (...change) {
    const transition = start.apply(this, change);
    const ended = () => { --window.fading; };
    ++window.fades;
    ++window.fading;
    transition.finished.then(ended, ended);
    return transition;
  };
}

// How much wider a page is than what shows it.
export const wider = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

// What axe finds wrong, each with the elements concerned.
export async function barriers(page) {
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

// One Chromium for a file of tests; each seat has a profile of its own.
export class Cinema {
  static async open() {
    const cinema = new Cinema();
    cinema.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
    return cinema;
  }

  // A page that shows nothing yet, in a profile of its own.
  async page(test, look = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...look });
    test.after(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    await page.addInitScript(noteForbidden);
    await page.addInitScript({ content: axe });
    return page;
  }

  async seat(test, url, look) {
    const page = await this.page(test, look);
    const seat = new Seat(page);
    await page.goto(url);
    await seat.is('connected');
    return seat;
  }

  // How far two pictures are apart where they are furthest: 0 to 255, in one colour of one point.
  async difference(one, other) {
    this.easel ??= await this.browser.newPage();
    return this.easel.evaluate(furthest, [one, other].map((picture) => picture.toString('base64')));
  }

  close() { return this.browser.close(); }
}

class Seat {
  constructor(page) {
    this.page = page;
    this.complaints = [];
    page.on('console', (message) => { if (message.type() === 'error') this.complaints.push(message.text()); });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  // Waits until the connection is in a state; what the page says beside it.
  async is(state) {
    await this.page.locator(`#connection[data-state="${state}"]`).waitFor();
    return this.page.locator('#connection-detail').textContent();
  }

  async asksFor(kind, id) {
    await this.page.getByLabel('What to listen to').selectOption({ label: kind });
    const form = this.page.locator('#join');
    if (id !== undefined) await form.getByRole('textbox', { name: /^(Stream id|Category|Country code|User id)$/ }).fill(String(id));
    await this.page.getByRole('button', { name: 'Join' }).click();
  }

  isIn(room) { return this.page.locator(`#rooms [data-room="${room}"][data-joined="true"]`).waitFor(); }

  async joins(kind, id, room) {
    await this.asksFor(kind, id);
    await this.isIn(room);
  }

  async logsIn(user) {
    await this.page.locator('#login').getByRole('textbox', { name: 'User id' }).fill(String(user));
    await this.page.getByRole('button', { name: 'Log in' }).click();
    await this.isIn(`user:${user}`);
  }

  // What the page says where a room is refused.
  async refusal() {
    const said = this.page.locator('#room-message.refused');
    await said.waitFor();
    return said.textContent();
  }

  // The events of a name whose text holds `words`.
  events(name, words = '') {
    return this.page.locator('#events > li', { has: this.page.locator('.name').getByText(name, { exact: true }), hasText: words });
  }

  // Waits for one.
  async hears(name, words) {
    const found = this.events(name, words);
    await found.first().waitFor();
    return found;
  }

  // The titles of all events, the oldest first.
  async titles() { return (await this.page.locator('#events .title').allTextContents()).reverse(); }
  async count() { return Number(await this.page.locator('#total').textContent()); }
  async repeats() { return Number(await this.page.locator('#repeats').textContent()); }

  wider() { return wider(this.page); }
  barriers() { return barriers(this.page); }

  // Nothing went wrong unnoticed; `provoked` are patterns of what was provoked.
  async hasNoComplaint(provoked = []) {
    const others = this.complaints.filter((complaint) => !provoked.some((pattern) => pattern.test(complaint)));
    assert.deepEqual(others, []);
    assert.deepEqual(await this.page.evaluate(() => window.forbidden), []);
  }
}
