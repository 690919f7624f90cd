// What the time line shows, asked for as somebody moves: more than is seen, so that moving shows at once what is there,
// and anew as executions begin and end.
import { useEffect, useRef } from 'preact/hooks';
import { get } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useLive } from '../../lib/live';
import { useLoaded } from '../../lib/loaded';
import { useOwn } from '../../lib/own';
import { covers, wanted, width, type View } from './view';

const pause = 120, again_after = 4000, again_at_least = 60_000;

export function useSlots(view: View) {
  const own = useOwn(() => ({ asked: wanted(view) }));
  const tooMuch = useRef(Infinity); // spans as wide as this were too much to be told one by one with what lies beside them
  const at = useRef(0);

  const running = useLive('running');
  const told = useLoaded((signal) => {
    at.current = Date.now();
    return get('/timeline', { query: { from: new Date(own.asked.from).toISOString(), to: new Date(own.asked.to).toISOString() } }, signal);
  }, [own.asked]);

  const ask = () => { own.asked = wanted(view, width(view) >= tooMuch.current * 0.9); };
  useEffect(() => {
    if (covers(own.asked, view) && width(view) > width(own.asked) / 8) return;
    const waiting = setTimeout(ask, pause);
    return () => clearTimeout(waiting);
  }, [view]);
  useEffect(() => {
    if (!told.value?.cell_ms || width(view) >= tooMuch.current * 0.9) return;
    tooMuch.current = width(view);
    ask();
  }, [told.value]);

  const seesNow = own.asked.to >= clock.now && own.asked.from <= clock.now;
  const what = (running?.items ?? []).map((slot) => slot.id).join();
  useEffect(() => {
    if (!told.value || !seesNow) return;
    const timer = setTimeout(() => void told.again(), Math.max(500, at.current + again_after - Date.now()));
    return () => clearTimeout(timer);
  }, [what, seesNow]);
  useEffect(() => {
    if (!seesNow) return;
    const timer = setInterval(() => { if (!document.hidden) void told.again(); }, again_at_least);
    return () => clearInterval(timer);
  }, [seesNow]);
  return told;
}
