// Somebody at the dashboard: a page in Chromium with a profile of its own. What the page complains of, on its console
// or of its policy, fails the test.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { barriers, Cinema, wider } from '../../browser/support/seat.mjs';

export const reason = 'a test';
// What people hold in their hands, and what they sit before; in both designs.
export const looks = [360, 1440].flatMap((width) => ['light', 'dark'].map((colorScheme) => (
  { viewport: { width, height: width < 600 ? 780 : 900 }, colorScheme, timezoneId: 'Asia/Tokyo', reducedMotion: 'reduce' })));

// One Chromium for a file of tests; it closes with the file.
let cinema;
after(async () => (await cinema)?.close());
const opened = () => (cinema ??= Cinema.open());

export class Operator {
  // Signed in with `token` unless it is null; `path`: what they ask for first.
  static async comes(test, node, { token = node.token, path = '/', look = {} } = {}) {
    const operator = new Operator();
    operator.node = node;
    operator.page = await (await opened()).page(test, { timezoneId: 'Asia/Tokyo', ...look });
    operator.complaints = [];
    operator.page.on('console', (message) => { if (message.type() === 'error') operator.complaints.push(message.text()); });
    operator.page.on('pageerror', (error) => operator.complaints.push(String(error)));
    test.after(() => operator.isContent());
    await operator.goes(path);
    if (token) await operator.signsIn(token);
    return operator;
  }

  get origin() { return `http://127.0.0.1:${this.node.port}`; }
  goes(path) { return this.page.goto(this.origin + path); }
  // What belongs to the test, such as a server that is gone, is no complaint.
  overlooks(pattern) { this.complaints = this.complaints.filter((one) => !pattern.test(one)); }
  isContent() { assert.deepEqual(this.complaints, []); }

  async signsIn(token) {
    await this.page.getByLabel('Token').fill(token);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.locator('nav[aria-label="Pages"]').waitFor({ state: 'attached' });
  }
  // Waits until the page shows what is true: "live", "reconnecting".
  is(state) { return this.page.locator(`.connection[data-state="${state}"]`).waitFor({ state: 'attached' }); }
  heading(name) { return this.page.getByRole('heading', { level: 1, name }); }
  // Waits for words, wherever they stand.
  sees(words) { return this.page.getByText(words).first().waitFor(); }
  row(name) { return this.page.getByRole('row', { name }); }
  toast(words) { return this.page.locator('.toasts').getByText(words).waitFor(); }

  // Opens an Action's dialog by its button, says why, and confirms.
  async does(button, { why = reason, confirm = button } = {}) {
    await this.page.getByRole('button', { name: button, exact: true }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.waitFor();
    if (why) await dialog.getByLabel('Why').fill(why);
    await dialog.getByRole('button', { name: confirm, exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  // What a button gives as a file.
  async saves(button) {
    const [download] = await Promise.all([this.page.waitForEvent('download', { timeout: 60_000 }), this.page.getByRole('button', { name: button, exact: true }).click()]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
  }

  // Questions for `path` fail as `fail` has it, until the returned function presses "Try again". From then on they wait
  // for an answer until that has asked: a page that asks by itself does not take the button away before it is pressed.
  async loses(path, fail) {
    let found;
    await this.page.route(path, async (route) => {
      if (!found) return fail(route);
      await found;
      await route.continue();
    });
    return async () => {
      let find;
      found = new Promise((done) => { find = done; });
      await Promise.all([this.page.waitForRequest(path), this.page.getByRole('button', { name: 'Try again' }).click()]);
      find();
    };
  }

  // A button that is shown, shut, with the right that it takes.
  async findsShut(name, right) {
    const button = this.page.getByRole('button', { name, exact: true });
    await button.waitFor();
    assert.equal(await button.getAttribute('aria-disabled'), 'true', name);
    assert.match(await button.getAttribute('title'), new RegExp(`right “${right}”`));
    await button.click({ force: true });
    assert.equal(await this.page.getByRole('dialog').count(), 0);
  }

  // Nothing that axe finds, nothing that is wider than the screen, nothing that the policy forbade.
  async findsNoBarriers(what) {
    assert.deepEqual(await barriers(this.page), [], what);
    assert.ok((await wider(this.page)) <= 0, `${what}: wider than its screen`);
    assert.deepEqual(await this.page.evaluate(() => window.forbidden), [], what);
  }
  // A picture of the whole page among those of the run, for people to look at.
  async picture(name) {
    mkdirSync(process.env.DASHBOARD_PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(process.env.DASHBOARD_PICTURES, `${name}.png`), fullPage: true });
  }
}

// The page, in each look: without barriers, and kept as a picture. `ready` waits until it shows what it shows.
export const inEveryLook = (test, node, path, name, ready) => allInEveryLook(test, node, [{ path, name, ready }]);

// The same of several pages, which one person in each look walks through.
export async function allInEveryLook(test, node, pages) {
  for (const look of looks) {
    const operator = await Operator.comes(test, node, { path: pages[0].path, look });
    for (const [at, { path, name, ready }] of pages.entries()) {
      if (at > 0) await operator.goes(path);
      await ready(operator);
      const called = `${name}-${look.viewport.width}-${look.colorScheme}`;
      await operator.picture(called);
      await operator.findsNoBarriers(called);
    }
    await operator.page.context().close();
  }
}
