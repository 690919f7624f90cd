import { useEffect, useMemo } from 'preact/hooks';
import { get } from '../../lib/api';
import { useLive } from '../../lib/live';
import { standingOf } from '../../lib/outcomes';
import { usePaged } from '../../lib/paged';
import { Selection } from '../../lib/selection';
import { millis, span } from '../../lib/time';
import type { Slot } from '../../made/api';
import DataList from '../../lib/ui/DataList';
import Empty from '../../lib/ui/Empty';
import Outcome from '../../lib/ui/Outcome';
import Time from '../../lib/ui/Time';
import { asked, fits, leadsTo, type Filter } from './filter';
import SlotsPicked from './SlotsPicked';
import './Slots.css';

const keyOf = (slot: Slot) => slot.id;

// Slots, the newest first. New ones that belong here wait until somebody takes them. Made anew for another filter.
export default function Slots({ filter }: { filter: Filter }) {
  const query = useMemo(() => asked(filter, Date.now()), []);
  const slots = usePaged<Slot>((cursor, signal) => get('/slots', { query: { ...query, cursor, limit: 200 } }, signal), keyOf, []);
  const picks = useMemo(() => new Selection(keyOf), []);
  const newest = useLive('slots');
  useEffect(() => { if (newest) slots.hear(newest.items, (slot) => fits(filter, slot, Date.now())); }, [newest]);
  const late = (slot: Slot) =>
    slot.started_at && slot.trigger !== 'backfill' && slot.trigger !== 'early' ? span(Math.max(0, millis(slot.started_at) - millis(slot.scheduled_for))) : '';
  const took = (slot: Slot) => (slot.started_at && slot.ended_at ? span(millis(slot.ended_at) - millis(slot.started_at)) : '');
  return (
    <>
      <DataList
        list={slots}
        keyOf={keyOf}
        label="Slots"
        picks={picks}
        narrow={88}
        columns={[
          { name: 'Job', width: 'minmax(0, 2fr)' },
          { name: 'Due', width: 'minmax(0, 2fr)' },
          { name: 'Outcome', width: 'minmax(0, 1.6fr)' },
          { name: 'Late', width: '5rem', end: true },
          { name: 'Took', width: '5.5rem', end: true },
          { name: 'Node', width: 'minmax(0, 1fr)' },
          { name: 'Reason', width: 'minmax(0, 2.4fr)' },
        ]}
        row={(slot) => (
          <>
            <div class="Slots job" role="cell"><a href={leadsTo(slot.id, slot.execution)}>{slot.job}</a></div>
            <div class="Slots due" role="cell"><Time at={slot.scheduled_for} seconds /></div>
            <div class="Slots outcome" role="cell"><Outcome standing={standingOf(slot)} /></div>
            <div class="Slots end late dim" role="cell">{late(slot)}</div>
            <div class="Slots end took" role="cell">{took(slot)}</div>
            <div class="Slots node dim" role="cell">{slot.node}</div>
            <div class="Slots reason dim" role="cell" title={slot.reason}>{slot.reason || (slot.requested_by && `asked for by ${slot.requested_by}`)}</div>
          </>
        )}
        empty={<Empty title="No slot is like that">Take a word away, or look further back.</Empty>}
      />
      <SlotsPicked picks={picks} filter={filter} again={() => slots.restart()} />
    </>
  );
}
