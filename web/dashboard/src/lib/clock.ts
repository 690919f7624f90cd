// The server's clock, second by second: what a page calls now. The browser's may be wrong.
import { watched } from './own';

class Clock {
  now = Date.now();
  #ahead = 0; // of the server's clock before the browser's
  #ticking = 0;

  constructor() {
    watched(this);
    document.addEventListener('visibilitychange', () => this.#tick());
    this.#tick();
  }

  // Of an answer's Date, which knows whole seconds.
  async set(): Promise<void> {
    const sent = Date.now();
    const response = await fetch('/livez', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
    const said = Date.parse(response?.headers.get('Date') ?? '');
    if (Number.isNaN(said)) return;
    const ahead = said + 500 - (sent + Date.now()) / 2;
    this.#ahead = Math.abs(ahead) < 1500 ? 0 : ahead;
    this.now = Date.now() + this.#ahead;
  }

  #tick() {
    clearTimeout(this.#ticking);
    if (document.hidden) return;
    this.now = Date.now() + this.#ahead;
    this.#ticking = window.setTimeout(() => this.#tick(), 1000 - (this.now % 1000) + 5);
  }
}

export const clock = new Clock();
