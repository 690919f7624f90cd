// A list of the API, page by page: as far as somebody scrolled, and no further. What is new above is counted and not
// pushed under the finger: `fresh` says how many, `takeFresh()` shows them.
import { batch } from '@preact/signals';
import { useEffect, useMemo, type Inputs } from 'preact/hooks';
import { ApiProblem, type Told } from './api';
import { useReturn } from './live';
import { watched } from './own';

export interface PageOf<T> { items: T[]; next: string | null }
export type Fetch<T> = (cursor: string | undefined, signal: AbortSignal, limit?: number) => Promise<Told<PageOf<T>>>;

export class Paged<T> {
  items: T[] = [];
  loading = false;
  problem: ApiProblem | null = null;
  next: string | null = null;
  begun = false; // false until the first page came or failed
  fresh: T[] = [];

  #fetch: Fetch<T>;
  #key: (item: T) => string;
  #stop = new AbortController();

  constructor(fetch: Fetch<T>, key: (item: T) => string) {
    this.#fetch = fetch;
    this.#key = key;
    watched(this);
  }

  get over() { return this.begun && this.next === null && !this.problem; }
  get empty() { return this.over && this.items.length === 0; }

  // From the beginning, as when a filter changed; `fetch` in place of the one before.
  restart(fetch: Fetch<T> = this.#fetch) {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#fetch = fetch;
    batch(() => Object.assign(this, { next: null, problem: null, begun: false, loading: false, fresh: [], items: [] }));
    void this.more();
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

// `fetch` goes by the filters, all of which stand in `reads`: the list begins anew where one changes,
// and goes on where nobody answered and the server is back.
export function usePaged<T>(fetch: Fetch<T>, key: (item: T) => string, reads: Inputs): Paged<T> {
  const list = useMemo(() => new Paged(fetch, key), []);
  useEffect(() => {
    list.restart(fetch);
    return () => list.stop();
  }, reads);
  useReturn(() => list.problem?.unreachable ?? false, () => list.more());
  return list;
}
