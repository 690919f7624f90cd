// Dresses a page in the festival of its country, and takes everything off again. What each part promises stands in
// theme.d.ts.

const stored_as = "hotclock-theme";
const longest_nap = 2 ** 31 - 1; // what a timer can bear, in milliseconds
const longest_pause = 60_000; // between two questions to the server
const fade_lasts = 300;
// How long the server may take to say what follows, before the default look returns: one festival after another, or
// one that begins beside it, shall not flash.
const grace = 2000;

// ---- what may pass, by its kind ----

const word = /^[a-z][A-Za-z0-9]{0,39}$/;
const generic_family = /^((ui-)?(serif|sans-serif|monospace|rounded)|cursive|fantasy|system-ui|math|emoji|fangsong)$/;
const most = 64; // of anything

// A kind gives the value back that is of it, and undefined for any other.
const matching = (pattern) => (value) => (typeof value === "string" && pattern.test(value) ? value : undefined);
const country_code = matching(/^([A-Z]{2}|GLOBAL)$/);
const slug = matching(/^[a-z][a-z0-9-]{0,39}$/);
const instant = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const color = matching(/^#([0-9a-f]{3}){1,2}$/i);
const family = matching(/^[a-z][a-z0-9 -]{0,39}$/i);
const address = matching(/^(\/(?!\/)|https:\/\/)[^\s"'()\\<>\x00-\x1f\x7f]{0,511}$/);
const phrase = (value) => (typeof value === "string" ? value.slice(0, 200) : "");
const mapped = (object, write) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, write(value)]));
const known = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
const list = (value, kind) => (Array.isArray(value) ? value.slice(0, most).map(kind).filter(Boolean) : []);
const within = (value, high) => (Number.isFinite(value) && value >= 1 && value <= high ? value : 1);

function members(object, kind) {
  const named = Object.entries(Object(object)).slice(0, most).filter(([name]) => word.test(name));
  return known(mapped(Object.fromEntries(named), kind));
}

// What of a document may be shown; null where it is none.
export function cleaned(document, hosts = []) {
  if (!country_code(document?.country) || !Number.isSafeInteger(document.version)) return null;
  const { festival, validUntil, logo, bonuses } = document;
  const url = (value) => {
    if (!address(value) || value.includes("..")) return;
    if (value[0] === "/" || hosts.includes(value.split("/")[2])) return value;
  };
  const skin = (s) => slug(s?.name) &&
    known({ name: s.name, background: color(s.background), text: color(s.text), border: color(s.border), image: url(s.image) });
  const element = (e) => e && known({ visible: e.visible !== false, text: phrase(e.text) || undefined, link: url(e.link) });
  const families = (value) => list(value, family).join() ? list(value, family) : undefined;
  return known({
    country: document.country,
    version: document.version,
    festival: festival ? { id: phrase(festival.id), name: phrase(festival.name) } : null,
    validUntil: Date.parse(instant(validUntil)) ? validUntil : null,
    name: slug(document.name),
    colors: members(document.colors, color),
    dark: members(document.dark, color),
    images: members(document.images, url),
    logo: url(logo?.image) && { image: logo.image, alt: phrase(logo.alt) },
    fonts: members(document.fonts, families),
    overlay: slug(document.overlay),
    skins: list(document.skins, skin),
    elements: members(document.elements, element),
    bonuses: {
      giftMultiplier: within(bonuses?.giftMultiplier, 5),
      coinMultiplier: within(bonuses?.coinMultiplier, 3),
      experienceMultiplier: within(bonuses?.experienceMultiplier, 2),
    },
    festivals: list(document.festivals, phrase),
  });
}

// ---- what a cleaned document says in CSS ----

const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const quoted = (url) => `url("${url}")`;
const named = (kind, object, write) => Object.entries(object).map(([name, value]) => [`--hc-${kind}-${kebab(name)}`, write(value)]);
const families_in_css = (families) => families.map((name) => (generic_family.test(name) ? name : `"${name}"`)).join(", ");

