// One answer of the API for a component: `useLoaded(() => get(...), [job])` asks, anew where what stands in its list
// changes, again with `again()`, and by itself where nobody answered and the server is back. What was known stays to be
// seen while it asks.
import { batch } from '@preact/signals';
import { useEffect, useMemo, type Inputs } from 'preact/hooks';
import { ApiProblem, type Told } from './api';
import { useReturn } from './live';
import { watched } from './own';

export class Loaded<T> {
  value: T | undefined = undefined;
  etag = '';
  problem: ApiProblem | null = null;
  loading = false;
  at = 0;
  #ask: (signal: AbortSignal) => Promise<Told<T>>;
  #stop = new AbortController();

  constructor(ask: (signal: AbortSignal) => Promise<Told<T>>) {
    this.#ask = ask;
    watched(this);
  }

  again(): Promise<void> { return this.run(this.#ask); }

  async run(ask: (signal: AbortSignal) => Promise<Told<T>>): Promise<void> {
    this.#ask = ask;
    this.#stop.abort();
    const stop = this.#stop = new AbortController();
    this.loading = true;
    try {
      const told = await ask(stop.signal);
      if (stop.signal.aborted) return;
      batch(() => Object.assign(this, { value: told.value, etag: told.etag, problem: null, at: Date.now() }));
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

// `reads`: what of the component the question is made of.
export function useLoaded<T>(ask: (signal: AbortSignal) => Promise<Told<T>>, reads: Inputs): Loaded<T> {
  const one = useMemo(() => new Loaded(ask), []);
  useEffect(() => {
    void one.run(ask);
    return () => one.stop();
  }, reads);
  useReturn(() => one.problem?.unreachable ?? false, () => one.again());
  return one;
}
