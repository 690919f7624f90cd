import type { ManyDone } from '../made/api';
import { watched } from './own';

// What somebody picked of a list: rows that were seen, or all that are like that, seen or not (`whole`: how many).
export class Selection<T> {
  picked: ReadonlyMap<string, T> = new Map();
  whole = 0;

  constructor(readonly key: (item: T) => string) { watched(this); }

  get size() { return this.whole || this.picked.size; }
  get items() { return [...this.picked.values()]; }
  has(item: T) { return this.whole > 0 || this.picked.has(this.key(item)); }

  toggle(item: T) {
    const next = new Map(this.whole ? [] : this.picked), key = this.key(item);
    if (!next.delete(key)) next.set(key, item);
    this.set([...next.values()]);
  }
  set(items: T[]) {
    this.whole = 0;
    this.picked = new Map(items.map((item) => [this.key(item), item]));
  }
}

const number = (count: number) => count.toLocaleString('en');
export const countsOf = ({ done, refused }: Pick<ManyDone, 'done' | 'refused'>) => `${number(done)} done${refused ? `, ${number(refused)} refused` : ''}`;