// The custom properties, as pairs of name and value.
export function properties(theme, dark = false) {
  return [
    ...named("color", dark ? { ...theme.colors, ...theme.dark } : theme.colors, String),
    ...named("image", theme.images, quoted),
    ...named("font", theme.fonts, families_in_css),
    ...(theme.logo ? [["--hc-logo", quoted(theme.logo.image)]] : []),
  ];
}

// The classes of the skins, as pairs of name and declarations.
export function skins(theme) {
  return theme.skins.map(({ name, background, text, border, image }) => [`hc-skin-${name}`, Object.entries(known({
    "background-color": background, color: text, "border-color": border, "background-image": image && quoted(image) }))]);
}

const marks = (theme) => [["data-hc-theme", theme.name ?? ""], ["data-hc-theme-version", `${theme.version}`]];
const block = (selector, pairs) => `${selector}{${pairs.map((pair) => pair.join(":")).join(";")}}`;

// All of it as boot.js wants it, which has no room to think.
function for_boot(theme) {
  const root = (dark) => block(":root", properties(theme, dark));
  const classes = skins(theme);
  return {
    root: marks(theme),
    css: root(false) + block("@media(prefers-color-scheme:dark)", [[root(true)]]) + classes.map(([name, pairs]) => block(`.${name}`, pairs)).join(""),
    skins: Object.fromEntries([["any", classes[0]?.[0]], ...classes.map(([name]) => [name.slice(8), name])]),
    elements: mapped(theme.elements, ({ visible, text }) => ({ hidden: visible ? null : "", text })),
  };
}

// ---- taking on and off ----

const things = "[data-hc-element],[data-hc-skin],[data-hc-logo]";
const the = (query) => matchMedia(`(prefers-${query})`);

function sheet_of(rules, priority = "") {
  const sheet = new CSSStyleSheet();
  for (const [selector, declarations] of rules) {
    const { style } = sheet.cssRules[sheet.insertRule(`${selector}{}`)];
    for (const [property, value] of declarations) style.setProperty(property, value, priority);
  }
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet); };
}

// Each sets something and returns what brings back what was there.
function attribute(element, name, value) {
  const before = element.getAttribute(name);
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
  return () => (before === null ? element.removeAttribute(name) : element.setAttribute(name, before));
}
function style(element, property, value) {
  const before = element.style.getPropertyValue(property);
  element.style.setProperty(property, value);
  return () => {
    element.style.setProperty(property, before); // an empty one removes it
    if (!element.getAttribute("style")) element.removeAttribute("style");
  };
}
function content(element, text) {
  const before = [...element.childNodes];
  element.textContent = text;
  return () => element.replaceChildren(...before);
}
function in_class(element, name) {
  if (element.classList.contains(name)) return () => {};
  element.classList.add(name);
  return () => {
    element.classList.remove(name);
    if (!element.className) element.removeAttribute("class");
  };
}

const part = (element, selector) => (element.matches(selector) ? element : element.querySelector(selector));

// Dresses one of the `things`; returns what undoes it.
function dressed(element, { elements, skins, logo }) {
  const undo = [];
  const { hcElement, hcSkin } = element.dataset;
  if (hcElement && Object.hasOwn(elements, hcElement)) {
    const { visible, text, link } = elements[hcElement];
    undo.push(attribute(element, "hidden", visible ? null : ""));
    const place = text && part(element, "[data-hc-text]");
    if (place) undo.push(content(place, text));
    const anchor = link && part(element, "a[data-hc-link]");
    if (anchor) undo.push(attribute(anchor, "href", link));
  }
  const skin = hcSkin === "any" ? skins[0] : skins.find(({ name }) => name === hcSkin);
  if (skin) undo.push(in_class(element, `hc-skin-${skin.name}`));
  if (logo && element.matches("img[data-hc-logo]"))
    undo.push(attribute(element, "src", logo.image), attribute(element, "alt", logo.alt));
  return undo;
}

const without_version = (theme) => JSON.stringify({ ...theme, version: 0, validUntil: 0 });
const ends_at = ({ validUntil }) => (validUntil ? Date.parse(validUntil) : 8.64e15); // the last instant that a Date knows
const undoing = (steps) => { for (const step of steps.reverse()) step(); };

