// A list of the API, page by page: as far as somebody scrolled, and no further. What is new above is counted and not
// pushed under the finger: `fresh` says how many, `takeFresh()` shows them.
import { untrack } from 'svelte';
import { ApiProblem, type Told } from './api';

export interface PageOf<T> { items: T[]; next: string | null }
export type Fetch<T> = (cursor: string | undefined, signal: AbortSignal) => Promise<Told<PageOf<T>>>;

export class Paged<T> {
  items = $state.raw<T[]>([]);
  loading = $state(false);
  problem = $state<ApiProblem | null>(null);
  next = $state<string | null>(null);
  begun = $state(false); // false until the first page came or failed
  fresh = $state.raw<T[]>([]);

  #fetch: Fetch<T>;
  #key: (item: T) => string;
  #stop = new AbortController();

  constructor(fetch: Fetch<T>, key: (item: T) => string) {
    this.#fetch = fetch;
    this.#key = key;
  }

  get over() { return this.begun && this.next === null && !this.problem; }
  get empty() { return this.over && this.items.length === 0; }

  // From the beginning, as when a filter changed; `fetch` in place of the one before.
  restart(fetch: Fetch<T> = this.#fetch) {
    untrack(() => {
      this.#stop.abort();
      this.#stop = new AbortController();
      this.#fetch = fetch;
      Object.assign(this, { next: null, problem: null, begun: false, loading: false, fresh: [], items: [] });
      void this.more();
    });
  }

  // Pages of a walk may be empty and have a next all the same (docs/api.md): those are passed over.
  async more(): Promise<void> {
    if (this.loading || (this.begun && this.next === null)) return;
    const { signal } = this.#stop;
    this.loading = true;
    this.problem = null;
    try {
      for (let came = 0, pages = 0; came === 0 && pages < 20; ++pages) {
        const { value } = await this.#fetch(this.next ?? undefined, signal);
        if (signal.aborted) return;
        came = value.items.length;
        this.items = this.#joined(this.items, value.items);
        this.next = value.next;
        if (value.next === null) break;
      }
      this.begun = true;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error;
    } finally {
      if (!signal.aborted) this.loading = false;
    }
  }

  // What a live list says of the newest: items that are here are replaced where they stand, others wait in `fresh`.
  // `fits`: whether one that is not here belongs to the list as it is filtered.
  hear(newest: T[], fits: (item: T) => boolean = () => true) {
    untrack(() => this.#hear(newest, fits));
  }

  #hear(newest: T[], fits: (item: T) => boolean) {
    if (!this.begun) return;
    const known = new Map(newest.map((item) => [this.#key(item), item]));
    const here = new Set(this.items.map(this.#key));
    this.items = this.items.map((item) => known.get(this.#key(item)) ?? item);
    this.fresh = newest.filter((item) => !here.has(this.#key(item)) && fits(item));
  }

  takeFresh() {
    this.items = this.#joined(this.fresh, this.items);
    this.fresh = [];
  }

  stop() { this.#stop.abort(); }

  #joined(first: T[], then: T[]): T[] {
    const here = new Set(first.map(this.#key));
    return [...first, ...then.filter((item) => !here.has(this.#key(item)))];
  }
}

// REQUIRES: while a component is made. `make` reads the filters and gives what fetches by them; the list begins anew
// where these change.
export function paged<T>(make: () => Fetch<T>, key: (item: T) => string): Paged<T> {
  const list = new Paged(untrack(make), key);
  $effect(() => {
    list.restart(make());
    return () => list.stop();
  });
  return list;
}
