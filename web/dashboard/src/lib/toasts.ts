// Short words on what was done, which go by themselves; those with something to press stay longer.
export interface Toast { id: number; text: string; tone: 'good' | 'bad'; link?: { text: string; href: string } | undefined; undo?: (() => void) | undefined }

import { watched } from './own';

class Toasts {
  shown: Toast[] = [];
  #last = 0;

  constructor() { watched(this); }

  say(text: string, more: Partial<Omit<Toast, 'id' | 'text'>> = {}) {
    const toast = { tone: 'good' as const, ...more, id: ++this.#last, text };
    this.shown = [...this.shown.slice(-3), toast];
    setTimeout(() => this.drop(toast.id), more.undo || more.link ? 20_000 : 8000);
  }
  drop(id: number) { this.shown = this.shown.filter((one) => one.id !== id); }
}

export const toasts = new Toasts();
