import { useEffect } from 'preact/hooks';
import type { Log as Said } from '../../made/api';
import { get } from '../../lib/api';
import { useLive } from '../../lib/live';
import { useLoaded } from '../../lib/loaded';
import { standingOf } from '../../lib/outcomes';
import { useOwn, useTitle } from '../../lib/own';
import { link } from '../../lib/route';
import Await from '../../lib/ui/Await';
import Outcome from '../../lib/ui/Outcome';
import Time from '../../lib/ui/Time';
import Attempts from './Attempts';
import { goesOn } from './execution';
import Log from './Log';
import Neighbours from './Neighbours';
import ProfileOf from './ProfileOf';
import SetAside from './SetAside';
import SlotActions from './SlotActions';
import SlotFacts from './SlotFacts';
import SlotProgress from './SlotProgress';
import Trouble from './Trouble';
import './Execution.css';

const none = { value: undefined, etag: '', next: null };

// One slot and what became of it: who asked, when, each attempt, what it said, what it could not do.
export default function Execution({ parts }: { parts: Record<string, string> }) {
  // What is known of the log is not asked for again, unless it has grown too long or another attempt's begins.
  const own = useOwn(() => ({ said: { of: '', log: null as Said | null } }));
  async function ask(signal: AbortSignal, known = own.said): ReturnType<typeof get<'/slots/{slot}'>> {
    const query = { log_from: known.log && known.log.text.length < 200_000 ? known.log.length : 0 };
    const told = await (parts.slot
      ? get('/slots/{slot}', { path: { slot: parts.slot }, query }, signal)
      : get('/executions/{execution}', { path: { execution: parts.execution ?? '' }, query }, signal));
    const of = parts.execution ?? told.value.slot.execution;
    if (query.log_from && of !== known.of) return ask(signal, { of, log: null });
    own.said = { of, log: goesOn(known.log, told.value.log) };
    return told;
  }
  const view = useLoaded((signal) => ask(signal), [parts.slot, parts.execution]);
  const first = view.value?.slot;
  const id = first?.id ?? '', job = first?.job ?? '';
  const running = useLive('running'), newest = useLive('slots');
  const heard = running?.items.find((one) => one.id === id) ?? newest?.items.find((one) => one.id === id);
  // Of the same attempt what is heard is newer than what was asked for.
  const slot = first && heard && heard.execution === first.execution && first.state !== 'ended' ? heard : first;
  const zone = useLoaded(async (signal) => (job ? get('/jobs/{job}', { path: { job } }, signal) : none), [job]).value?.schedule.zone;
  const usual = useLoaded(async (signal) => (job ? get('/jobs/{job}/statistics', { path: { job } }, signal) : none), [job]).value?.duration_ms;
  const p50 = usual?.count ? usual.p50 : null;

  // Asked anew as its state changes, and every other second while it is worked or waits.
  const line = heard ? [heard.state, heard.ended, heard.attempt, heard.execution].join() : '';
  useEffect(() => { if (line && view.value) void view.again(); }, [line]);
  useEffect(() => {
    if (!view.value || view.value.slot.state === 'ended' || view.loading) return;
    const timer = setInterval(() => { if (!document.hidden) void view.again(); }, 2000);
    return () => clearInterval(timer);
  }, [view.value, view.loading]);

  const kind = parts.slot ? 'Slot' : 'Execution';
  useTitle(job || kind);
  return (
    <>
      <p class="small">{job ? <a href={link('/jobs/:job', { job })}>{job}</a> : '\u00a0'}</p>
      {!slot ? <h1 tabindex={-1}>{kind}</h1> : null}
      <Await of={view} rows={6} what="It could not be loaded">
        {(told) => (slot ? (
          <>
            <div class="Execution top">
              <h1 tabindex={-1}>{job}, <Time at={slot.scheduled_for} zone={zone} date seconds={slot.trigger === 'manual'} /></h1>
              <Outcome standing={standingOf(slot)} />
            </div>
            <Neighbours slot={slot} zone={zone} />
            <Trouble slot={slot} attempts={told.attempts} />
            {slot.state === 'running' ? <SlotProgress slot={slot} p50={p50} /> : null}
            <SlotActions slot={slot} again={() => void view.again()} />
            <SlotFacts slot={slot} told={told} zone={zone} p50={p50} />
            <Attempts view={{ ...told, slot }} zone={zone} />
            {told.failures.length || told.attempts.some((one) => one.set_aside) ? (
              <SetAside failures={told.failures} total={told.attempts.reduce((sum, one) => sum + one.set_aside, 0)} name={slot.id} />
            ) : null}
            <Log log={own.said.log} runs={slot.state === 'running' && own.said.of === slot.execution} name={`${job}-${slot.id}`} />
            {slot.execution ? <ProfileOf execution={slot.execution} job={job} profiled={told.profiled} over={told.attempts.length || Number(slot.state === 'ended')} /> : null}
          </>
        ) : null)}
      </Await>
    </>
  );
}
