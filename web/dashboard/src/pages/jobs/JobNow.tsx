import type { JobDetails } from '../../made/api';
import Durations from './Durations';
import Heat from './Heat';
import Runs from './Runs';
import './JobNow.css';

// How it fares: what comes, what became of a year, how long it takes.
export default function JobNow({ job }: { job: JobDetails }) {
  return (
    <>
      <div class="JobNow now">
        <section class="next" aria-labelledby="next">
          <header>
            <h2 id="next">Next</h2>
            <span class="small dim">{job.schedule.zone}</span>
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
