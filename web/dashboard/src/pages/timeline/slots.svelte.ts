// What the time line shows, asked for as somebody moves: more than is seen, so that moving shows at once what is there,
// and anew as executions begin and end.
import { untrack } from 'svelte';
import { get } from '../../lib/api';
import { clock } from '../../lib/clock.svelte';
import { liveList } from '../../lib/live.svelte';
import { loaded } from '../../lib/loaded.svelte';
import { covers, wanted, width, type View } from './view';

const pause = 120, again_after = 4000, again_at_least = 60_000;

// REQUIRES: while a component is made.
export function slots(view: () => View) {
  const first = untrack(view);
  let asked = $state.raw(wanted(first));
  let tooMuch = Infinity; // spans as wide as this were too much to be told one by one with what lies beside them
  let waiting = 0, at = 0;

  const running = liveList('running');
  const told = loaded((signal) => {
    at = Date.now();
    return get('/timeline', { query: { from: new Date(asked.from).toISOString(), to: new Date(asked.to).toISOString() } }, signal);
  });

  function ask(now: View) {
    asked = wanted(now, width(now) >= tooMuch * 0.9);
  }
  $effect(() => {
    const now = view(), before = untrack(() => asked);
    if (covers(before, now) && width(now) > width(before) / 8) return;
    clearTimeout(waiting);
    waiting = window.setTimeout(() => ask(now), pause);
    return () => clearTimeout(waiting);
  });
  $effect(() => {
    if (!told.value?.cell_ms) return;
    const now = untrack(view);
    if (width(now) >= tooMuch * 0.9) return;
    tooMuch = width(now);
    ask(now);
  });

  const seesNow = $derived(asked.to >= clock.now && asked.from <= clock.now);
  const what = $derived((running.value?.items ?? []).map((slot) => slot.id).join());
  $effect(() => {
    void what;
    if (!untrack(() => told.value) || !seesNow) return;
    const timer = setTimeout(() => void told.again(), Math.max(500, at + again_after - Date.now()));
    return () => clearTimeout(timer);
  });
  $effect(() => {
    if (!seesNow) return;
    const timer = setInterval(() => { if (!document.hidden) void told.again(); }, again_at_least);
    return () => clearInterval(timer);
  });
  return told;
}
