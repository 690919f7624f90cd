// A client as a browser has it: it connects again by itself, and writes down the id of all it hears.
import { createHmac } from 'node:crypto';
import { connect } from './packages.mjs';
import { comesTrue } from '../../emitters/support/waiting.mjs';

export const secret = 'the secret of these tests, which everybody may know';
const base64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export function token(user, { header = { alg: 'HS256', typ: 'JWT' }, claims = {}, sign = hs256 } = {}) {
  const text = `${base64(header)}.${base64({ sub: String(user), exp: Math.floor(Date.now() / 1000) + 3600, ...claims })}`;
  return `${text}.${sign(text)}`;
}
function hs256(text) { return createHmac('sha256', secret).update(text).digest('base64url'); }

export class Listener {
  // `auth`: of its CONNECT; else the token of `user`.
  constructor(url, { user, auth = user ? { token: token(user) } : {}, ...options } = {}) {
    this.user = user;
    this.rooms = user ? [`user:${user}`] : [];
    this.heard = [];
    this.ids = new Set();
    this.recoveries = [];
    this.ends = [];
    this.refusals = [];
    this.socket = connect(url, {
      transports: ['websocket'], forceNew: true, auth,
      reconnectionDelay: 20, reconnectionDelayMax: 200, ...options,
    });
    this.socket.onAny((name, body) => { if (body?.eventId) this.hears(Number(body.eventId)); });
    this.socket.on('connect', () => { this.recoveries.push(this.socket.recovered); this.ids.add(this.socket.id); });
    this.socket.on('disconnect', (reason) => this.ends.push(reason));
    this.socket.on('connect_error', (error) => this.refusals.push({ message: error.message, data: error.data }));
  }

  hears(id) { this.heard.push(id); }

  static async on(url, options) {
    const listener = new Listener(url, options);
    await comesTrue(() => listener.socket.connected, () => `it is in: ${JSON.stringify(listener.refusals.at(-1))}`);
    return listener;
  }

  say(...words) { return this.socket.timeout(10_000).emitWithAck(...words); }
  async joins(...rooms) {
    for (const room of rooms) {
      const answer = await this.say('subscribe', room);
      if (!answer.ok) throw new Error(`${room}: ${answer.error}`);
      this.rooms.push(room);
    }
    return this;
  }
  close() { this.socket.close(); }
}

// So many at once, some at a time.
export async function listeners(count, make) {
  const all = [];
  while (all.length < count)
    all.push(...await Promise.all(Array.from({ length: Math.min(50, count - all.length) }, (_, i) => make(all.length + i))));
  return all;
}
