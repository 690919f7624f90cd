import { type ComponentChildren } from 'preact';
import type { Execution, Slot } from '../../made/api';
import { clock } from '../../lib/clock';
import { link } from '../../lib/route';
import { millis, span } from '../../lib/time';
import Time from '../../lib/ui/Time';
import { pace, triggeredBy } from './execution';
import './SlotFacts.css';

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Began({ slot, told, zone }: { slot: Slot; told: Execution; zone: string | undefined }) {
  const { started_at: at, available_at: available } = slot;
  if (at) {
    const late = millis(at) - millis(slot.scheduled_for);
    return <><Time at={at} zone={zone} seconds />, {span(Math.abs(late))} {late < 0 ? 'early' : 'late'}</>;
  }
  if (available && (slot.state === 'due' || slot.state === 'waiting')) {
    return <span class="dim">may be claimed from <Time at={available} zone={zone} seconds /></span>;
  }
  return told.attempts.length ? <Time at={told.attempts.at(-1)?.started_at} zone={zone} seconds /> : <span class="dim">not</span>;
}

// When, how long, by whom, where and how much. `p50`: what half of its job's attempts take at most.
export default function SlotFacts({ slot, told, zone, p50 }: { slot: Slot; told: Execution; zone: string | undefined; p50: number | null }) {
  const { rate, took } = pace(slot, p50, slot.ended_at ? 0 : clock.now);
  const { done } = slot.progress;
  return (
    <dl class="SlotFacts">
      <Fact name="Due"><Time at={slot.scheduled_for} zone={zone} as="both" seconds /></Fact>
      <Fact name="Began"><Began slot={slot} told={told} zone={zone} /></Fact>
      <Fact name="Ended">
        {slot.ended_at ? <Time at={slot.ended_at} zone={zone} seconds /> : <span class="dim">{slot.state === 'ended' ? 'was not begun' : 'not yet'}</span>}
      </Fact>
      <Fact name="Took">
        {slot.started_at ? span(slot.ended_at ? took : Math.floor(took / 1000) * 1000) : <span class="dim">—</span>}
        {slot.started_at && p50 !== null ? <span class="dim">, usually {span(p50)}</span> : null}
      </Fact>
      <Fact name="By">{triggeredBy(slot)}</Fact>
      <Fact name="Where">{slot.node ? `node ${slot.node}, ` : ''}queue {slot.queue || 'default'}, priority {slot.priority}</Fact>
      <Fact name="Done">
        {done ? done.toLocaleString('en') : <span class="dim">not counted</span>}
        {done && rate !== null && slot.state !== 'running' ? <span class="dim">, {Math.round(rate).toLocaleString('en')} a second</span> : null}
      </Fact>
      <Fact name="Events">{told.events ? `${told.events.toLocaleString('en')} not yet sent` : 'none that wait to be sent'}</Fact>
      <div class="ids">
        <dt>Known as</dt>
        <dd class="small">
          <a href={link('/slots/:slot', { slot: slot.id })}>slot {slot.id}</a>
          {slot.execution ? <>, execution <code>{slot.execution}</code></> : null}
          {slot.key ? <>, key <code>{slot.key}</code></> : null}
        </dd>
      </div>
    </dl>
  );
}
