// One answer of the API for a component: `loaded(() => get(...))` asks as soon as what it reads changes, and again with
// `again()`. What was known stays to be seen while it asks.
import { ApiProblem, type Told } from './api';

export class Loaded<T> {
  value = $state.raw<T | undefined>(undefined);
  etag = $state('');
  problem = $state.raw<ApiProblem | null>(null);
  loading = $state(false);
  at = $state(0);
  #ask: (signal: AbortSignal) => Promise<Told<T>>;
  #stop = new AbortController();

  constructor(ask: (signal: AbortSignal) => Promise<Told<T>>) { this.#ask = ask; }

  again(): Promise<void> { return this.run(this.#ask); }

  async run(ask: (signal: AbortSignal) => Promise<Told<T>>): Promise<void> {
    this.#stop.abort();
    const stop = this.#stop = new AbortController();
    this.loading = true;
    try {
      const told = await ask(stop.signal);
      if (stop.signal.aborted) return;
      Object.assign(this, { value: told.value, etag: told.etag, problem: null, at: Date.now() });
    } catch (error) {
      if (stop.signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error;
    } finally {
      if (!stop.signal.aborted) this.loading = false;
    }
  }

  stop() { this.#stop.abort(); }
}

// REQUIRES: while a component is made. `ask` may read state; the question is asked anew where that changes.
export function loaded<T>(ask: (signal: AbortSignal) => Promise<Told<T>>): Loaded<T> {
  const one = new Loaded(ask);
  $effect(() => {
    void one.run(ask);
    return () => one.stop();
  });
  return one;
}
