// What the palette offers beside pages and jobs: what a page that is shown adds.
import { watched } from './own';

export interface Command { title: string; hint?: string; run: () => void }

class Commands {
  added: Command[] = [];

  constructor() { watched(this); }

  // While the returned function was not called, they are offered.
  offer(...some: Command[]): () => void {
    this.added = [...this.added, ...some];
    return () => { this.added = this.added.filter((one) => !some.includes(one)); };
  }
}

export const commands = new Commands();
