// Lists that stay true while a page shows them: one stream of the server's events for all of them, none while nobody
// looks. What it says is always a whole list, so nothing can be missed.
import type { AlertList, JobList, NodeList, Overview, SlotList } from '../made/api';
import { useEffect } from 'preact/hooks';
import { watched } from './own';
import { session } from './session';

export interface Topics { jobs: JobList; slots: SlotList; running: SlotList; nodes: NodeList; alerts: AlertList; overview: Overview }
export type Topic = keyof Topics;
export type Connection = 'idle' | 'connecting' | 'live' | 'reconnecting';

// Without a word for so long the stream is opened anew: a connection may be dead, and its comments are not heard here.
const silence = 120_000;
const first_wait = 1000, longest_wait = 5000;

class Live {
  connection: Connection = 'idle';
  // When it was last known to be true; the server's words since are in `lists`.
  staleSince: number | null = null;
  returns = 0; // how often it came back
  lists: Partial<Topics> = {};

  #wanted = new Map<Topic, number>();
  #source: EventSource | null = null;
  #hears = '';
  #wait = first_wait;
  #again = 0;
  #watch = 0;

  constructor() {
    watched(this);
    document.addEventListener('visibilitychange', () => this.#adjust());
    addEventListener('online', () => { if (this.connection === 'reconnecting') this.#open(); });
  }

  // While the returned function was not called, `topic` is kept.
  want(topic: Topic): () => void {
    this.#wanted.set(topic, (this.#wanted.get(topic) ?? 0) + 1);
    queueMicrotask(() => this.#adjust());
    return () => {
      const left = (this.#wanted.get(topic) ?? 1) - 1;
      if (left > 0) this.#wanted.set(topic, left);
      else this.#wanted.delete(topic);
      queueMicrotask(() => this.#adjust());
    };
  }

  #adjust() {
    const topics = [...this.#wanted.keys()].sort().join(',');
    if (document.hidden || !topics || !session.me) return this.#close();
    if (topics !== this.#hears || !this.#source) {
      this.#hears = topics;
      this.#open();
    }
  }

  #close() {
    clearTimeout(this.#again);
    clearTimeout(this.#watch);
    this.#source?.close();
    this.#source = null;
    if (this.connection === 'live') this.staleSince = Date.now();
    this.connection = 'idle';
    if (!session.me) this.lists = {}; // what one saw is not for who comes next
  }

  #open() {
    clearTimeout(this.#again);
    this.#source?.close();
    if (this.connection === 'live' || this.connection === 'idle') this.connection = 'connecting';
    const source = this.#source = new EventSource(`/api/v1/events?topics=${this.#hears}`);
    for (const topic of this.#hears.split(',') as Topic[]) {
      source.addEventListener(topic, (event) => this.#hear(topic, (event as MessageEvent<string>).data));
    }
    source.onopen = () => this.#alive();
    source.onerror = () => { if (source === this.#source) void this.#broken(); };
  }

  #hear(topic: Topic, data: string) {
    this.lists = { ...this.lists, [topic]: JSON.parse(data) as Topics[Topic] };
    this.#alive();
  }

  #alive() {
    if (this.staleSince !== null) ++this.returns;
    this.connection = 'live';
    this.staleSince = null;
    this.#wait = first_wait;
    clearTimeout(this.#watch);
    this.#watch = window.setTimeout(() => this.#open(), silence);
  }

  // The browser's own attempts end at a refusal, and never ask why: ours do.
  async #broken() {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#watch);
    this.staleSince ??= Date.now();
    this.connection = 'reconnecting';
    clearTimeout(this.#again);
    this.#again = window.setTimeout(() => void this.#comeBack(), this.#wait * (0.8 + 0.4 * Math.random()));
    this.#wait = Math.min(this.#wait * 2, longest_wait);
  }

  async #comeBack() {
    if (document.hidden || this.#wanted.size === 0) return this.#close();
    const answer = await fetch('/api/v1/session', { credentials: 'same-origin' }).catch(() => null);
    if (answer?.status === 401) return session.lost();
    if (answer?.ok) this.#open();
    else void this.#broken();
  }
}

export const live = new Live();

// In a component: `again` is called as the server is back, where `failed` says that it did not answer.
export function useReturn(failed: () => boolean, again: () => unknown) {
  useEffect(() => { if (live.returns && failed()) again(); }, [live.returns]);
}

// In a component: what the server says of `topic`, undefined until it was told.
export function useLive<T extends Topic>(topic: T): Topics[T] | undefined {
  useEffect(() => live.want(topic), [topic]);
  return live.lists[topic];
}
