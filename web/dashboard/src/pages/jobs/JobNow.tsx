import type { JobDetails } from '../../made/api';
import { useLive } from '../../lib/live';
import { link } from '../../lib/route';
import RunningList from '../../lib/ui/RunningList';
import Durations from './Durations';
import Heat from './Heat';
import Runs from './Runs';
import './JobNow.css';

// What of it runs. There is room for one always, so that nothing moves as it begins and ends.
function NowRunning({ job }: { job: JobDetails }) {
  const slots = useLive('overview')?.running.items.filter((one) => one.job === job.job) ?? [];
  const more = job.running > slots.length;
  return (
    <section class="JobNow running" aria-labelledby="running">
      <h2 id="running">Running now</h2>
      {slots.length ? <RunningList slots={slots} /> : null}
      {more ? <p><a href={link('/history', {}, { job: job.job, state: 'running' })}>{job.running} run</a></p>
        : slots.length ? null : <p class="dim">Nothing of it runs.</p>}
    </section>
  );
}

// How it fares: what runs, what comes, what became of a year, how long it takes.
export default function JobNow({ job }: { job: JobDetails }) {
  return (
    <>
      <NowRunning job={job} />
      <div class="JobNow now">
        <section class="next" aria-labelledby="next">
          <header>
            <h2 id="next">Next</h2>
            <span class="small dim">its schedule’s clock: {job.schedule.zone}</span>
          </header>
          {!job.enabled ? <p class="dim">Nothing while it is switched off. Its schedule says:</p>
            : job.paused ? <p class="dim">Refused while it is paused:</p> : null}
          <Runs runs={job.next_runs} zone={job.schedule.zone} />
        </section>
        <Durations job={job} />
      </div>
      <Heat job={job.job} last={job.last?.id ?? ''} />
    </>
  );
}
