// Waiting, always for something and never for ever.
import { setTimeout as pause } from "node:timers/promises";

export class TooLate extends Error {}

// `promise`, or a failure that says what did not happen within `ms`.
export async function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`not within ${ms} ms: ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// Asks again and again until `condition` gives something true; gives that.
export async function until(what, condition, ms = 5000) {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > deadline) throw new TooLate(`not within ${ms} ms: ${what}`);
    await pause(10);
  }
}

// What arrives is put in; what waits for it takes it out, in order.
export class Inbox {
  #items = [];
  #waiting = [];
  #over;

  put(item) {
    if (this.#waiting.length > 0) this.#waiting.shift().resolve(item);
    else this.#items.push(item);
  }
  // Nothing more will come: whoever waits, or asks later, hears why.
  end(why) {
    this.#over ??= why;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#over);
  }
  get size() {
    return this.#items.length;
  }
  take(ms = 5000, what = "something arrives") {
    if (this.#items.length > 0) return Promise.resolve(this.#items.shift());
    if (this.#over) return Promise.reject(this.#over);
    let entry;
    const next = new Promise((resolve, reject) => this.#waiting.push((entry = { resolve, reject })));
    return within(ms, what, next).finally(() => {
      this.#waiting = this.#waiting.filter((one) => one !== entry);
    });
  }
}