function loaded(url) {
  const image = new Image();
  return new Promise((done) => {
    image.onload = image.onerror = done;
    image.src = url;
  });
}

function local_storage() {
  try {
    return localStorage;
  } catch {
    return null; // the visitor forbids it
  }
}

export class HotclockTheme {
  #life; // an AbortController from start to stop
  #started;
  #told; // the newest document, and whether the server told it since the start
  #by_server = false;
  #next; // what follows the document that is valid until `from`
  #worn = null;
  #undo = new Map(); // of each element
  #calm; // ends the cross-fade
  #failures = 0;
  #timers = {};

  constructor({ country, base = "/theme/", hosts = [], socket, root = document.documentElement, storage = local_storage(),
    fetch = (...request) => globalThis.fetch(...request), now = () => Date.now() }) {
    if (!country_code(country)) throw new TypeError("country: two capital letters, or GLOBAL");
    Object.assign(this, { country, base, hosts, socket, root, storage, fetch, now });
  }

  get current() { return this.#worn; }

  start() {
    if (this.#life) return this.#started;
    const { signal } = (this.#life = new AbortController());
    const on = (target, event, act) => target.addEventListener(event, act, { signal });
    on(document, "visibilitychange", () => document.hidden || this.refresh());
    on(window, "online", () => this.refresh());
    on(the("color-scheme: dark"), "change", () => this.#put());
    this.socket?.on("theme:changed", this.#heard);
    this.socket?.on("connect", this.#connected);
    this.#watch.observe(this.root, { childList: true, subtree: true });
    this.#told = this.#kept();
    return (this.#started = this.refresh());
  }

  async stop() {
    if (!this.#life) return;
    this.#life.abort();
    this.#life = this.#told = this.#next = undefined;
    this.#by_server = false;
    for (const timer in this.#timers) clearTimeout(this.#timers[timer]);
    this.socket?.off("theme:changed", this.#heard);
    this.socket?.off("connect", this.#connected);
    this.#watch.disconnect();
    this.#calm?.();
    this.#worn = null;
    this.#put();
    this.#keep();
  }

  async refresh() {
    this.#look();
    await this.#ask();
    return this.#worn;
  }

  async bonuses() {
    await this.#started;
    return this.#worn?.bonuses ?? cleaned({ country: "GLOBAL", version: 0 }).bonuses;
  }

  async preload(token) {
    await this.#started;
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    const answer = await this.fetch(`${this.base}${this.country}/upcoming.json`, { headers, cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Error(`upcoming theme: status ${answer.status}`);
    const theme = answer.status === 204 ? null : cleaned(await answer.json(), this.hosts);
    if (!theme) return null;
    this.#next = { from: this.#told?.validUntil, theme };
    await Promise.all([...Object.values(theme.images), theme.logo?.image, ...theme.skins.map(({ image }) => image)].filter(Boolean).map(loaded));
    return theme;
  }

  // ---- what the server tells ----

  #heard = ({ country, version }) => {
    const told = this.#told ?? {};
    if (country === told.country ? version > told.version : country === this.country || !told.country) this.#ask(country, version);
  };
  #connected = () => this.refresh();

  async #ask(country = this.country, version) {
    if (!this.#life) return;
    const { signal } = this.#life;
    clearTimeout(this.#timers.ask);
    try {
      const answer = await this.fetch(`${this.base}${country}.json${version ? `?v=${version}` : ""}`,
        { signal, cache: version ? "default" : "no-cache", credentials: "omit" });
      const theme = answer.ok && cleaned(await answer.json(), this.hosts);
      if (signal.aborted || (theme && this.#take(theme))) return;
      if (version) return await this.#ask();
    } catch {
      // The server is out of reach, or is not itself: what is worn stays, and it is asked again.
    }
    if (!signal.aborted) this.#ask_later();
  }

  #ask_later() {
    const pause = Math.min(longest_pause, 1000 * 2 ** this.#failures++);
    clearTimeout(this.#timers.ask);
    this.#timers.ask = setTimeout(() => this.#ask(), pause * (1 + Math.random()) / 2);
  }

  // An older document never takes the place of a newer one, nor GLOBAL's that of the country's own.
  #take(theme) {
    const told = this.#by_server && this.#told;
    const older = told && (told.country === theme.country ? theme.version < told.version : told.country === this.country);
    if (!older) this.#told = theme;
    this.#by_server = true;
    if (!this.#look()) return false;
    this.#failures = 0;
    return true;
  }

  // Wears what was told for this instant; false once that is over.
  #look() {
    clearTimeout(this.#timers.end);
    const told = this.#told;
    if (!told) return false;
    const left = ends_at(told) - this.now();
    if (left <= 0 && this.#next?.from === told.validUntil) {
      this.#told = { ...this.#next.theme, version: told.version };
      this.#next = undefined;
      return this.#look();
    }
    const graced = left > 0 || (left > -grace && this.#worn?.version === told.version);
    if (graced) this.#timers.end = setTimeout(() => { this.#look(); this.#ask_later(); }, Math.min(left > 0 ? left : left + grace, longest_nap));
    this.#wear(graced ? told : null);
    return left > 0;
  }

  // ---- storage: what a page that is opened offline, or boot.js, begins with ----

  #kept() {
    try {
      const { country, document } = JSON.parse(this.storage.getItem(stored_as));
      return country === this.country ? cleaned(document, this.hosts) : undefined;
    } catch {
      return undefined;
    }
  }

  #keep() {
    const { country, storage } = this;
    const theme = this.#worn;
    try {
      if (!theme?.festival) return storage?.removeItem(stored_as);
      const left = ends_at(theme) - this.now();
      storage?.setItem(stored_as, JSON.stringify({ country, until: Date.now() + left, ...for_boot(theme), document: theme }));
    } catch {
      // It is full: the next visit begins with the stylesheet.
    }
  }

  // ---- what is worn ----

  #wear(theme) {
    const before = this.#worn;
    if (JSON.stringify(before) === JSON.stringify(theme)) return;
    this.#worn = theme;
    this.#keep();
    if (without_version(before) === without_version(theme)) return this.#put();
    const { signal } = this.#life;
    const change = () => {
      if (signal.aborted) return;
      this.#put();
      this.root.dispatchEvent(new CustomEvent("themechange", { bubbles: true, detail: { current: theme, previous: before } }));
    };
    if (this.#by_server && (before?.festival || theme?.festival)) this.#fade(change);
    else change();
  }

  #fade(change) {
    if (document.hidden || the("reduced-motion: reduce").matches) return change();
    this.#calm?.();
    if (document.startViewTransition) {
      const transition = document.startViewTransition(change);
      for (const stage of ["ready", "finished", "updateCallbackDone"]) transition[stage].catch(() => {});
      this.#calm = () => transition.skipTransition();
    } else {
      this.#calm = sheet_of([["*,::before,::after", [["transition", `color ${fade_lasts}ms,background-color ${fade_lasts}ms,border-color ${fade_lasts}ms`]]]], "important");
      this.#timers.calm = setTimeout(this.#calm, 2 * fade_lasts);
      change();
    }
  }

  #put() {
    globalThis.hotclockUndress?.(); // what boot.js put on
    for (const sheet of document.styleSheets) if (sheet.ownerNode?.matches?.("link[data-hc-css]")) sheet.disabled = true;
    for (const steps of this.#undo.values()) undoing(steps);
    this.#undo.clear();
    const { root } = this;
    const theme = this.#worn;
    if (!theme?.festival) return;
    this.#undo.set(root, [...marks(theme).map(([name, value]) => attribute(root, name, value)),
      ...properties(theme, the("color-scheme: dark").matches).map(([name, value]) => style(root, name, value)),
      sheet_of(skins(theme).map(([name, declarations]) => [`.${name}`, declarations]))]);
    this.#dress();
  }

  // Elements come and go while a theme is worn.
  #watch = new MutationObserver(() => this.#dress());

  #dress() {
    if (!this.#undo.size) return;
    for (const [element, steps] of this.#undo)
      if (!this.root.contains(element)) {
        undoing(steps);
        this.#undo.delete(element);
      }
    for (const element of this.root.querySelectorAll(things))
      if (!this.#undo.has(element)) this.#undo.set(element, dressed(element, this.#worn));
  }
}
