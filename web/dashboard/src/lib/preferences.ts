// What somebody likes: zone, theme, keys. Kept in this browser; nothing secret is.
import { signal } from '@preact/signals';
import type { ZoneChoice } from './time';

export type Theme = 'system' | 'light' | 'dark';

function kept<T extends string>(name: string, otherwise: T, may: readonly T[]): T {
  try {
    const text = localStorage.getItem(`hotclock.${name}`) as T | null;
    return text && may.includes(text) ? text : otherwise;
  } catch { return otherwise; }
}
function keep(name: string, value: string) {
  try { localStorage.setItem(`hotclock.${name}`, value); } catch { /* a browser that keeps nothing */ }
}

class Preferences {
  #zone = signal(kept<ZoneChoice>('zone', 'browser', ['browser', 'utc', 'job']));
  #theme = signal(kept<Theme>('theme', 'system', ['system', 'light', 'dark']));
  #keys = signal(kept('keys', 'on', ['on', 'off']));

  constructor() { this.#dress(); }

  get zone() { return this.#zone.value; }
  set zone(value) { keep('zone', (this.#zone.value = value)); }
  get theme() { return this.#theme.value; }
  set theme(value) { keep('theme', (this.#theme.value = value)); this.#dress(); }
  // Single keys do something (WCAG 2.1.4: they can be switched off).
  get keys() { return this.#keys.value === 'on'; }
  set keys(value) { keep('keys', (this.#keys.value = value ? 'on' : 'off')); }

  #dress() {
    if (this.#theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.#theme.value;
  }
}

export const preferences = new Preferences();
