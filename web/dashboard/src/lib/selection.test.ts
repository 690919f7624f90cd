import { describe, expect, it } from 'vitest';
import { Selection } from './selection';

describe('what is picked of a list', () => {
  const picks = new Selection<{ id: string }>((one) => one.id), a = { id: 'a' }, b = { id: 'b' };
  it('is known by its key, and a second press takes it away', () => {
    picks.toggle(a);
    picks.toggle(b);
    picks.toggle({ id: 'a' });
    expect(picks.items).toEqual([b]);
    expect([picks.has(a), picks.has(b), picks.size]).toEqual([false, true, 1]);
  });
  it('is everything once all that match are meant, until one is picked', () => {
    picks.whole = 5000;
    expect([picks.has(a), picks.size]).toEqual([true, 5000]);
    picks.toggle(a);
    expect([picks.items, picks.size]).toEqual([[a], 1]);
  });
});
