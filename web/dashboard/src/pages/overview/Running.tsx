import { clock } from '../../lib/clock';
import Progress from '../../lib/charts/Progress';
import { millis, span } from '../../lib/time';
import type { RunningNow } from '../../made/api';
import Time from '../../lib/ui/Time';
import { eta, type Coming } from './overview';
import './Running.css';

export default function Running({ running, next }: { running: RunningNow; next: Coming | undefined }) {
  return (
    <section class="Running" aria-labelledby="running">
      <header>
        <h2 id="running">Running now</h2>
        <span class="dim small">
          {running.items.length || 'nothing'}
          {running.more ? ' and more' : ''}
        </span>
      </header>
      {running.items.length ? (
        <ul class="running">
          {running.items.map((slot) => (
            <li key={slot.id}>
              <a class="job" href={`/executions/${encodeURIComponent(slot.execution)}`}>{slot.job}</a>
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
      ) : (
        <p class="none dim">
          Nothing runs.
          {next ? (
            <>
              Next is <a href={`/jobs/${encodeURIComponent(next.job.job)}`}>{next.job.job}</a>, <Time at={next.at} zone={next.job.schedule.zone} as="both" />.
            </>
          ) : null}
        </p>
      )}
    </section>
  );
}
