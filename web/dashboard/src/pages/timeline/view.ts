// What part of time is seen, how it is moved, and what is asked for it. In milliseconds.
export interface View { from: number; to: number }

export const minute = 60_000, hour = 60 * minute, day = 24 * hour;
const narrowest = 2 * minute, widest = 10 * day;
// Of what follows now: how much of it lies behind now.
const ahead = 0.25;

export const spans = [{ name: '1 h', ms: hour }, { name: '6 h', ms: 6 * hour }, { name: '24 h', ms: day }, { name: '7 d', ms: 7 * day }];
const usual = 6 * hour;

export const width = (view: View) => view.to - view.from;
export const clamped = (ms: number) => Math.min(widest, Math.max(narrowest, ms));

export function around(now: number, span: number): View {
  const to = now + clamped(span) * ahead;
  return { from: to - clamped(span), to };
}

// What an address says: a range that stands still, or a span that follows now.
export function viewOf(word: (name: string) => string, now: number): { view: View; follows: boolean } {
  const from = Date.parse(word('from')), to = Date.parse(word('to'));
  if (from < to) return { view: { from, to: from + clamped(to - from) }, follows: false };
  const said = Number(word('span')) * minute;
  return { view: around(now, said > 0 ? said : usual), follows: true };
}

export function addressOf(view: View): { from: string; to: string; span: null } {
  const second = (at: number) => new Date(Math.round(at / 1000) * 1000).toISOString().replace('.000Z', 'Z');
  return { from: second(view.from), to: second(view.to), span: null };
}
export const spanAddress = (ms: number) => ({ from: null, to: null, span: ms === usual ? null : String(Math.round(ms / minute)) });

// `factor` below 1 shows less of it, larger; `at` stays where it is.
export function zoomed(view: View, factor: number, at: number): View {
  const before = width(view), after = clamped(before * factor);
  const from = at - ((at - view.from) / before) * after;
  return { from, to: from + after };
}
export function panned(view: View, part: number): View {
  const by = width(view) * part;
  return { from: view.from + by, to: view.to + by };
}

// What is asked for: more than is seen, on both sides, in steps, so that moving a little asks nothing anew.
// `tight`: no more than is seen, where more would be too much to be told one by one.
export function wanted(view: View, tight = false): View {
  const step = 2 ** Math.ceil(Math.log2(width(view) / (tight ? 8 : 4)));
  const more = tight ? 0 : width(view) / 2;
  return { from: Math.floor((view.from - more) / step) * step, to: Math.ceil((view.to + more) / step) * step };
}
export const covers = (big: View, small: View) => big.from <= small.from && big.to >= small.to;
