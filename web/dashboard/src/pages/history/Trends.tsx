import { useMemo } from 'preact/hooks';
import { get } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { place } from '../../lib/router';
import Await from '../../lib/ui/Await';
import AllJobs from './AllJobs';
import JobTrends from './JobTrends';
import './Trends.css';

// How long a job takes and how late it begins, by days; and all jobs beside each other.
export default function Trends() {
  const ranges: Record<string, number> = { '7': 7, '30': 30, '90': 90 };
  const days = ranges[place.word('days')] ?? 30;
  const by = place.word('by') === 'week' ? ('week' as const) : ('day' as const);
  const job = place.word('job');
  const jobs = useLoaded((signal) => get('/jobs', {}, signal), []);
  const since = useMemo(() => new Date(Math.floor(Date.now() / 60_000) * 60_000 - days * 86_400_000).toISOString(), [days]);
  return (
    <>
      <p class="Trends up small"><a href="/history">History</a></p>
      <h1 tabindex={-1}>Trends{job ? ` of ${job}` : ''}</h1>
      <div class="Trends bar">
        <label class="unseen" for="trends-job">Job</label>
        <select id="trends-job" value={job} onChange={(event) => place.filter({ job: event.currentTarget.value }, { push: true })}>
          <option value="">All jobs</option>
          {(jobs.value?.items ?? []).map((one) => <option key={one.job} value={one.job}>{one.job}</option>)}
          {job && !jobs.value?.items.some((one) => one.job === job) ? <option value={job}>{job}</option> : null}
        </select>
        <div class="group" role="group" aria-label="How far back">
          {Object.keys(ranges).map((one) => (
            <button key={one} class="plain" type="button" aria-pressed={days === ranges[one]} onClick={() => place.filter({ days: one === '30' ? null : one })}>
              {one} days
            </button>
          ))}
        </div>
        {job ? (
          <div class="group" role="group" aria-label="Counted by">
            {['day', 'week'].map((one) => (
              <button key={one} class="plain" type="button" aria-pressed={by === one} onClick={() => place.filter({ by: one === 'day' ? null : one })}>
                by {one}
              </button>
            ))}
          </div>
        ) : null}
      </div>
      {job ? <JobTrends key={`${job} ${days} ${by}`} job={job} since={since} by={by} /> : (
        <Await of={jobs} rows={8} what="The jobs could not be loaded">
          {(told) => <AllJobs key={days} jobs={told.items.map((one) => one.job)} since={since} />}
        </Await>
      )}
    </>
  );
}
