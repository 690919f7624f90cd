// What keys do, wherever the focus is: single keys unless somebody types or has switched them off, and `g` with another.
import { watched } from './own';
import { preferences } from './preferences';

export interface Binding { keys: string; what: string; run: () => void } // "/", "g j", "ctrl+k"
interface ListKeys { move: (by: number) => void; open: () => void; pick?: (() => void) | undefined }

const pause = 1200; // between `g` and what follows

class Keys {
  bindings: Binding[] = [];
  #list: ListKeys | null = null;
  #first = '';
  #timer = 0;

  constructor() {
    watched(this);
    addEventListener('keydown', (event) => this.#down(event));
  }

  // While the returned function was not called, these keys do that.
  bind(...some: Binding[]): () => void {
    this.bindings = [...this.bindings, ...some];
    return () => { this.bindings = this.bindings.filter((one) => !some.includes(one)); };
  }
  list(list: ListKeys): () => void {
    this.#list = list;
    return () => { if (this.#list === list) this.#list = null; };
  }

  #down(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const held = event.ctrlKey || event.metaKey;
    const pressed = `${held ? 'ctrl+' : ''}${event.key.length === 1 && held ? event.key.toLowerCase() : event.key}`;
    const target = event.target as Element | null;
    const typing = target?.closest?.('input:not([type="checkbox"]), select, textarea, [contenteditable]') != null;
    if (!held && (typing || !preferences.keys || document.querySelector('dialog[open]'))) return;
    if (this.#perform(pressed)) event.preventDefault();
  }

  #perform(pressed: string): boolean {
    const both = this.#first ? `${this.#first} ${pressed}` : pressed;
    clearTimeout(this.#timer);
    this.#first = '';
    const found = this.bindings.find((one) => one.keys === both);
    if (found) {
      found.run();
      return true;
    }
    if (pressed === 'j' || pressed === 'k') {
      this.#list?.move(pressed === 'j' ? 1 : -1);
      return this.#list !== null;
    }
    if (pressed === 'x' && this.#list?.pick) {
      this.#list.pick();
      return true;
    }
    if (pressed === 'o') {
      this.#list?.open();
      return this.#list !== null;
    }
    if (pressed !== 'g') return false;
    this.#first = 'g';
    this.#timer = window.setTimeout(() => { this.#first = ''; }, pause);
    return true;
  }
}

export const keys = new Keys();
