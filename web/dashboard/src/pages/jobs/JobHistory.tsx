import { useEffect } from 'preact/hooks';
import type { End, Slot, State, Trigger } from '../../made/api';
import { get } from '../../lib/api';
import { exported } from '../../lib/download';
import { useLive } from '../../lib/live';
import { lookOf, standingOf } from '../../lib/outcomes';
import { useOwn } from '../../lib/own';
import { usePaged } from '../../lib/paged';
import { link } from '../../lib/route';
import { place } from '../../lib/router';
import { millis, span } from '../../lib/time';
import DataList from '../../lib/ui/DataList';
import Empty from '../../lib/ui/Empty';
import Export from '../../lib/ui/Export';
import Instant from '../../lib/ui/Instant';
import Outcome from '../../lib/ui/Outcome';
import Time from '../../lib/ui/Time';
import { ends, states as all, triggers } from '../history/filter';
import './JobHistory.css';

const states = all.slice(0, -1); // how it ended says more

const columns = [
  { name: 'Due', width: '14rem' },
  { name: 'Outcome', width: 'minmax(14rem, 2.4fr)' },
  { name: 'By', width: 'minmax(6rem, 0.9fr)' },
  { name: 'Late', width: '5.5rem', end: true },
  { name: 'Took', width: '5.5rem', end: true },
  { name: 'Node', width: '5rem' },
];

function Row({ slot, zone }: { slot: Slot; zone: string }) {
  const href = link(slot.execution ? '/executions/:id' : '/slots/:id', { id: slot.execution || slot.id });
  return (
    <>
      <div class="JobHistory" role="cell">
        <a class="due" href={href}><Time at={slot.scheduled_for} zone={zone} date seconds={slot.trigger === 'manual'} /></a>
      </div>
      <div class="JobHistory outcome" role="cell">
        <Outcome standing={standingOf(slot)} />
        {slot.reason ? <span class="small dim" title={slot.reason}>{slot.reason}</span> : null}
      </div>
      <div class="JobHistory small by" role="cell">
        {slot.requested_by || slot.trigger.replace('_', ' ')}
        {slot.attempt > 1 ? `, attempt ${slot.attempt}` : ''}
      </div>
      <div class="JobHistory end small late" role="cell">
        {slot.started_at ? <><span class="word">late&nbsp;</span>{span(Math.max(0, millis(slot.started_at) - millis(slot.scheduled_for)))}</> : null}
      </div>
      <div class="JobHistory end small took" role="cell">
        {slot.started_at && slot.ended_at ? <><span class="word">took&nbsp;</span>{span(millis(slot.ended_at) - millis(slot.started_at))}</> : null}
      </div>
      <div class="JobHistory small dim node" role="cell">
        {slot.node ? <><span class="word">node&nbsp;</span>{slot.node}</> : null}
      </div>
    </>
  );
}

// Its slots, the newest first; what narrows them stands in the address.
export default function JobHistory({ job, zone }: { job: string; zone: string }) {
  const standing = place.word('standing');
  const trigger = place.word('trigger') as Trigger | '';
  const by = place.word('by');
  const since = place.word('since');
  const until = place.word('until');
  const narrowed = Boolean(standing || trigger || by || since || until);
  const query = {
    job,
    ...(ends.includes(standing as End) ? { end: standing as End } : states.includes(standing as State) ? { state: standing as State } : {}),
    ...(trigger ? { trigger } : {}),
    ...(by ? { requested_by: by } : {}),
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
  };
  const slots = usePaged<Slot>(
    (cursor, signal) => get('/slots', { query: { ...query, ...(cursor ? { cursor } : {}), limit: 100 } }, signal),
    (slot) => slot.id,
    [job, standing, trigger, by, since, until],
  );
  const newest = useLive('slots');
  const fits = (slot: Slot) => slot.job === job && (!standing || standingOf(slot) === standing) && (!trigger || slot.trigger === trigger)
    && (!by || slot.requested_by === by) && (!since || slot.scheduled_for >= since) && (!until || slot.scheduled_for < until);
  useEffect(() => { if (newest) slots.hear(newest.items, fits); }, [newest]);
  // What is typed stands in the address once it is done.
  const own = useOwn(() => ({ by: '' }));
  useEffect(() => { own.by = by; }, [by]);

  const whole = link('/jobs/:job', { job }, { tab: 'history' });
  return (
    <>
      <form class="JobHistory filters" aria-label="Narrow the history" onSubmit={(event) => event.preventDefault()}>
        <div>
          <label for="standing">How it stands</label>
          <select id="standing" value={standing} onChange={(event) => place.filter({ standing: event.currentTarget.value })}>
            <option value="">any</option>
            {[...ends, ...states].map((one) => (<option key={one} value={one}>{lookOf(one).word}</option>))}
          </select>
        </div>
        <div>
          <label for="trigger">By what</label>
          <select id="trigger" value={trigger} onChange={(event) => place.filter({ trigger: event.currentTarget.value })}>
            <option value="">any</option>
            {triggers.map((one) => (<option key={one} value={one}>{one.replace('_', ' ')}</option>))}
          </select>
        </div>
        <div>
          <label for="by">Asked for by</label>
          <input
            id="by"
            value={own.by}
            onInput={(event) => { own.by = event.currentTarget.value; }}
            onChange={(event) => place.filter({ by: event.currentTarget.value.trim() })}
            autocomplete="off"
          />
        </div>
        <Instant label="Since" zone={zone} value={since} onvalue={(value) => place.filter({ since: value ?? null })} />
        <Instant label="Until" zone={zone} value={until} onvalue={(value) => place.filter({ until: value ?? null })} />
      </form>
      <div class="JobHistory more">
        <Export files={exported(job, () => query)} />
        {narrowed ? <a class="small" href={whole}>Show all</a> : null}
      </div>
      <DataList
        list={slots}
        keyOf={(slot) => slot.id}
        label={`Slots of ${job}`}
        height={48}
        narrow={96}
        columns={columns}
        row={(slot) => <Row slot={slot} zone={zone} />}
        empty={
          narrowed ? <Empty title="No slot is like that"><a href={whole}>Show all of them</a>.</Empty>
            : <Empty title="It was never due yet">The first of its slots will stand here.</Empty>
        }
      />
    </>
  );
}
