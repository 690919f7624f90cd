// What the palette offers beside pages and jobs: what a page that is shown adds.
import { untrack } from 'svelte';

export interface Command { title: string; hint?: string; run: () => void }

class Commands {
  added = $state.raw<Command[]>([]);

  // While the returned function was not called, they are offered.
  offer(...some: Command[]): () => void {
    this.added = [...untrack(() => this.added), ...some];
    return () => { this.added = this.added.filter((one) => !some.includes(one)); };
  }
}

export const commands = new Commands();
