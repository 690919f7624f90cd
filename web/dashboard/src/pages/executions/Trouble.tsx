import type { Attempt, Slot } from '../../made/api';
import { useLive } from '../../lib/live';
import { lookOf, standingOf } from '../../lib/outcomes';
import { link } from '../../lib/route';
import Icon from '../../lib/ui/Icon';
import { advice } from './execution';
import Said from '../../lib/ui/Said';
import './Trouble.css';

// What went wrong, why, and what to do about it.
export default function Trouble({ slot, attempts }: { slot: Slot; attempts: Attempt[] }) {
  const firing = (useLive('alerts')?.items ?? []).filter((one) => one.labels.job === slot.job && one.state === 'firing');
  const todo = advice(slot);
  const look = lookOf(standingOf(slot));
  const cause = slot.reason || attempts.findLast((one) => one.error)?.error || '';
  if (!todo && !cause) return null;
  return (
    <section class={`Trouble is-${todo ? look.tone : 'quiet'}`} aria-label="What is the matter">
      {cause ? <p class="cause"><span class={`tone-${look.tone}`}><Icon name={look.shape} size={18} /></span> <strong><Said text={cause} /></strong></p> : null}
      {todo ? <p>{todo.text} <a href={`/api/v1/runbook/${todo.rule}`} target="_blank">Runbook: {todo.rule.replaceAll('_', ' ')}</a></p> : null}
      {firing.map((one) => (
        <p key={one.id} class="small">
          <Icon name="alerts" /> Fires: <a href={link('/alerts', {}, { id: one.id })}>{one.annotations.summary ?? one.rule}</a>{' '}
          (<a href={`/api/v1/runbook/${one.rule}`} target="_blank">what to do</a>)
        </p>
      ))}
    </section>
  );
}
