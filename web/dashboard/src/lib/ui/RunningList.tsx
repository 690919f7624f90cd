import type { RunningSlot } from '../../made/api';
import Progress from '../charts/Progress';
import { clock } from '../clock';
import { link } from '../route';
import { eta } from '../running';
import { millis, span } from '../time';
import './RunningList.css';

// What runs: how far it is, since when and until when, and where.
export default function RunningList({ slots }: { slots: RunningSlot[] }) {
  return (
    <ul class="RunningList">
      {slots.map((slot) => (
        <li key={slot.id}>
          <a class="job" href={link('/executions/:id', { id: slot.execution })}>{slot.job}</a>
          <span class="bar"><Progress done={slot.progress.done} total={slot.progress.total} label={`How far ${slot.job} is`} /></span>
          <span class="far small dim">
            {slot.progress.total > 0
              ? `${slot.progress.done.toLocaleString('en')} of ${slot.progress.total.toLocaleString('en')}`
              : slot.progress.done
                ? `${slot.progress.done.toLocaleString('en')} done`
                : ''}
          </span>
          <span class="for small">
            {slot.started_at ? `for ${span(Math.max(0, Math.floor((clock.now - millis(slot.started_at)) / 1000) * 1000))}` : ''}
          </span>
          <span class="eta small dim">
            {eta(slot, clock.now)}
            {slot.node ? `, on node ${slot.node}` : ''}
          </span>
        </li>
      ))}
    </ul>
  );
}
