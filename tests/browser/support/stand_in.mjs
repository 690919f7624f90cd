// A stand-in for the program that serves the files of web/ and themes as a test scripts them: for what must happen
// at one known moment, and for what the program never would serve.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { properties, skins, cleaned } from '../../../web/theme/theme.js';
import { document_of, usual } from './festivals.mjs';
import { packages, socket_server } from './packages.mjs';

const web = fileURLToPath(new URL('../../../web', import.meta.url));
const client_of_socket = join(packages, 'node_modules/socket.io/client-dist/socket.io.esm.min.js');
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json', '.svg': 'image/svg+xml' };
// What web/CMakeLists.txt gives to a path of /demo/.
function file_of(path) {
  if (path === '/demo/theme.js') return process.env.THEME_CLIENT ?? join(web, 'theme/theme.js');
  if (path === '/demo/boot.js') return join(web, 'theme/boot.js');
  if (path === '/demo/socket.io.js') return client_of_socket;
  return join(web, path.endsWith('/') ? `${path}index.html` : path);
}

export function css_of(document) {
  const rule = (selector, pairs) => (pairs.length ? `${selector} {${pairs.map(([name, value]) => ` ${name}: ${value};`).join('')} }\n` : '');
  const theme = cleaned(document);
  const root = rule(':root', properties(theme));
  const dark = Object.keys(theme.dark).length ? `@media (prefers-color-scheme: dark) { ${rule(':root', properties(theme, true))}}\n` : '';
  return `/* ${document.country} ${document.version} */\n${root}${dark}${skins(theme).map(([name, pairs]) => rule(`.${name}`, pairs)).join('')}`;
}

export class StandIn {
  documents = new Map(); // country -> all versions of its document, the newest last
  upcoming = new Map(); // country -> what comes next
  pages = new Map(); // path -> the HTML of a page that a test wrote
  turns = []; // what /demo/jump walks through: {at, name, turn, change(stand_in)}
  asked = []; // "GET /theme/NP.json"
  held = []; // {pattern, waiting}
  shift = 0; // of the demo's clock
  policy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"; // as service/hub sends it

  // Whatever was started in a test ends with it.
  static async opens(test) {
    const stand_in = new StandIn();
    await stand_in.open();
    test.after(() => stand_in.close());
    return stand_in;
  }

  get origin() { return `http://127.0.0.1:${this.port}`; }
  get now() { return Date.now() + this.shift; }
  instant(seconds) { return new Date(this.now + seconds * 1000).toISOString(); }

  async open() {
    this.server = createServer((request, response) => this.answer(request, response));
    await new Promise((done) => this.server.listen(this.port ?? 0, '127.0.0.1', done));
    this.port = this.server.address().port;
    this.io = new socket_server(this.server, { serveClient: false });
  }

  // As if its machine were gone; open() brings it back.
  async close() {
    for (const { waiting } of this.held) for (const go of waiting) go();
    this.held = [];
    this.server.closeAllConnections();
    await this.io.close();
  }

  // The country wears another document, with `theme:changed` unless nobody is to be told.
  wears(country, look, { until = null, tell = true } = {}) {
    const versions = this.documents.get(country) ?? [];
    const document = document_of(country, (versions.at(-1)?.version ?? 0) + 1, look, until);
    this.documents.set(country, [...versions, document]);
    if (tell) this.tell(document);
    return document;
  }
  tell({ country, version }) { this.io.emit('theme:changed', { country, version, theme: {} }); }

  // Answers to what matches wait until the function that this returns is called.
  hold(pattern) {
    const held = { pattern, waiting: [] };
    this.held.push(held);
    return () => {
      this.held.splice(this.held.indexOf(held), 1);
      for (const go of held.waiting) go();
    };
  }
  times(pattern) { return this.asked.filter((line) => pattern.test(line)).length; }

  // ---- answers ----

  async answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.origin);
    this.asked.push(`${request.method} ${request.url}`);
    const held = this.held.find(({ pattern }) => pattern.test(request.url));
    if (held) await new Promise((go) => held.waiting.push(go));
    const { status = 200, type = '.html', body = '', headers = {} } = this.found(request, pathname, searchParams);
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
    const known = status === 200 && request.headers['if-none-match'] === etag;
    response.writeHead(known ? 304 : status, { 'Content-Type': types[type], ETag: etag, 'Cache-Control': 'no-cache',
      'Content-Security-Policy': this.policy, 'X-Content-Type-Options': 'nosniff', ...headers });
    response.end(known ? undefined : body);
  }

  found(request, path, parameters) {
    if (this.pages.has(path)) return { body: this.pages.get(path), type: extname(path) || '.html' };
    const theme = /^\/theme\/([A-Z]{2}|GLOBAL)(\/upcoming)?(\.json|\.css)$/.exec(path);
    if (theme) return theme[2] ? this.coming(theme[1], request) : this.theme(theme[1], theme[3], parameters.get('v'));
    if (path === '/demo/clock') return json(this.clock());
    if (path === '/demo/jump' && request.method === 'POST') return json(this.jump());
    return this.file(path);
  }

  file(path) {
    try {
      const file = file_of(path);
      return { type: extname(file), body: readFileSync(file) };
    } catch {
      return { status: 404 };
    }
  }

  theme(country, type, version) {
    const versions = this.documents.get(country) ?? this.documents.get('GLOBAL') ?? [document_of('GLOBAL', 0, usual)];
    const document = version ? versions.find((one) => String(one.version) === version) : versions.at(-1);
    if (!document) return { status: 404 };
    const headers = version ? { 'Cache-Control': 'public, max-age=31536000, immutable' } : {};
    return { type, headers, body: type === '.css' ? css_of(document) : JSON.stringify(document) };
  }

  coming(country, request) {
    if (request.headers.authorization !== 'Bearer a-viewer') return { status: 401 };
    const document = this.upcoming.get(country);
    return document ? json(document) : { status: 204 };
  }

  clock() {
    const [next] = this.turns;
    return { now: new Date(this.now).toISOString(), shifted: this.shift !== 0,
      next: next ? { at: next.at, name: next.name, turn: next.turn } : null };
  }

  jump() {
    const turn = this.turns.shift();
    if (!turn) return { now: new Date(this.now).toISOString(), festival: null, turn: 'end' };
    this.shift = Math.max(this.shift, Date.parse(turn.at) - Date.now() + 1);
    turn.change(this);
    return { now: new Date(this.now).toISOString(), festival: turn.name, turn: turn.turn };
  }
}

const json = (value) => ({ type: '.json', body: JSON.stringify(value), headers: { 'Cache-Control': 'no-store' } });
