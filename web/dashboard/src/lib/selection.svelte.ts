import type { ManyDone } from '../made/api';

// What somebody picked of a list: rows that were seen, or all that are like that, seen or not (`whole`: how many).
export class Selection<T> {
  picked = $state.raw<ReadonlyMap<string, T>>(new Map());
  whole = $state(0);

  constructor(readonly key: (item: T) => string) {}

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

// "100 failed, 20 missed": how many of each word, the most first.
export function tally(words: string[], most = 4): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const all = [...counts].sort((a, b) => b[1] - a[1]);
  return all.slice(0, most).map(([word, count]) => `${number(count)} ${word}`).join(', ') + (all.length > most ? ` and ${all.length - most} more` : '');
}

const number = (count: number) => count.toLocaleString('en');
export const countsOf = ({ done, refused }: ManyDone) => `${number(done)} done${refused ? `, ${number(refused)} refused` : ''}`;
