import type { RunningNow } from '../../made/api';
import RunningList from '../../lib/ui/RunningList';
import Time from '../../lib/ui/Time';
import type { Coming } from './overview';
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
        <RunningList slots={running.items} />
      ) : (
        <p class="none dim">
          Nothing runs.{' '}
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
